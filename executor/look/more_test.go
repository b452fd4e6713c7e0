package look_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/look"
	"vmqbot/facts"
	"vmqbot/regions"
)

func script(t *testing.T, name, body string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func fakeDocker(t *testing.T) string {
	return script(t, "docker", "echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' >&2; exit 1")
}

func TestTheBrokerSpeaksForItself(t *testing.T) {
	l := looker(t, map[string]*enginetest.Host{"cn-1": {}}, look.Options{})
	up(t, cn.Container, "SWITCH=on")
	b, ok := l.Look(t.Context(), []regions.Node{cn}, facts.Need{Broker: facts.AskAll}).Nodes["cn-1"].Broker.Get()
	if !ok {
		t.Fatal("not seen")
	}
	if p, ok := b.Process.Get(); !ok || p.Root != "/usr/lib/vernemq" || p.Name != "VerneMQ@10.0.0.1" {
		t.Errorf("process: %+v %s", p, b.Process.Why())
	}
	if pong, ok := b.Ping.Get(); !ok || !pong {
		t.Errorf("ping: %s", b.Ping.Why())
	}
	if v, ok := b.View.Get(); !ok || len(v) != 2 || !v[0].Running || v[1].Running {
		t.Errorf("view: %+v %s", v, b.View.Why())
	}
	if ls, ok := b.Listeners.Get(); !ok || len(ls) != 1 || ls[0].Type != "vmq" || ls[0].Port != 44053 {
		t.Errorf("listeners: %+v %s", ls, b.Listeners.Why())
	}
	if s, ok := b.Switches.Get(); !ok || len(s) != 4 || !s["allow_publish_during_netsplit"] {
		t.Errorf("switches: %+v %s", s, b.Switches.Why())
	}
}

func TestABrokerThatDoesNotRespond(t *testing.T) {
	l := looker(t, map[string]*enginetest.Host{"cn-1": {}}, look.Options{})
	up(t, cn.Container, "DOWN=1")
	b, ok := l.Look(t.Context(), []regions.Node{cn}, facts.Need{Broker: facts.AskAll}).Nodes["cn-1"].Broker.Get()
	if pong, seen := b.Ping.Get(); !ok || !seen || pong || !b.Process.OK() {
		t.Errorf("%+v", b)
	}
	if b.View.Blind() != facts.Down || b.Listeners.Blind() != facts.Down || b.Switches.Blind() != facts.Down || !strings.Contains(b.View.Why(), "vernemq ping") {
		t.Errorf("%+v %s", b, b.View.Why())
	}
}

func TestSwitchesThatNobodyUnderstands(t *testing.T) {
	l := looker(t, map[string]*enginetest.Host{"cn-1": {}}, look.Options{})
	docker.Container(t, cn.Container, "SWITCH=perhaps")
	b, _ := l.Look(t.Context(), []regions.Node{cn}, facts.Need{Broker: facts.AskAll}).Nodes["cn-1"].Broker.Get()
	if b.Switches.Blind() != facts.Unreadable || !strings.Contains(b.Switches.Why(), `"perhaps"`) {
		t.Errorf("%s: %s", b.Switches.Blind(), b.Switches.Why())
	}
}

func TestABrokerWithoutAContainer(t *testing.T) {
	l := looker(t, map[string]*enginetest.Host{"cn-1": {}}, look.Options{})
	need := facts.Need{Broker: facts.AskAll, LogLines: 3, Pings: true, Crossings: true}
	f := l.Look(t.Context(), []regions.Node{cn}, need)
	if n := f.Nodes["cn-1"]; n.Broker.Blind() != facts.Absent || n.Log.Blind() != facts.Absent {
		t.Errorf("%s: %s; log %s", n.Broker.Blind(), n.Broker.Why(), n.Log.Blind())
	}
	if c := f.Crossings; len(c) != 1 || c[0].Delivered.Blind() != facts.Absent || !strings.Contains(c[0].Delivered.Why(), "cannot publish at cn-1") {
		t.Errorf("%+v", c)
	}
	docker.Container(t, cn.Container)
	if _, err := docker.Command(t.Context(), "kill", cn.Container); err != nil {
		t.Fatal(err)
	}
	f = l.Look(t.Context(), []regions.Node{cn}, need)
	if n := f.Nodes["cn-1"]; n.Broker.Blind() != facts.Down || !n.Log.OK() {
		t.Errorf("%s: %s; log %s", n.Broker.Blind(), n.Broker.Why(), n.Log.Why())
	}
}

func TestLogsAndImages(t *testing.T) {
	l := looker(t, map[string]*enginetest.Host{"cn-1": {}}, look.Options{})
	docker.Container(t, cn.Container)
	n := l.Look(t.Context(), []regions.Node{cn}, facts.Need{LogLines: 1, Images: true}).Nodes["cn-1"]
	if lines, ok := n.Log.Get(); !ok || len(lines) > 1 {
		t.Errorf("%q %s", lines, n.Log.Why())
	}
	if images, ok := n.Images.Get(); !ok || len(images) != 1 || !slices.Contains(images[0].Tags, enginetest.Image) {
		t.Errorf("%+v %s", images, n.Images.Why())
	}
}

// TestPingsThroughTheHost pings from containers whose image has no ping.
func TestPingsThroughTheHost(t *testing.T) {
	enginetest.Need(t)
	dir := t.TempDir()
	if err := os.Symlink(docker.Guest, filepath.Join(dir, "ping")); err != nil {
		t.Fatal(err)
	}
	hosts := map[string]*enginetest.Host{"cn-1": {Path: dir}, "sg-1": {Path: script(t, "nsenter", "echo 'nsenter: reassociate to namespace failed: Operation not permitted' >&2; exit 1")}}
	l := looker(t, hosts, look.Options{})
	docker.Container(t, cn.Container)
	docker.Container(t, sg.Container)
	got := l.Look(t.Context(), []regions.Node{cn, sg}, facts.Need{Pings: true}).Pings
	if len(got) != 2 || got[0].From != "cn-1" || got[0].To != "sg-1" {
		t.Fatalf("%+v", got)
	}
	e, ok := got[0].Echo.Get()
	if want := (facts.Echo{Sent: 3, Received: 2, Min: 31 * time.Microsecond, Avg: 39 * time.Microsecond, Max: 1046 * time.Microsecond}); !ok || e != want {
		t.Errorf("%+v %s", e, got[0].Echo.Why())
	}
	if why := got[1].Echo.Why(); got[1].Echo.OK() || !strings.Contains(why, "executable file not found") || !strings.Contains(why, "Operation not permitted") {
		t.Errorf("%s", why)
	}
}
