package look_test

import (
	"strings"
	"testing"

	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/look"
	"vmqbot/facts"
	"vmqbot/regions"
)

func TestTheLibraryOfAHost(t *testing.T) {
	l := looker(t, map[string]*enginetest.Host{"cn-1": {}}, look.Options{})
	docker.Container(t, cn.Container)
	seen := l.Look(t.Context(), []regions.Node{cn}, facts.Need{Library: true}).Nodes["cn-1"].Library
	lib, ok := seen.Get()
	if !ok {
		t.Fatal(seen.Why())
	}
	if _, there := lib.Tagged(enginetest.Image); !there {
		t.Errorf("%+v", lib.Images)
	}
	root, okRoot := lib.Disk.Get()
	home, okHome := lib.Home.Get()
	if !okRoot || !okHome || root.Free == 0 || home.Free == 0 {
		t.Errorf("%+v %s, %+v %s", root, lib.Disk.Why(), home, lib.Home.Why())
	}
	if line, ok := lib.Ends.Get(); !ok || line != "" { // a program, and no script
		t.Errorf("%q %s", line, lib.Ends.Why())
	}
}

// TestWhatAContainerDoesAtItsEnd is read in the script that it starts with (F27).
func TestWhatAContainerDoesAtItsEnd(t *testing.T) {
	enginetest.Need(t)
	const old = "#!/bin/sh\n# not: cluster leave\nsigterm_handler() {\n\tvmq-admin cluster leave node=VerneMQ@10.0.0.1 -k > /dev/null\n}\ntrap sigterm_handler TERM\n"
	const young = "#!/bin/sh\n# cluster leave only when asked\ntrap 'vernemq stop' TERM\n"
	const line = "vmq-admin cluster leave node=VerneMQ@10.0.0.1 -k > /dev/null"
	for _, c := range []struct {
		name  string
		label string
		words []string
		text  string // of /usr/sbin/start_vernemq; "" for none
		want  string
		blind facts.Blind
	}{
		{"an old image", "", []string{"start_vernemq"}, old, line, ""},
		{"with its path", "", []string{"/usr/sbin/start_vernemq"}, old, line, ""},
		{"behind a shell", "", []string{"sh", "/usr/sbin/start_vernemq"}, old, line, ""},
		{"behind an init", "", []string{"/usr/bin/tini", "--", "start_vernemq"}, old, line, ""},
		{"in the command line itself", "", []string{"sh", "-c", "trap 'vmq-admin cluster leave' TERM; vernemq console"}, "", "trap 'vmq-admin cluster leave' TERM; vernemq console", ""},
		{"a newer image", "", []string{"start_vernemq"}, young, "", ""},
		{"behind our gate", "vmqbot.gate=1", []string{"start_vernemq"}, old, "", ""},
		{"a script that is not there", "", []string{"start_vernemq"}, "", "", facts.Absent},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := looker(t, map[string]*enginetest.Host{"cn-1": {}}, look.Options{})
			args := []string{"create", "--name", cn.Container, "--network", "none"}
			if c.label != "" {
				args = append(args, "--label", c.label)
			}
			docker.Remove(t, cn.Container)
			if out, err := docker.Command(t.Context(), append(append(args, enginetest.Image), c.words...)...); err != nil {
				t.Fatal(out, err)
			}
			if c.text != "" {
				docker.Write(t, cn.Container, "usr/sbin/start_vernemq", c.text)
			}
			seen := l.Look(t.Context(), []regions.Node{cn}, facts.Need{Library: true}).Nodes["cn-1"].Library
			lib, ok := seen.Get()
			if !ok {
				t.Fatal(seen.Why())
			}
			if got, ok := lib.Ends.Get(); ok != (c.blind == "") || strings.TrimSpace(got) != c.want || lib.Ends.Blind() != c.blind {
				t.Errorf("%q (%s: %s), want %q", got, lib.Ends.Blind(), lib.Ends.Why(), c.want)
			}
		})
	}
}
