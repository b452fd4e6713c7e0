package images_test

import (
	"errors"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"vmqbot/lab/world"
	"vmqbot/sim/images"
	"vmqbot/sim/kernel"
)

// options have a tool of each kind that matters here.
func options() images.Options {
	nothing := func(*kernel.Process) int { return 0 }
	return images.Options{
		Tools: map[string]kernel.Program{"sh": nothing, "grep": nothing, "sleep": nothing},
		Weave: map[string]kernel.Program{"/home/weave/weaver": nothing, "/home/weave/weave": nothing, "/usr/bin/weaveutil": nothing, "/home/weave/sigproxy": nothing, "/w/w": nothing},
	}
}

func TestCatalogue(t *testing.T) {
	all := images.All(options())
	base := find(t, all, world.BrokerImage)
	programs := map[string]images.Program{}
	for _, i := range all {
		flat := i.Flat()
		for at, to := range flat.Links {
			if flat.Programs[to].Main == nil {
				t.Errorf("%s: %s points at %s, which is no program", i.Tags[0], at, to)
			}
		}
		for _, p := range flat.Programs {
			if known, ok := programs[p.Name]; ok && reflect.ValueOf(known.Main).Pointer() != reflect.ValueOf(p.Main).Pointer() {
				t.Errorf("%s: %q is another program elsewhere", i.Tags[0], p.Name)
			}
			programs[p.Name] = p
		}
		shares := i.Layers[0].CreatedBy == base.Layers[0].CreatedBy
		if want := strings.HasPrefix(i.Tags[0], "airdroid/") && i.Tags[0] != world.ImportedBroker; shares != want {
			t.Errorf("%s shares the lowest layer of %s: %v", i.Tags[0], base.Tags[0], shares)
		}
		if shares && !reflect.DeepEqual(slices.Sorted(maps.Keys(i.Layers[0].Programs)), slices.Sorted(maps.Keys(base.Layers[0].Programs))) {
			t.Errorf("the lowest layer of %s was changed", i.Tags[0])
		}
	}
	if i := find(t, all, world.ImportedBroker); len(i.Layers) != 1 || i.Config.Cmd != nil || i.Config.Env != nil {
		t.Errorf("%+v", i.Config)
	}
	if i := find(t, all, world.ForeignBroker); i.Arch != "arm64" {
		t.Errorf("%s is of %s", i.Tags[0], i.Arch)
	}
	if a, b := find(t, all, world.NewerBroker), base; a.Size() <= b.Size() || len(a.Layers) != 2 {
		t.Error("2.1.3 is no layer more than 2.1.2")
	}
}

