package commands

import (
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
)

const (
	newer   = "airdroid/vernemq:2.1.3"
	newerID = "sha256:2130000000000000"
)

// also gives a host one more image.
func also(w *facts.Fleet, node string, s facts.Stored) {
	factstest.Edit(w, node, func(n *facts.Node) {
		l, _ := n.Library.Get()
		l.Images = append(slices.Clone(l.Images), s)
		n.Library = facts.Saw(l)
	})
}

func stored(ref, id string, days int, layers ...string) facts.Stored {
	s := facts.Stored{Layers: layers, ImageDetail: facts.ImageDetail{
		ID: id, Arch: "amd64", OS: "linux", Cmd: []string{"start_vernemq"}, Size: 90_000_000, Created: factstest.Now.AddDate(0, 0, -days),
	}}
	if ref != "" {
		s.Tags = []string{ref}
	}
	for range layers {
		s.Sizes = append(s.Sizes, 45_000_000)
	}
	return s
}

// storehouses is the world of the goldens: a newer image on cn-1 that the others
// lack, whose first layer they have, and on each host what was left behind.
func storehouses(f *regions.Fleet, w *facts.Fleet) {
	also(w, "cn-1", stored(newer, newerID, 1, "sha256:a1", "sha256:b2"))
	also(w, "cn-1", stored("debian:bookworm-slim", "sha256:bbbbbbbbbbbbbbbb", 10, "sha256:f1"))
	also(w, "cn-1", stored("almalinux:9", "sha256:9999999999999999", 10, "sha256:f2"))
	for _, n := range f.Nodes() {
		for i, tag := range []string{"1.5.2", "1.5.1", "1.5.0"} {
			also(w, n.Name, stored("airdroid/vernemq:"+tag, "sha256:15"+strings.Repeat("0", 9)+tag[4:], 90+i, "sha256:c"+tag))
		}
		also(w, n.Name, stored("", "sha256:dddddddddddddddd", 200, "sha256:d1"))
		also(w, n.Name, stored("weaveworks/weave:2.8.1", "sha256:eeeeeeeeeeeeeeee", 900, "sha256:e1"))
	}
}

func shipping(t *testing.T, line string, change func(*facts.Fleet)) (ops.Plan, error) {
	t.Helper()
	f := fleet(t)
	w := ops.World{Fleet: f, Seen: factstest.Healthy(f)}
	storehouses(f, &w.Seen)
	if change != nil {
		change(&w.Seen)
	}
	c, r, err := Parse(strings.Fields(line), f)
	if err != nil {
		t.Fatal(err)
	}
	return c.Plan(r, w)
}

func TestShipPlans(t *testing.T) {
	for _, c := range []struct {
		name, line string
		change     func(*facts.Fleet)
		steps      []string // what each does
		undo       string   // of the first
	}{
		{"where it is missing", "image ship all --image " + newer, nil, []string{
			"bring airdroid/vernemq:2.1.3 (213000000000) from the host of cn-1: 1 of its 2 layers, 45.0 MB unpacked",
			"bring airdroid/vernemq:2.1.3 (213000000000) from the host of cn-1: 1 of its 2 layers, 45.0 MB unpacked",
			"bring airdroid/vernemq:2.1.3 (213000000000) from the host of cn-1: 1 of its 2 layers, 45.0 MB unpacked",
		}, "$ docker rmi airdroid/vernemq:2.1.3"},
		{"from the nearest", "image ship us --image " + newer, func(w *facts.Fleet) {
			also(w, "sg-1", stored(newer, newerID, 1, "sha256:a1", "sha256:b2"))
			factstest.Edit(w, "sg-1", func(n *facts.Node) { n.Host = facts.Saw(facts.Host{RTT: 300e6}) })
		}, []string{"bring airdroid/vernemq:2.1.3 (213000000000) from the host of cn-1: 1 of its 2 layers, 45.0 MB unpacked"}, "$ docker rmi airdroid/vernemq:2.1.3"},
		{"the tag moves", "image ship us --image " + newer, func(w *facts.Fleet) { also(w, "us-1", stored(newer, "sha256:777777777777777", 3, "sha256:a1")) },
			[]string{"bring airdroid/vernemq:2.1.3 (213000000000) from the host of cn-1: 1 of its 2 layers, 45.0 MB unpacked"}, "$ docker tag 777777777777 airdroid/vernemq:2.1.3"},
		{"it is there without its name", "image ship us --image " + newer, func(w *facts.Fleet) { also(w, "us-1", stored("", newerID, 1, "sha256:a1", "sha256:b2")) },
			[]string{"$ docker tag 213000000000 airdroid/vernemq:2.1.3"}, "none"},
		{"two that are alike but for the named one", "image ship us --from cn-1 --image " + newer, func(w *facts.Fleet) { also(w, "sg-1", stored(newer, "sha256:888888888888888", 1)) },
			[]string{"bring airdroid/vernemq:2.1.3 (213000000000) from the host of cn-1: 1 of its 2 layers, 45.0 MB unpacked"}, "$ docker rmi airdroid/vernemq:2.1.3"},
		{"sizes that are not told", "image ship us --image " + newer, func(w *facts.Fleet) {
			factstest.Edit(w, "cn-1", func(n *facts.Node) {
				l, _ := n.Library.Get()
				for i := range l.Images {
					l.Images[i].Sizes = nil
				}
			})
		}, []string{"bring airdroid/vernemq:2.1.3 (213000000000) from the host of cn-1: 1 of its 2 layers"}, "$ docker rmi airdroid/vernemq:2.1.3"},
		{"it is there", "image ship cn --image " + newer, nil, nil, ""},
		{"the planned one is everywhere", "image ship all", nil, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := shipping(t, c.line, c.change)
			if err != nil {
				t.Fatal(err)
			}
			var steps []string
			for _, s := range p.Steps {
				steps = append(steps, s.Do.String())
			}
			if !slices.Equal(steps, c.steps) {
				t.Errorf("%q, want %q", steps, c.steps)
			}
			if len(p.Steps) > 0 && (undoOf(p.Steps[0]) != c.undo || !p.Steps[0].Final) {
				t.Errorf("undone by %s", undoOf(p.Steps[0]))
			}
			if len(p.Locks) > 0 {
				t.Errorf("it locks %v, and repairs would wait for it", p.Locks)
			}
		})
	}
}

