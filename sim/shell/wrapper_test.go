package shell_test

import (
	"strconv"
	"strings"
	"testing"

	"vmqbot/sim/kernel"
)

// wrapped is a command under the watchdog, as executor/wire writes it.
func wrapped(t *testing.T, form, command string, size int) kernel.Spec {
	t.Helper()
	script := strings.NewReplacer("COMMAND", command, "SIZE", strconv.Itoa(size), "SIGNAL", "kill -TERM -$p", "FINISH", "kill -KILL -$p").Replace(source(t, "executor/wire/watchdog.go")(form))
	return kernel.Spec{Argv: []string{"sh", "-c", script}}
}

func TestWatchdogPassesTheExitStatusOn(t *testing.T) {
	for command, want := range map[string]int{"sh -c 'exit 7'": 7, "true": 0, "nosuchprogram": 127, `sh -c 'kill -KILL $$'`: 137} {
		b := newBox(t)
		r := b.start(wrapped(t, "alone", command, 0))
		if got := ends(t, r.Process); got != want {
			t.Errorf("%s: exit %d, want %d; stderr %q", command, got, want, r.err.String())
		}
		_ = r.in.Close()
		b.empty()
	}
}

func TestWatchdogKillsTheGroupWhenStdinEnds(t *testing.T) {
	b := newBox(t)
	r := b.start(wrapped(t, "alone", "sh -c 'sleep 1000 & echo child; sleep 1001; echo never'", 0))
	r.out.until(t, "child")
	b.find("sleep 1001")
	_ = r.in.Close()
	if got := ends(t, r.Process); got != 143 {
		t.Errorf("exit %d; stderr %q", got, r.err.String())
	}
	b.empty()
	if got := r.out.String(); got != "child\n" {
		t.Errorf("stdout %q", got)
	}
}

func TestWatchdogKillsWhatIgnoresTerm(t *testing.T) {
	b := newBox(t)
	r := b.start(wrapped(t, "alone", "sh -c 'trap \"\" TERM; echo ready; while :; do sleep 1000; done'", 0))
	r.out.until(t, "ready")
	b.find("sleep 1000")
	_ = r.in.Close()
	pause := b.find("sleep 5") // the grace time
	pause.Signal(kernel.KILL)
	if got := ends(t, r.Process); got != 137 {
		t.Errorf("exit %d", got)
	}
	b.empty()
}

func TestFedCommandGetsItsInput(t *testing.T) {
	b := newBox(t)
	const input = "a password\nand more"
	r := b.start(wrapped(t, "fed", "sh -c 'cat; exit 4'", len(input)))
	if _, err := r.Use(r.in).Write([]byte(input)); err != nil {
		t.Fatal(err)
	}
	if got := ends(t, r.Process); got != 4 || r.out.String() != input {
		t.Errorf("exit %d, stdout %q, stderr %q", got, r.out.String(), r.err.String())
	}
	_ = r.in.Close()
	b.empty()
	if left, _, _ := b.sh("", "ls -A /tmp"); left != "" {
		t.Errorf("left behind: %s", left)
	}
}

func TestFedCommandIsKilledWhenStdinEnds(t *testing.T) {
	b := newBox(t)
	r := b.start(wrapped(t, "fed", "sh -c 'read x; echo $x; sleep 1000'", 3))
	if _, err := r.Use(r.in).Write([]byte("in\n")); err != nil {
		t.Fatal(err)
	}
	b.find("sleep 1000")
	_ = r.in.Close()
	if got := ends(t, r.Process); got != 143 || r.out.String() != "in\n" {
		t.Errorf("exit %d, stdout %q", got, r.out.String())
	}
	b.empty()
}

func TestSpareBecomesItsScript(t *testing.T) {
	b := newBox(t)
	r := b.start(kernel.Spec{Argv: []string{"sh", "-c", source(t, "executor/wire/spare.go")("waiting")}})
	r.out.until(t, "vmqbot ready\n")
	text := "END\nx='a  b'\nread -r line; echo \"$x $line\"; exit 3\nEND\nthe input\n"
	if _, err := r.Use(r.in).Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if got := ends(t, r.Process); got != 3 || r.out.String() != "vmqbot ready\nEND\na  b the input\n" {
		t.Errorf("exit %d, stdout %q, stderr %q", got, r.out.String(), r.err.String())
	}
}

func TestSpareThatIsCutRunsNothing(t *testing.T) {
	b := newBox(t)
	r := b.start(kernel.Spec{Argv: []string{"sh", "-c", source(t, "executor/wire/spare.go")("waiting")}})
	if _, err := r.Use(r.in).Write([]byte("END\necho never\nEN")); err != nil {
		t.Fatal(err)
	}
	_ = r.in.Close()
	if got := ends(t, r.Process); got != 1 || r.out.String() != "vmqbot ready\n" {
		t.Errorf("exit %d, stdout %q", got, r.out.String())
	}
}

func TestSpareUnderTheWatchdog(t *testing.T) {
	b := newBox(t)
	r := b.start(kernel.Spec{Argv: []string{"sh", "-c", source(t, "executor/wire/spare.go")("waiting")}})
	script := wrapped(t, "alone", "sh -c 'echo deep; sleep 1000'", 0).Argv[2]
	if _, err := r.Use(r.in).Write([]byte("END\n" + script + "\nEND\n")); err != nil {
		t.Fatal(err)
	}
	r.out.until(t, "deep")
	b.find("sleep 1000")
	_ = r.in.Close()
	if got := ends(t, r.Process); got != 143 {
		t.Errorf("exit %d, stderr %q", got, r.err.String())
	}
	b.empty()
}
