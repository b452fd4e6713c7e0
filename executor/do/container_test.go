package do_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/secret"
)

func spec(name string, words ...string) ops.ContainerSpec {
	return ops.ContainerSpec{Name: name, Image: enginetest.Image, Network: "none", Entrypoint: []string{"/bin/guest"}, Cmd: words}
}

// TestADeploysActions are those of one node, in their order.
func TestADeploysActions(t *testing.T) {
	enginetest.Need(t)
	d, _ := doer(t)
	folder := filepath.Join(t.TempDir(), "conf")
	next := spec("vernemq-cn-1.next", "hang")
	next.Mounts = []ops.Mount{{From: folder, To: "/etc/vernemq"}}
	for _, name := range []string{"vernemq-cn-1", "vernemq-cn-1.next", "vernemq-cn-1.kept"} {
		docker.Remove(t, name)
	}
	for _, a := range []ops.Action{
		ops.CreateContainer{Spec: spec("vernemq-cn-1", "hang")},
		ops.StartContainer{Container: "vernemq-cn-1"},
		ops.SetRestart{Container: "vernemq-cn-1", Policy: "always"},
		ops.CreateContainer{Spec: next},
		ops.StopContainer{Container: "vernemq-cn-1", Grace: 20 * time.Second},
		ops.RenameContainer{From: "vernemq-cn-1", To: "vernemq-cn-1.kept"},
		ops.RenameContainer{From: "vernemq-cn-1.next", To: "vernemq-cn-1"},
		ops.PutFiles{Container: "vernemq-cn-1", Dir: "/etc/vernemq", Files: []ops.File{{Name: "vernemq.conf", Content: secret.New("a = b\n"), Mode: 0o640}}},
		ops.StartContainer{Container: "vernemq-cn-1"},
		ops.Exec{Container: "vernemq-cn-1", Argv: secret.Words("guest", "cat", "/etc/vernemq/vernemq.conf")},
		ops.RemoveContainer{Container: "vernemq-cn-1.next"},
	} {
		if _, err := d.Do(t.Context(), cn, a, nil); err != nil {
			t.Fatalf("%s: %v", a, err)
		}
	}
	out, err := docker.Command(t.Context(), "inspect", "-f", "{{.Name}} {{.State.Status}} {{.HostConfig.RestartPolicy.Name}}", "vernemq-cn-1", "vernemq-cn-1.kept")
	if err != nil || out != "/vernemq-cn-1 running no\n/vernemq-cn-1.kept exited always" {
		t.Errorf("%s %v", out, err)
	}
	st, err := os.Stat(filepath.Join(folder, "vernemq.conf"))
	if err != nil || st.Mode() != 0o640 {
		t.Errorf("%v %v", st, err)
	}
	_, err = d.Do(t.Context(), cn, ops.RemoveContainer{Container: "vernemq-cn-1"}, nil)
	if ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), "it runs") || !strings.Contains(err.Error(), "Type: diagnose cn-1") {
		t.Errorf("%v", err)
	}
}

func TestATrialIsJudgedByItsStatus(t *testing.T) {
	enginetest.Need(t)
	d, _ := doer(t)
	conf := []ops.File{{Name: "vernemq.conf", Content: secret.New("a = b\n"), Mode: 0o644}}
	for _, c := range []struct {
		words []string
		want  string // of the error
		out   string
	}{
		{[]string{"cat", "/bin/vernemq.conf"}, "", "a = b\n"},
		{[]string{"say", "config is OK\n", "", "0"}, "", "config is OK\n"},
		{[]string{"say", "04:36:19.894 [error] no setting allow_anonymos\n", "Error generating config\n", "1"}, "exit status 1: no setting allow_anonymos Type: conf show cn-1", ""},
	} {
		var heard []string
		out, err := d.Do(t.Context(), cn, ops.TryContainer{Spec: spec("vmqbot-try-cn-1", c.words...), Dir: "/bin", Files: conf}, func(s string) { heard = append(heard, s) })
		if c.want == "" && (err != nil || out != c.out || !slices.Contains(heard, strings.TrimSuffix(c.out, "\n"))) {
			t.Errorf("%q: %q, heard %q, %v", c.words, out, heard, err)
		}
		if c.want != "" && (ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: %v", c.words, err)
		}
	}
	nowhere := spec("vmqbot-try-cn-1", "hang")
	nowhere.Image = "nosuch:1"
	_, err := d.Do(t.Context(), cn, ops.TryContainer{Spec: nowhere, Dir: "/etc/vernemq", Files: conf}, nil)
	if ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), "the image nosuch:1 is not there") {
		t.Errorf("%v", err)
	}
}

// TestWhatIsNotKnownIsUnseen: an effect that may have happened is no failure.
func TestWhatIsNotKnownIsUnseen(t *testing.T) {
	d, h := doer(t)
	h.Refuse = &wire.Error{Blind: facts.Unreachable, Code: ops.Unseen, Tried: "connecting to ops@cn.example.net:22", Why: "no route"}
	late, cancel := context.WithCancel(t.Context())
	cancel()
	for _, a := range []ops.Action{
		ops.CreateContainer{Spec: spec("x")}, ops.StopContainer{Container: "x"}, ops.RenameContainer{From: "x", To: "y"}, ops.RemoveContainer{Container: "x"},
		ops.SetRestart{Container: "x", Policy: "no"}, ops.PutFiles{Container: "x", Dir: "/etc"}, ops.TryContainer{Spec: spec("x")},
	} {
		var own *ops.Error
		if _, err := d.Do(t.Context(), cn, a, nil); ops.CodeOf(err) != ops.Unseen || !errors.As(err, &own) {
			t.Errorf("no way there: %s: %v", a, err)
		}
		if _, err := d.Do(late, cn, a, nil); ops.CodeOf(err) != ops.Unseen {
			t.Errorf("no time: %s: %v", a, err)
		}
	}
}