func undoOf(s ops.Step) string {
	if s.Undo == nil {
		return "none"
	}
	return s.Undo.String()
}

func TestShipRefuses(t *testing.T) {
	library := func(node string, edit func(*facts.Library)) func(*facts.Fleet) {
		return func(w *facts.Fleet) {
			factstest.Edit(w, node, func(n *facts.Node) {
				l, _ := n.Library.Get()
				edit(&l)
				n.Library = facts.Saw(l)
			})
		}
	}
	small := facts.Saw(facts.Disk{Free: 300 << 20, Total: 1 << 40})
	for _, c := range []struct {
		name, line string
		change     func(*facts.Fleet)
		code       ops.Code
		says       string
	}{
		{"it is nowhere", "image ship all --image airdroid/vernemq:9", nil, ops.Failed, "airdroid/vernemq:9 is on no host that can be seen: build it"},
		{"nowhere but perhaps on one that cannot be seen", "image ship us --image airdroid/vernemq:9", func(w *facts.Fleet) { factstest.Dead(w, "cn-1") }, ops.Failed, "(not seen: cn-1)"},
		{"it is two images", "image ship us --image " + newer, func(w *facts.Fleet) { also(w, "sg-1", stored(newer, "sha256:888888888888888", 1)) }, ops.Failed,
			"airdroid/vernemq:2.1.3 is 2 images, 213000000000 on cn-1; 888888888888 on sg-1: say which with --from NODE"},
		{"not where it was said to be", "image ship us --from sg-1 --image " + newer, nil, ops.Failed, "is not on the host of sg-1"},
		{"from nobody", "image ship us --from mars-1", nil, ops.Failed, `no node "mars-1"`},
		{"from one that cannot be seen", "image ship us --from cn-1", func(w *facts.Fleet) { factstest.Dead(w, "cn-1") }, ops.Unseen, "us-1: dial tcp"},
		{"to one that cannot be seen", "image ship us", func(w *facts.Fleet) { factstest.Dead(w, "us-1") }, ops.Unseen, "us-1: dial tcp"},
		{"another processor", "image ship us --image " + newer, library("us-1", func(l *facts.Library) { l.Arch = "arm64" }), ops.Failed, "it is built for amd64 and the host is arm64"},
		{"Docker's disk has no room", "image ship us --image " + newer, library("us-1", func(l *facts.Library) { l.Disk, l.Home = small, small }), ops.Failed, "/var/lib/docker has 300 MB free, want 341: image prune us-1"},
		{"the user's disk has no room", "image ship us --image " + newer, library("us-1", func(l *facts.Library) { l.Home = facts.Saw(facts.Disk{Free: 40 << 20, Total: 1 << 30}) }), ops.Failed, "the login user's folder has 40 MB free, want 42"},
		{"a disk that was not measured", "image ship us --image " + newer, library("us-1", func(l *facts.Library) { l.Disk = facts.Missed[facts.Disk](facts.Unreadable, "df says nothing") }), ops.Unseen, "df says nothing"},
		{"containerd's store", "image ship us --image " + newer, library("us-1", func(l *facts.Library) { l.Containerd = true }), ops.Failed, "containerd keeps the images"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := shipping(t, c.line, c.change)
			if ops.CodeOf(err) != c.code || err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, %d steps", err, len(p.Steps))
			}
		})
	}
}

// TestAnImageWithoutACommandIsNamed before it is brought (F32).
func TestAnImageWithoutACommandIsNamed(t *testing.T) {
	bare := stored("airdroid/vernemq:imported", "sha256:999999999999999", 1, "sha256:f1")
	bare.Cmd, bare.Comment = nil, "Imported from -"
	p, err := shipping(t, "image ship us --image airdroid/vernemq:imported", func(w *facts.Fleet) { also(w, "cn-1", bare) })
	if err != nil || !strings.Contains(p.String(), "airdroid/vernemq:imported on the host of cn-1 says nothing of how it starts (no CMD)") {
		t.Errorf("%s%v", p, err)
	}
}

// TestTwoNodesOfOneHost share its images; two hosts behind one address do not.
func TestTwoNodesOfOneHost(t *testing.T) {
	for _, c := range []struct {
		port  int
		steps int
	}{{22, 1}, {2222, 2}} {
		f := fleet(t)
		f.Regions[3].Nodes[0].Host = f.Regions[2].Nodes[0].Host
		f.Regions[3].Nodes[0].SSH.Port = c.port
		f.Regions[2].Nodes[0].SSH.Port = 22
		w := ops.World{Fleet: f, Seen: factstest.Healthy(f)}
		storehouses(f, &w.Seen)
		_, r, err := Parse(strings.Fields("image ship all --image "+newer), f)
		if err != nil {
			t.Fatal(err)
		}
		r.Nodes = []regions.Node{f.Regions[2].Nodes[0], f.Regions[3].Nodes[0]}
		if p, err := planShip(r, w); err != nil || len(p.Steps) != c.steps {
			t.Errorf("port %d: %d steps, %v", c.port, len(p.Steps), err)
		}
	}
}
