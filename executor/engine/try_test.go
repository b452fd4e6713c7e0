package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vmqbot/answer"
	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/facts"
	"vmqbot/ops"
)

// trial is a throwaway container that prints.
func trial(words ...string) ops.ContainerSpec {
	return ops.ContainerSpec{Name: "vmqbot-try-cn-1", Image: enginetest.Image, Network: "none", Entrypoint: []string{"/bin/guest"}, Cmd: words}
}

func gone(t *testing.T, e *engine.Engine, name string) {
	t.Helper()
	if c, err := e.Container(t.Context(), name); err == nil {
		t.Errorf("it stays: %+v", c)
	}
}

func TestATryTellsWhatItPrintedAndHowItEnded(t *testing.T) {
	e := open(t, &enginetest.Host{})
	for _, c := range []struct {
		words     []string
		exit      int
		out, errs string
	}{
		{[]string{"say", "config is OK\n", "", "0"}, 0, "config is OK\n", ""},
		{[]string{"say", "out\n", "[error] no such key", "3"}, 3, "out\n", "[error] no such key"},
		{[]string{"say", "", "", "255"}, 255, "", ""},
		{[]string{"cat", "/bin/vernemq.conf"}, 0, "nodename = x\n", ""},
	} {
		var heard []string
		a, err := e.Try(t.Context(), trial(c.words...), "/bin", []ops.File{file("vernemq.conf", "nodename = x\n", 0o644)}, func(s string) { heard = append(heard, s) })
		if err != nil || a.Exit != c.exit || a.Stdout != c.out || a.Stderr != c.errs || strings.Join(a.Argv[:5], " ") != "docker run --rm --name vmqbot-try-cn-1" {
			t.Errorf("%q: %+v %v", c.words, a, err)
		}
		for want := range strings.Lines(c.out + c.errs) {
			if !slices.Contains(heard, strings.TrimSuffix(want, "\n")) {
				t.Errorf("%q: heard %q", c.words, heard)
			}
		}
		gone(t, e, "vmqbot-try-cn-1")
	}
}

// TestATryOnAVolume is how the data of a failed copy is taken away.
func TestATryOnAVolume(t *testing.T) {
	e := open(t, &enginetest.Host{})
	s, folder := trial("cat", "/data/x"), t.TempDir()
	s.Mounts = []ops.Mount{{From: folder, To: "/data"}}
	do(t, "write", os.WriteFile(filepath.Join(folder, "x"), []byte("kept"), 0o600))
	if a, err := e.Try(t.Context(), s, "", nil, nil); err != nil || a.Stdout != "kept" {
		t.Errorf("%+v %v", a, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "x")); err != nil {
		t.Error(err)
	}
}

func TestALeftOverIsReplaced(t *testing.T) {
	e := open(t, &enginetest.Host{})
	left := trial("hang")
	left.Labels = map[string]string{engine.TryLabel: "1"}
	docker.Remove(t, left.Name)
	do(t, "create", e.Create(t.Context(), left))
	do(t, "start", e.Start(t.Context(), left.Name))
	if a, err := e.Try(t.Context(), trial("say", "ok", "", "0"), "", nil, nil); err != nil || a.Stdout != "ok" {
		t.Errorf("%+v %v", a, err)
	}
	gone(t, e, left.Name)
}

func TestSomebodyElsesContainerIsLeftAlone(t *testing.T) {
	e := open(t, &enginetest.Host{})
	theirs := made(t, "vmqbot-try-cn-1")
	do(t, "create", e.Create(t.Context(), theirs))
	do(t, "start", e.Start(t.Context(), theirs.Name))
	if _, err := e.Try(t.Context(), trial("say", "ok", "", "0"), "", nil, nil); err == nil || !strings.Contains(err.Error(), "was not made by a try") {
		t.Errorf("%v", err)
	}
	if c, err := e.Container(t.Context(), theirs.Name); err != nil || !c.Running {
		t.Errorf("%+v %v", c, err)
	}
}

func TestATryThatFailsLeavesNothing(t *testing.T) {
	e := open(t, &enginetest.Host{})
	nosuch, shell, hang := trial("say"), trial(), trial("hang")
	nosuch.Image, shell.Entrypoint = "nosuch:1", []string{"sh", "-c", "true"}
	late, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		what string
		ctx  context.Context
		spec ops.ContainerSpec
		dir  string
		want facts.Blind
		says string
	}{
		{"no image", t.Context(), nosuch, "/bin", facts.Absent, "the image nosuch:1 is not there"},
		{"no shell", t.Context(), shell, "/bin", facts.Failed, "no program sh"},
		{"no time", late, hang, "/bin", facts.TooLate, "in time"},
	} {
		_, err := e.Try(c.ctx, c.spec, c.dir, []ops.File{file("x", "", 0o644)}, nil)
		var own *engine.Error
		if !errors.As(err, &own) || own.Blind != c.want || !strings.Contains(own.Msg, c.says) {
			t.Errorf("%s: %v", c.what, err)
		}
		gone(t, e, "vmqbot-try-cn-1")
	}
}

// An image need not have the folder that a file is tried in.
func TestATryMakesTheFolder(t *testing.T) {
	e := open(t, &enginetest.Host{})
	a, err := e.Try(t.Context(), trial("say", "it ran", "", "0"), "/no/such", []ops.File{file("x", "", 0o644)}, nil)
	if err != nil || a.Exit != 0 || a.Stdout != "it ran" {
		t.Errorf("%+v %v", a, err)
	}
	gone(t, e, "vmqbot-try-cn-1")
}

// TestATryThatDoesNotEnd tells what it has printed until its time is over.
func TestATryThatDoesNotEnd(t *testing.T) {
	e := open(t, &enginetest.Host{})
	var a answer.Answer
	err := whileItRuns(t.Context(), func(ctx context.Context) (err error) {
		if a, err = e.Try(ctx, trial("deaf"), "", nil, nil); a.Stdout == "" {
			return errors.New("it had no time to print")
		}
		return err
	})
	var own *engine.Error
	if !errors.As(err, &own) || own.Blind != facts.TooLate || !own.Unknown || !strings.Contains(own.Msg, "did not end in time") || a.Stdout != "deaf\n" {
		t.Errorf("%+v %v", a, err)
	}
	gone(t, e, "vmqbot-try-cn-1")
}

// TestATryForAnotherProcessor is an answer: only the program's start fails.
func TestATryForAnotherProcessor(t *testing.T) {
	e := open(t, &enginetest.Host{})
	s := trial()
	s.Entrypoint = []string{"/bin/alien"}
	alien := "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 9) + "\x02\x00\xf3\xf3\x01" + strings.Repeat("\x00", 100)
	a, err := e.Try(t.Context(), s, "/bin", []ops.File{file("alien", alien, 0o755)}, nil)
	if err == nil && (a.Exit == 0 || !strings.Contains(a.Stderr, "exec format error")) || err != nil && !strings.Contains(err.Error(), "another processor") {
		t.Errorf("%+v %v", a, err)
	}
	gone(t, e, s.Name)
}
