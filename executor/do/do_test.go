package do_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/do"
	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

var docker *enginetest.Docker

func TestMain(m *testing.M) { enginetest.Main(m, func(d *enginetest.Docker) { docker = d }) }

var cn = regions.Node{Name: "cn-1", Region: "cn", Host: "cn.example.net", Container: "vernemq-cn-1"}

// host writes files below a folder of the test's.
type host struct {
	*enginetest.Host
	root string
}

func (h host) WriteFile(_ context.Context, path string, content []byte, mode fs.FileMode) error {
	return os.WriteFile(filepath.Join(h.root, path), content, mode)
}

// doer acts on a host whose commands are scripts: name, body, name, body.
func doer(t *testing.T, scripts ...string) (*do.Doer, host) {
	t.Helper()
	h := host{&enginetest.Host{Docker: docker, Path: t.TempDir()}, t.TempDir()}
	for i := 0; i < len(scripts); i += 2 {
		if err := os.WriteFile(filepath.Join(h.Path, scripts[i]), []byte("#!/bin/sh\n"+scripts[i+1]+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	engines := engine.NewPool(func(regions.Node) engine.Host { return h.Host })
	t.Cleanup(engines.Close)
	return do.New(func(regions.Node) do.Host { return h }, engines), h
}

var attach = ops.Run{Argv: secret.Words("weave", "attach", "10.0.0.1/24", "vernemq-cn-1")}

func TestCommandsOnTheHost(t *testing.T) {
	for _, c := range []struct {
		what, weave string
		want        ops.Code // "" when it succeeds
		says        string
	}{
		{"attached", "echo 10.0.0.1", "", ""},
		{"attached, with a warning", "echo 'Address 10.0.0.1 overlaps with existing route 10.0.0.0/8 on host' >&2; echo 10.0.0.1", "", ""},
		{"another address", "echo 10.0.0.2", ops.Failed, "`weave attach 10.0.0.1/24 vernemq-cn-1` on cn.example.net"},
		{"nothing printed", "true", ops.Failed, "weave attach"},
		{"no weave", "echo 'weave container is not present. Have you launched it?' >&2; exit 1", ops.Failed, "weave"},
		{"no container", "echo 'Error: No such container: vernemq-cn-1' >&2; exit 1", ops.Failed, "vernemq-cn-1"},
	} {
		d, _ := doer(t, "weave", c.weave)
		var heard []string
		out, err := d.Do(t.Context(), cn, attach, func(s string) { heard = append(heard, s) })
		if c.want == "" {
			if err != nil || !strings.HasPrefix(out, "10.0.0.1\n") || !slices.Contains(heard, "10.0.0.1") {
				t.Errorf("%s: %q, heard %q, %v", c.what, out, heard, err)
			}
			continue
		}
		var own *ops.Error
		if !errors.As(err, &own) || own.Code != c.want || !strings.Contains(err.Error(), c.says) || own.Fix == "" {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

func TestSudoStandsBeforeCommandsOnTheHost(t *testing.T) {
	d, _ := doer(t, "sudo", `echo "sudo $*" >&2; shift; exec "$@"`, "weave", "echo 10.0.0.1")
	n := cn
	n.SSH.Sudo = true
	if out, err := d.Do(t.Context(), n, attach, nil); err != nil || out != "10.0.0.1\nsudo -n weave attach 10.0.0.1/24 vernemq-cn-1\n" {
		t.Errorf("%q %v", out, err)
	}
}

func TestOtherCommandsAreJudgedByTheirStatus(t *testing.T) {
	d, _ := doer(t, "odd", "echo first >&2; echo 'the last line counts' >&2; exit 3", "fine", "echo ok", "mute", "exit 9")
	for word, says := range map[string]string{"odd": "exit status 3: the last line counts", "mute": "exit status 9 and said nothing", "fine": ""} {
		_, err := d.Do(t.Context(), cn, ops.Run{Argv: secret.Words(word)}, nil)
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", word, err)
		}
	}
}

func TestFilesAreWritten(t *testing.T) {
	d, h := doer(t)
	if _, err := d.Do(t.Context(), cn, ops.WriteFile{Path: "vernemq.conf", Content: []byte("a = b\n"), Mode: 0o640}, nil); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(h.root, "vernemq.conf"))
	st, _ := os.Stat(filepath.Join(h.root, "vernemq.conf"))
	if err != nil || string(got) != "a = b\n" || st.Mode().Perm() != 0o640 {
		t.Errorf("%q %v %v", got, st.Mode(), err)
	}
	if _, err := d.Do(t.Context(), cn, ops.WriteFile{Path: "no/such/folder"}, nil); ops.CodeOf(err) != ops.Failed {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNotOursIsRefused(t *testing.T) {
	d, _ := doer(t)
	for _, a := range []ops.Action{ops.CancelOperation{ID: "4f2a91"}, ops.Run{}, ops.Exec{Container: "x"}} {
		if _, err := d.Do(t.Context(), cn, a, nil); ops.CodeOf(err) != ops.Invalid {
			t.Errorf("%v: %v", a, err)
		}
	}
	if out, err := d.Do(t.Context(), cn, ops.Wait{For: "the proof"}, nil); out != "" || err != nil {
		t.Errorf("%q %v", out, err)
	}
}

func TestAHostThatCannotBeReachedIsUnseen(t *testing.T) {
	d, h := doer(t)
	h.Refuse = &wire.Error{Blind: facts.Unreachable, Code: ops.Unseen, Tried: "connecting to ops@cn.example.net:22", Why: "no route"}
	for _, a := range []ops.Action{attach, ops.StartContainer{Container: "x"}, ops.Exec{Container: "x", Argv: secret.Words("true")}} {
		if _, err := d.Do(t.Context(), cn, a, nil); ops.CodeOf(err) != ops.Unseen || !strings.Contains(err.Error(), "no route") {
			t.Errorf("%v: %v", a, err)
		}
	}
}

func TestInTheContainer(t *testing.T) {
	enginetest.Need(t)
	rebind := append(secret.Words("vernemq", "escript", "/usr/lib/vernemq/bin/nodetool", "-name", "VerneMQ@10.0.0.1", "-setcookie"),
		secret.Hidden("monster"), secret.Plain("rpcterms"), secret.Plain("vmq_ranch_config"), secret.Plain("start_listener"), secret.Plain("vmq. {10,0,0,1}. 44053. []. "))
	for _, c := range []struct {
		what, env string
		do        ops.Exec
		want      ops.Code
		says      string
	}{
		{"bound again", "REBIND=ok", ops.Exec{Argv: rebind, Judge: ops.Rebound}, "", ""},
		{"bound already", "REBIND={error,{already_started,<9349.4865.0>}}", ops.Exec{Argv: rebind, Judge: ops.Rebound}, "", ""},
		{"address missing, exit 0", "REBIND={error,{{shutdown,{failed_to_start_child,ranch_acceptors_sup,{listen_error,{{10,0,0,1},44053},eaddrnotavail}}},x}}", ops.Exec{Argv: rebind, Judge: ops.Rebound}, ops.Failed, "attach the address first"},
		{"broken output, exit 0", "REBIND={error,{alr", ops.Exec{Argv: rebind, Judge: ops.Rebound}, ops.Failed, "rpcterms"},
		{"pong", "A=b", ops.Exec{Argv: secret.Words("vernemq", "ping"), Judge: ops.Ping}, "", ""},
		{"no pong", "DOWN=1", ops.Exec{Argv: secret.Words("vernemq", "ping"), Judge: ops.Ping}, ops.Failed, "does not answer at its own name"},
		{"status 0", "A=b", ops.Exec{Argv: secret.Words("guest", "say", "fine", "", "0")}, "", ""},
		{"status 4", "A=b", ops.Exec{Argv: secret.Words("guest", "say", "", "not fine", "4")}, ops.Failed, "exit status 4: not fine"},
		{"an unknown judge", "A=b", ops.Exec{Argv: secret.Words("guest", "say", "", "", "0"), Judge: "taste"}, ops.Invalid, "taste"},
	} {
		t.Run(c.what, func(t *testing.T) {
			d, _ := doer(t)
			c.do.Container = docker.Container(t, cn.Container, c.env)
			_, err := d.Do(t.Context(), cn, c.do, nil)
			if c.want == "" && err == nil {
				return
			}
			if c.want == "" || ops.CodeOf(err) != c.want || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "monster") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestACommandThatDoesNotEndIsUnseen(t *testing.T) {
	enginetest.Need(t)
	d, _ := doer(t)
	docker.Container(t, cn.Container)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := d.Do(ctx, cn, ops.Exec{Container: cn.Container, Argv: secret.Words("guest", "hang")}, nil)
	if ops.CodeOf(err) != ops.Unseen || !strings.Contains(err.Error(), "look before doing it again") {
		t.Errorf("%v", err)
	}
}

func TestAContainerIsStarted(t *testing.T) {
	enginetest.Need(t)
	d, _ := doer(t)
	docker.Container(t, cn.Container)
	if _, err := docker.Command(t.Context(), "kill", cn.Container); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Do(t.Context(), cn, ops.StartContainer{Container: cn.Container}, nil); err != nil {
		t.Fatal(err)
	}
	if out, err := docker.Command(t.Context(), "inspect", "-f", "{{.State.Running}}", cn.Container); err != nil || out != "true" {
		t.Errorf("%s %v", out, err)
	}
	if _, err := d.Do(t.Context(), cn, ops.StartContainer{Container: "nobody"}, nil); ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), "No such container") {
		t.Errorf("%v", err)
	}
}
