package wire_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"vmqbot/executor/wire"
)

// shells are what a host's login shell may be; the busybox of small hosts too.
var shells = [][]string{{"dash"}, {"bash"}, {"busybox", "ash"}}

// fed runs the script of a spare in a shell and gives it some input.
func fed(t *testing.T, shell []string, input string) string {
	t.Helper()
	if _, err := exec.LookPath(shell[0]); err != nil {
		t.Fatalf("this test needs %s: %v", shell[0], err)
	}
	cmd := exec.CommandContext(within(t, patience), shell[0], append(shell[1:], "-c", wire.Waiting)...)
	cmd.Env = append(cmd.Environ(), "LC_ALL=C.UTF-8", "IFS=x") // what could disturb reading
	cmd.Stdin = strings.NewReader(input)
	out, _ := cmd.Output() // the exit status says nothing
	said, found := strings.CutPrefix(string(out), "vmqbot ready\n")
	if !found {
		t.Fatalf("%s was not ready: %q", shell, out)
	}
	return said
}

func TestASpareTakesEveryTextAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	texts := append([]string{"END", "\nEND\n", "\nEND", "END\n", "\n\n\n", "\xe4\n\xe4", "\xf0\x9f\n", " \n\t\nx\nx ", "\\\n", "a\\\nb"}, nasty...)
	for _, shell := range shells {
		var script, want strings.Builder
		for _, text := range texts {
			if len(text) < 1000 {
				script.WriteString("printf '[%s]' '" + strings.ReplaceAll(text, "'", `'\''`) + "'\n")
				want.WriteString("[" + text + "]")
			}
		}
		const rest = "  the rest\\ \n\nis the command's\n"
		got := fed(t, shell, "THEEND\n"+script.String()+"cat\nTHEEND\n"+rest)
		if got != "THEEND\n"+want.String()+rest {
			t.Errorf("%s: got\n%q\nwant\n%q", shell, got, want.String()+rest)
		}
	}
}

func TestASpareRunsNothingOfAScriptThatIsCut(t *testing.T) {
	t.Parallel()
	const whole = "THEEND\necho ran\n: 'a\nTHEEND '\necho ran\nTHEEND\n"
	for _, shell := range shells {
		for n := range len(whole) {
			if got := fed(t, shell, whole[:n]); got != "" {
				t.Fatalf("%s ran something after %q: %q", shell, whole[:n], got)
			}
		}
		if got := fed(t, shell, whole); got != "THEEND\nran\nran\n" {
			t.Errorf("%s: the whole script said %q", shell, got)
		}
	}
}

func TestASpareRunsNothingWhenItCannotSaySo(t *testing.T) {
	t.Parallel()
	for _, shell := range shells {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(within(t, patience), shell[0], append(shell[1:], "-c", wire.Waiting)...)
		cmd.Stdin, cmd.Stdout = strings.NewReader("THEEND\necho ran >&2\nTHEEND\n"), full
		var said strings.Builder
		cmd.Stderr = &said
		if err := cmd.Run(); err == nil || strings.Contains(said.String(), "ran\n") {
			t.Errorf("%s: error %v, it said %q", shell, err, said.String())
		}
		_ = full.Close()
	}
}
