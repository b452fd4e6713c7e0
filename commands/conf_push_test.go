package commands

import (
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

const (
	tryCN    = "Try airdroid/vernemq:1.6.1 and the vernemq.conf of cn-1 in a throwaway container\n"
	writeCN  = "Write the vernemq.conf of cn-1, and keep the old one as vernemq.conf.old\n"
	liveCN   = "See that cn-1 serves as before"
	restartd = "Start the container of cn-1\nAttach 10.0.0.1/24 to the container of cn-1\n" +
		"Wait until the broker of cn-1 answers and has bound 10.0.0.1:44053\nWait until the MQTT ports of cn-1 are open\n" + provenWith + "\nWatch cn-1 for 10s"
)

func both(all ...func(*facts.Fleet, *regions.Fleet)) func(*facts.Fleet, *regions.Fleet) {
	return func(w *facts.Fleet, f *regions.Fleet) {
		for _, change := range all {
			change(w, f)
		}
	}
}

func TestConfPushIn(t *testing.T) {
	live := lineOn("cn-1", "allow_anonymous = off", "allow_anonymous = on")
	late := lineOn("cn-1", "outgoing_clustering_buffer_size = 16777216\n", "")
	deeds(t, []deed{
		{name: "as planned", line: "conf push all", notes: "cn-1 is as the fleet file says\nsg-1 is as the fleet file says"},
		{name: "a line that is set at run time", line: "conf push cn", world: live, steps: tryCN + writeCN + "Set allow_anonymous of cn-1 at run time\n" + liveCN},
		{name: "a comment by hand", line: "conf push cn", world: func(w *facts.Fleet, _ *regions.Fleet) {
			confOn(w, "cn-1", func(s string) string { return s + "# mine\n" })
		}, steps: tryCN + writeCN + liveCN},
		{name: "a port more", line: "conf push cn", world: doorsOn("cn-1", ""), steps: tryCN + writeCN + liveCN},
		{
			name: "a line that needs a restart", line: "conf push cn", world: late, notes: "cn-1 needs a restart for outgoing_clustering_buffer_size",
			steps: tryCN + "Stop the container of cn-1\n" + writeCN + restartd,
		},
		{
			name: "both kinds", line: "conf push cn", world: both(live, late), notes: "cn-1 needs a restart",
			steps: tryCN + "Stop the container of cn-1\n" + writeCN + restartd,
		},
		{
			name: "a port less", line: "conf push cn", world: func(w *facts.Fleet, f *regions.Fleet) {
				n, _ := f.Node("cn-1")
				g, _ := w.Nodes[n.Name].Ground.Get()
				text, _ := g.Doors.Get()
				doorsOn("cn-1", text+"0.0.0.0 1999\n")(w, f)
			},
			notes: "for the port 0.0.0.0 1999", steps: tryCN + "Stop the container of cn-1\n" + writeCN + restartd,
		},
		{
			name: "a broker that its file keeps from starting", line: "conf push cn",
			world: both(lineOn("cn-1", "allow_anonymous = off", "allow_anonymous off"), func(w *facts.Fleet, f *regions.Fleet) { off(w, f, "cn-1") }),
			steps: tryCN + writeCN + restartd,
		},
		{
			name: "no file", line: "conf push cn", world: func(w *facts.Fleet, _ *regions.Fleet) {
				factstest.Edit(w, "cn-1", func(n *facts.Node) {
					g, _ := n.Ground.Get()
					g.Conf = facts.Missed[secret.Text](facts.Absent, "there is no such file")
					n.Ground = facts.Saw(g)
				})
			},
			steps: tryCN + "Stop the container of cn-1\nWrite the vernemq.conf of cn-1\n" + restartd,
		},
	})
}

func TestConfPushRefuses(t *testing.T) {
	deeds(t, []deed{
		{name: "a container of the runbook", line: "conf push cn", byHand: true, refuses: "has no gate, which would open the MQTT ports that this file leaves out. Deploy first.", fix: "deploy cn-1", code: ops.Failed},
		{
			name: "a node on its own", line: "conf push cn", world: func(w *facts.Fleet, f *regions.Fleet) { alone(w, f, "cn-1") },
			refuses: "its MQTT ports stay closed until it is one", fix: "join cn-1", code: ops.Failed,
		},
		{name: "no container", line: "conf push cn", world: func(w *facts.Fleet, f *regions.Fleet) { empty(w, f, "cn-1") }, refuses: "cn-1 has no container", fix: "deploy cn-1", code: ops.Failed},
		{
			name: "another image", line: "conf push cn", world: func(w *facts.Fleet, _ *regions.Fleet) { runs(w, "cn-1", "airdroid/vernemq:1.5.0", "sha256:fedcba") },
			refuses: "cn-1 runs airdroid/vernemq:1.5.0, and the file is made for airdroid/vernemq:1.6.1", fix: "deploy cn-1", code: ops.Failed,
		},
		{
			name: "a file that cannot be read", line: "conf push cn", world: func(w *facts.Fleet, _ *regions.Fleet) {
				factstest.Edit(w, "cn-1", func(n *facts.Node) {
					g, _ := n.Ground.Get()
					g.Conf = facts.Missed[secret.Text](facts.TooLate, "no answer in 5s")
					n.Ground = facts.Saw(g)
				})
			},
			refuses: "what stands on cn-1 cannot be seen: no answer in 5s", fix: "diagnose cn-1", code: ops.Unseen,
		},
		{
			name: "a file that cannot work", line: "conf push cn", world: func(_ *facts.Fleet, f *regions.Fleet) {
				f.Regions[0].Nodes[0].Conf["listener.vmq.clustering"] = secret.Plain("0.0.0.0:44053")
			},
			refuses: "cn-1: listener.vmq.clustering is 0.0.0.0:44053", fix: "conf show cn-1", code: ops.Failed,
		},
		{
			name: "another nodename", line: "conf push cn", world: func(w *facts.Fleet, f *regions.Fleet) {
				lineOn("cn-1", "nodename = VerneMQ@10.0.0.1", "nodename = VerneMQ@10.0.0.9")(w, f)
				runsAs(w, "cn-1", "VerneMQ@10.0.0.9")
			},
			refuses: "with another nodename cn-1 is another member", fix: "replace cn-1", code: ops.Failed,
		},
		{
			name: "another cookie", line: "conf push cn", world: cookieOn("hunter2", "cn-1", "us-1"),
			refuses: "nodes with different values of distributed_cookie cannot talk, and not only cn-1 but also us-1 must change it", fix: "conf push all", code: ops.Failed,
		},
		{
			name: "another cookie, and a file that cannot be seen", line: "conf push cn",
			world: both(cookieOn("hunter2", "cn-1"), func(w *facts.Fleet, _ *regions.Fleet) {
				factstest.Edit(w, "us-1", func(n *facts.Node) {
					g, _ := n.Ground.Get()
					g.Conf = facts.Missed[secret.Text](facts.TooLate, "no answer in 5s.")
					n.Ground = facts.Saw(g)
				})
			}),
			refuses: "but also us-1 must change it", fix: "conf push all", code: ops.Failed,
		},
		{
			name: "another metadata store", line: "conf push cn", world: lineOn("cn-1", "metadata_plugin = vmq_plumtree", "metadata_plugin = vmq_swc"),
			refuses: "cn-1 would read none of its data", fix: "conf diff cn-1", code: ops.Failed,
		},
		{
			name: "another member is stopped", line: "conf push cn", world: func(w *facts.Fleet, f *regions.Fleet) { off(w, f, "eu-1") },
			refuses: "eu-1: a member that is not healthy", fix: "reattach eu-1", code: ops.Failed,
		},
		{
			name: "a host that cannot be seen", line: "conf push cn", world: func(w *facts.Fleet, _ *regions.Fleet) { factstest.Dead(w, "cn-1") },
			refuses: "cn-1: dial tcp", fix: "diagnose cn", code: ops.Unseen,
		},
	})
}

// The only node of a cluster may take another cookie: the broker is stopped
// before the file is written, or its own commands would not reach it.
func TestConfPushStopsBeforeItWrites(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	empty(&w, f, "sg-1", "us-1", "eu-1")
	sees(&w, f, "cn-1")
	cookieOn("hunter2", "cn-1")(&w, f)
	p, err := planOf(t, f, w, "conf push cn")
	if err != nil {
		t.Fatal(err)
	}
	at := func(want func(ops.Action) bool) int {
		return slices.IndexFunc(p.Steps, func(s ops.Step) bool { return want(s.Do) })
	}
	stops := at(func(a ops.Action) bool { _, ok := a.(ops.StopContainer); return ok })
	writes := at(func(a ops.Action) bool { _, ok := a.(ops.PutFiles); return ok })
	starts := at(func(a ops.Action) bool { _, ok := a.(ops.StartContainer); return ok })
	if stops < 0 || stops >= writes || writes >= starts {
		t.Errorf("stops %d, writes %d, starts %d:\n%s", stops, writes, starts, p)
	}
	if strings.Contains(p.String(), "hunter2") {
		t.Error(p)
	}
}

// What is undone after a failure, in reverse: the new broker stops, the old
// file comes back, the old broker starts and is made to serve.
func TestConfPushIsUndone(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	lineOn("cn-1", "outgoing_clustering_buffer_size = 16777216\n", "")(&w, f)
	p, err := planOf(t, f, w, "conf push cn")
	if err != nil {
		t.Fatal(err)
	}
	var undo []string
	for _, s := range slices.Backward(p.Steps) {
		if s.Undo != nil {
			word, _, _ := strings.Cut(strings.TrimPrefix(s.Undo.String(), "$ docker "), " ")
			undo = append(undo, word)
			if _, starts := s.Undo.(ops.StartContainer); starts && len(s.Restore) == 0 {
				t.Error("the old broker is not made to serve")
			}
		}
	}
	if got := strings.Join(undo, ", "); got != "stop, put, start" {
		t.Error(got)
	}
	golden(t, "conf-push-with-a-restart.txt", p.String())
}

// At run time each value that was known is put back, and the file with it.
func TestALivePushIsUndone(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	both(
		lineOn("cn-1", "allow_anonymous = off", "allow_anonymous = on"),
		lineOn("cn-1", "allow_publish_during_netsplit = on\n", ""),
	)(&w, f)
	p, err := planOf(t, f, w, "conf push cn")
	if err != nil {
		t.Fatal(err)
	}
	text := p.String()
	for _, want := range []string{
		"$ docker exec vernemq-release-cn-1 vmq-admin set allow_anonymous=off\n      undo        $ docker exec vernemq-release-cn-1 vmq-admin set allow_anonymous=on\n",
		"vmq-admin set allow_publish_during_netsplit=on\n      undo        none: what it was by default is not known",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "docker stop") || !p.Steps[len(p.Steps)-1].Final {
		t.Error(text)
	}
}

// Nodes that are restarted come before those that are only told, and never two
// are away.
func TestConfPushAll(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	lineOn("cn-1", "allow_anonymous = off", "allow_anonymous = on")(&w, f)
	for _, name := range []string{"us-1", "eu-1"} {
		lineOn(name, "outgoing_clustering_buffer_size = 16777216\n", "")(&w, f)
	}
	p, err := planOf(t, f, w, "conf push all")
	if err != nil {
		t.Fatal(err)
	}
	wellPlanned(t, f, p)
	var order []string
	for _, s := range p.Steps {
		switch s.Do.(type) {
		case ops.StopContainer:
			order = append(order, s.Node+" away")
		case ops.PutFiles:
			order = append(order, s.Node)
		}
		if s.Final {
			order = append(order, s.Node+" final")
		}
	}
	if got := strings.Join(order, ", "); got != "us-1 away, us-1, us-1 final, eu-1 away, eu-1, eu-1 final, cn-1, cn-1 final" {
		t.Error(got)
	}
	if !strings.Contains(titles(p), "Watch us-1 for 30s") {
		t.Errorf("the first is not watched for longer:\n%s", titles(p))
	}
}

func runsAs(w *facts.Fleet, node, name string) {
	factstest.Edit(w, node, func(n *facts.Node) {
		b, _ := n.Broker.Get()
		p, _ := b.Process.Get()
		p.Name = name
		b.Process = facts.Saw(p)
		n.Broker = facts.Saw(b)
	})
}

// A name that was edited behind the back of a broker that runs by the planned
// one is put right, and not taken for another member.
func TestConfPushPutsAnEditedNameRight(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	lineOn("cn-1", "nodename = VerneMQ@10.0.0.1", "nodename = VerneMQ@10.0.0.9")(&w, f)
	p, err := planOf(t, f, w, "conf push cn")
	if err != nil || !strings.Contains(p.String(), "docker stop") {
		t.Errorf("%v\n%s", err, p)
	}
}
