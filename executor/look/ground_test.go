package look_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/look"
	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/regions"
)

// stands runs a container with more words for docker run, and files in it by
// path: a folder where the content is empty, a link where it begins with ->.
func stands(t *testing.T, files map[string]string, words ...string) {
	t.Helper()
	docker.Remove(t, cn.Container)
	command(t, append(append([]string{"create", "--name", cn.Container, "--network", "none", "-e", "PATH=/bin"}, words...), enginetest.Image, "/bin/guest", "hang")...)
	tree := t.TempDir()
	for path, content := range files {
		p := filepath.Join(tree, path)
		err := os.MkdirAll(filepath.Dir(p), 0o755)
		switch to, link := strings.CutPrefix(content, "->"); {
		case err != nil:
		case link:
			err = os.Symlink(to, p)
		case content == "":
			err = os.MkdirAll(p, 0o755)
		default:
			err = os.WriteFile(p, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	command(t, "cp", tree+"/.", cn.Container+":/")
}

func command(t *testing.T, words ...string) {
	t.Helper()
	if _, err := docker.Command(t.Context(), words...); err != nil {
		t.Fatal(err)
	}
}

func under(t *testing.T, need facts.Need, volumes regions.Volumes) facts.Seen[facts.Ground] {
	t.Helper()
	l := looker(t, map[string]*enginetest.Host{"cn-1": {Weave: router(t)}}, look.Options{})
	n := cn
	n.Image, n.Volumes = enginetest.Image, volumes
	seen := l.Look(t.Context(), []regions.Node{n}, need).Nodes["cn-1"]
	if !seen.Host.OK() || !seen.Docker.OK() || !seen.Weave.OK() {
		t.Errorf("the base facts: %s %s %s", seen.Host.Why(), seen.Docker.Why(), seen.Weave.Why())
	}
	return seen.Ground
}

func TestTheGroundOfADeploy(t *testing.T) {
	enginetest.Need(t)
	v := regions.Volumes{Conf: t.TempDir(), Data: filepath.Join(t.TempDir(), "not/yet")}
	stands(t, map[string]string{"etc/vernemq/vernemq.conf": "nodename = x\n", "etc/vernemq/vmqbot.listeners": "0.0.0.0 1883\n"}, "-v", v.Conf+":/etc/vernemq", "-v", t.TempDir()+":/var/lib/vernemq")
	if g := under(t, facts.Need{}, v); g.Blind() != facts.NotAsked {
		t.Errorf("read although nobody asked: %+v", g)
	}
	for range 2 { // while it runs, and while it was never started
		g, ok := under(t, facts.Need{Ground: true}, v).Get()
		image, _ := g.Image.Get()
		conf, _ := g.Conf.Get()
		doors, _ := g.Doors.Get()
		data, known := g.Data.Get()
		if !ok || g.Arch != runtime.GOARCH || image.Arch != g.Arch || image.ID == "" || conf.Reveal() != "nodename = x\n" || doors != "0.0.0.0 1883\n" ||
			!known || data != 0 || g.Nofile == 0 || len(g.Disks) != 2 || g.Disks[v.Data].Free == 0 || g.Disks[v.Data].Total != g.Disks[v.Conf].Total || len(g.Ports) != 0 {
			t.Errorf("%+v", g)
		}
		if g.InLayer.Blind() != facts.Absent || !strings.Contains(g.InLayer.Why(), "a volume holds /var/lib/vernemq") {
			t.Errorf("%s: %s", g.InLayer.Blind(), g.InLayer.Why())
		}
		command(t, "start", cn.Container)
	}
}

func TestTheGroundWithoutAContainer(t *testing.T) {
	g, ok := under(t, facts.Need{Ground: true, Image: "airdroid/vernemq:9"}, regions.Volumes{}).Get()
	if !ok {
		t.Fatal("not seen")
	}
	for what, blind := range map[string]facts.Blind{"image": g.Image.Blind(), "conf": g.Conf.Blind(), "doors": g.Doors.Blind(), "layer": g.InLayer.Blind()} {
		if blind != facts.Absent {
			t.Errorf("%s: %s", what, blind)
		}
	}
	if g.Data.OK() || !strings.Contains(g.Image.Why(), "docker pull airdroid/vernemq:9") || g.Arch == "" {
		t.Errorf("%+v", g)
	}
}

// TestOldContainersThatAreKept come with what they ended with, newest first.
func TestOldContainersThatAreKept(t *testing.T) {
	enginetest.Need(t)
	var want []string
	for range 2 {
		name := cn.Container + ".old"
		docker.Remove(t, name)
		command(t, "run", "-d", "--name", name, "--network", "none", "-e", "PATH=/bin", enginetest.Image, "/bin/guest", "hang")
		command(t, "stop", name)
		id, err := docker.Command(t.Context(), "inspect", "-f", "{{.Id}}", name)
		if err != nil {
			t.Fatal(err)
		}
		command(t, "rename", name, cn.Container+"."+id[:12])
		docker.Remove(t, cn.Container+"."+id[:12])
		want = append([]string{id}, want...)
	}
	for _, other := range []string{cn.Container, cn.Container + ".next", cn.Container + ".0123456789ab", "another." + want[0][:12]} {
		docker.Remove(t, other)
		command(t, "create", "--name", other, "--network", "none", enginetest.Image, "/bin/guest")
	}
	g, ok := under(t, facts.Need{Ground: true}, regions.Volumes{}).Get()
	if !ok || len(g.Kept) != 2 || g.Kept[0].ID != want[0] || g.Kept[1].ID != want[1] {
		t.Fatalf("%+v, want %s", g.Kept, want)
	}
	if c := g.Kept[0]; c.Name != cn.Container+"."+want[0][:12] || c.Entrypoint != nil || c.Cmd[0] != "/bin/guest" || c.RestartPolicy != "no" || !strings.HasPrefix(c.Status, "Exited") {
		t.Errorf("%+v", c)
	}
}

// TestWhatKeptContainersRanWith is beside the current file where the folder is the
// same, and in the container where it is not.
func TestWhatKeptContainersRanWith(t *testing.T) {
	enginetest.Need(t)
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil { //nolint:gosec // Docker reads it
		t.Fatal(err)
	}
	stands(t, nil, "-v", folder+":/etc/vernemq")
	want := map[string]string{}
	for _, words := range [][]string{{"-v", folder + ":/etc/vernemq"}, {"-v", folder + ":/etc/vernemq"}, nil} {
		name := cn.Container + ".old"
		docker.Remove(t, name)
		command(t, append(append([]string{"create", "--name", name, "--network", "none"}, words...), enginetest.Image, "/bin/guest")...)
		id, err := docker.Command(t.Context(), "inspect", "-f", "{{.Id}}", name)
		if err != nil {
			t.Fatal(err)
		}
		file, text := filepath.Join(folder, "vernemq.conf."+id[:12]), "nodename = "+id[:12]+"\n"
		switch {
		case words == nil:
			tree := t.TempDir()
			file, text = filepath.Join(tree, "etc/vernemq/vernemq.conf"), "in the container\n"
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			command(t, "cp", tree+"/.", id+":/")
		case len(want) == 1: // its file is lost
			text = ""
		}
		if text != "" && words != nil {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		command(t, "rename", name, cn.Container+"."+id[:12])
		docker.Remove(t, cn.Container+"."+id[:12])
		want[id] = text
	}
	g, ok := under(t, facts.Need{Ground: true}, regions.Volumes{}).Get()
	if !ok || len(g.Kept) != 3 || g.KeptConf != nil {
		t.Fatalf("%+v", g)
	}
	if g, ok = under(t, facts.Need{Ground: true, Kept: true}, regions.Volumes{}).Get(); !ok || len(g.KeptConf) != 3 {
		t.Fatalf("%+v", g)
	}
	for id, text := range want {
		have, found := g.KeptConf[id].Get()
		if have.Reveal() != text || !found && (text != "" || g.KeptConf[id].Blind() != facts.Absent) {
			t.Errorf("%s: %q, %s; want %q", id[:12], have.Reveal(), g.KeptConf[id].Why(), text)
		}
	}
}

// TestDataInTheLayer is what would go with the container.
func TestDataInTheLayer(t *testing.T) {
	enginetest.Need(t)
	big := strings.Repeat("x", 100_000)
	for _, c := range []struct {
		what  string
		files map[string]string
		words []string
		run   bool
		want  int64 // at least; -1 when nothing lies in the layer
	}{
		{"measured", map[string]string{"var/lib/vernemq/msgstore": big, "bin/du": "->guest", "var/log/x": big}, nil, true, 4096},
		{"without du", map[string]string{"var/lib/vernemq/msgstore": big}, nil, true, 100_000},
		{"stopped", map[string]string{"var/lib/vernemq/msgstore": big, "bin/du": "->guest"}, nil, false, 100_000},
		{"through a link", map[string]string{"data/vernemq/msgstore": big, "var/lib/vernemq": "->/data/vernemq"}, nil, false, 100_000},
		{"no folder", nil, nil, true, -1},
		{"on a volume", map[string]string{"var/lib/vernemq/msgstore": big}, []string{"-v", t.TempDir() + ":/var/lib/vernemq"}, true, -1},
		{"on a volume above", map[string]string{"var/lib/vernemq/msgstore": big}, []string{"-v", t.TempDir() + ":/var/lib"}, false, -1},
		{"on a volume of another name", map[string]string{"var/lib/vernemq/msgstore": big}, []string{"-v", t.TempDir() + ":/var/lib/verne"}, false, 100_000},
		{"on an anonymous volume", map[string]string{"var/lib/vernemq/msgstore": big}, []string{"-v", "/var/lib/vernemq"}, false, -1},
		{"through a link to a volume", map[string]string{"data/vernemq/msgstore": big, "var/lib/vernemq": "->/data/vernemq"}, []string{"-v", t.TempDir() + ":/data"}, false, -1},
	} {
		t.Run(c.what, func(t *testing.T) {
			stands(t, c.files, c.words...)
			if c.run {
				command(t, "start", cn.Container)
			}
			g, ok := under(t, facts.Need{Ground: true}, regions.Volumes{}).Get()
			size, in := g.InLayer.Get()
			switch {
			case !ok, in != (c.want >= 0), !in && g.InLayer.Blind() != facts.Absent, in && (size < c.want || size > c.want+50_000):
				t.Errorf("%d bytes, %s", size, g.InLayer.Why())
			}
		})
	}
}

// TestTheGroundIsNotGuessed: without the host's own word nothing is deployed.
func TestTheGroundIsNotGuessed(t *testing.T) {
	enginetest.Need(t)
	for _, c := range []struct {
		what string
		host *enginetest.Host
		want facts.Blind
	}{
		{"no df", &enginetest.Host{Path: script(t, "df", "exit 1")}, facts.Unreadable},
		{"no Docker", &enginetest.Host{Socket: os.ErrPermission, Path: fakeDocker(t)}, facts.Down},
		{"no host", &enginetest.Host{Refuse: &wire.Error{Blind: facts.BadHostKey, Tried: "connecting"}}, facts.BadHostKey},
	} {
		l := looker(t, map[string]*enginetest.Host{"cn-1": c.host}, look.Options{})
		n := cn
		n.Volumes.Data = "/data"
		if g := l.Look(t.Context(), []regions.Node{n}, facts.Need{Ground: true}).Nodes["cn-1"].Ground; g.Blind() != c.want {
			t.Errorf("%s: %s: %s", c.what, g.Blind(), g.Why())
		}
	}
}