// Which programs a container of each image finds.
func TestPrograms(t *testing.T) {
	all := images.All(options())
	for tag, want := range map[string]string{
		world.BrokerImage:            "sh grep vernemq start_vernemq /bin/sh /sbin/vernemq /usr/lib/vernemq/bin/vmq-admin",
		world.BrokenBroker:           "sh grep vernemq start_vernemq /bin/sh /sbin/vernemq /usr/lib/vernemq/bin/vmq-admin",
		world.ImportedBroker:         "sh grep vernemq start_vernemq /bin/sh /sbin/vernemq /usr/lib/vernemq/bin/vmq-admin",
		world.NoBroker:               "sh grep /bin/sh",
		world.NoShellBroker:          "vernemq start_vernemq /sbin/vernemq /usr/lib/vernemq/bin/vmq-admin",
		world.ForeignBroker:          "",
		"weaveworks/weave:2.8.1":     "sh grep /bin/sh /home/weave/weaver weaveutil",
		"weaveworks/weaveexec:2.8.1": "sh grep /bin/sh /home/weave/weaver weaveutil /home/weave/sigproxy /w/w",
		"weaveworks/weavedb:latest":  "",
	} {
		root, err := find(t, all, tag).Root(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		m := kernel.Boot("host", nil, root)
		var there []string
		for _, name := range strings.Fields("sh grep vernemq start_vernemq /bin/sh /sbin/vernemq /usr/lib/vernemq/bin/vmq-admin /home/weave/weaver weaveutil /home/weave/sigproxy /w/w") {
			p, err := m.Start(kernel.Spec{Argv: []string{"look"}, Main: func(p *kernel.Process) int {
				if p.LookPath(name) == nil {
					return 0
				}
				return 1
			}})
			if err != nil {
				t.Fatal(err)
			}
			if p.Wait() == 0 {
				there = append(there, name)
			}
		}
		m.Halt()
		if !slices.Equal(there, strings.Fields(want)) {
			t.Errorf("%s has %v, want %s", tag, there, want)
		}
	}
}

// Each image as a deploy meets it.
func TestVariants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := images.Broker(options())
		f := newFleet(t, 0)
		var n int
		box := func(tag string, env ...string) *box {
			n++
			return f.add(world.Host{Name: path.Base(tag), Index: n}, find(t, all, tag), env...)
		}
		if err := box(world.ForeignBroker).run(); !errors.Is(err, kernel.ErrFormat) {
			t.Errorf("arm64: %v, want %v", err, kernel.ErrFormat)
		}
		if err := box(world.NoShellBroker).run("sh"); !errors.Is(err, kernel.ErrNotFound) {
			t.Errorf("no-sh: %v, want %v", err, kernel.ErrNotFound)
		}
		if err := box(world.NoBroker).run("vernemq"); !errors.Is(err, kernel.ErrNotFound) {
			t.Errorf("no-broker: %v, want %v", err, kernel.ErrNotFound)
		}
		for tag, want := range map[string]string{world.OlderBroker: "1.6.1\n", world.NewerBroker: "2.1.2\n", world.ImportedBroker: "2.1.2\n"} {
			b := box(tag)
			if err := b.run("vernemq", "version"); err != nil || b.end() != 0 || b.out.String() != want {
				t.Errorf("%s: %v %q", tag, err, b.out.String())
			}
		}
		bad := box(world.BadConfBroker)
		if err := bad.run("vernemq", "chkconfig"); err != nil || bad.end() != 1 || !strings.HasPrefix(bad.out.String(), "Error generating config with cuttlefish") {
			t.Errorf("badconf: %v %q", err, bad.out.String())
		}
		good := box(world.BrokerImage) // in the same process, after one whose schema lacks a setting
		if err := good.run("vernemq", "chkconfig"); err != nil || good.end() != 0 {
			t.Errorf("2.1.2 after badconf: %v %q", err, good.out.String())
		}
		broken := box(world.BrokenBroker, "WAIT_FOR_ERLANG=3")
		if err := broken.run("vernemq", "console", "-noshell", "-noinput"); err != nil || broken.end() != 1 {
			t.Error("broken:", err)
		}
		if !strings.HasSuffix(broken.out.String(), said(t)) {
			t.Errorf("broken says %q, in the lab %q", broken.out.String(), said(t))
		}
		if err := broken.run("vernemq", "start"); err != nil || broken.end() != 1 {
			t.Error("broken:", err)
		}
		log, err := os.ReadFile(filepath.Join(broken.root.Mounts["/var/log/vernemq"], "erlang.log.1"))
		if err != nil || string(log) != said(t) {
			t.Errorf("%v: %q", err, log)
		}
	})
}

// said is what the lab's broken image prints, by its own script.
func said(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile("../../lab/build/files/broker/broken.sh")
	if err != nil {
		t.Fatal(err)
	}
	var out string
	for _, m := range regexp.MustCompile(`(?m)^echo ?(.*)$`).FindAllStringSubmatch(string(script), -1) {
		out += strings.Trim(strings.ReplaceAll(m[1], `'"'EXIT'"'`, "'EXIT'"), "'") + "\n"
	}
	return out
}

// On a full disk nothing is stored, and the broker goes on.
func TestFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1)
		f.cluster()
		b := f.boxes[0]
		sub, _ := b.mqtt("persistent", false)
		b.subscribe(sub, "p")
		sub.Disconnect(0)
		pub, _ := b.mqtt("pub", true)
		b.wait("publish", pub.Publish("p", 1, false, "kept"))
		until(t, "the stored message", func() bool { return len(stored(t, b)) == 1 })
		b.machine.Full.Store(true)
		b.wait("publish", pub.Publish("p", 1, false, "in memory only"))
		pub.Disconnect(0)
		synctest.Wait()
		if n := len(stored(t, b)); n != 1 {
			t.Errorf("%d messages are stored on a full disk", n)
		}
		if a := b.exec("vernemq", "chkconfig"); a.exit != 1 {
			t.Errorf("chkconfig writes its files: %+v", a)
		}
		b.machine.Full.Store(false)
		b.must("vernemq", "chkconfig")
	})
}
