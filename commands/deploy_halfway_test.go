package commands

import (
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/shape"
)

// half is a fleet in which a deploy of cn-1 was interrupted after it had
// stopped the old container.
func half(f *regions.Fleet) facts.Fleet {
	w := deployed(f)
	factstest.Edit(&w, "cn-1", func(n *facts.Node) {
		c, _ := n.Container.Get()
		c.State, c.Running, c.PID, c.RestartPolicy = "exited", false, 0, "no"
		n.Container = facts.Saw(c)
		besideIt(n, c, facts.Container{ID: "feedbeef00001111", Name: c.Name + ".next", State: "created"})
		why := "the container does not run"
		n.Netns, n.Broker = facts.Missed[facts.Netns](facts.Down, why), facts.Missed[facts.Broker](facts.Down, why)
	})
	return w
}

func besideIt(n *facts.Node, all ...facts.Container) {
	d, _ := n.Docker.Get()
	d.Containers = all
	n.Docker = facts.Saw(d)
}

// keptOnly has renamed it as well: nothing has the node's name.
func keptOnly(f *regions.Fleet) facts.Fleet {
	w := half(f)
	factstest.Edit(&w, "cn-1", func(n *facts.Node) {
		c, _ := n.Container.Get()
		node, _ := f.Node("cn-1")
		c.Name = shape.KeptName(node, c)
		n.Container = facts.Missed[facts.Container](facts.Absent, "there is no such container")
		besideIt(n, c, facts.Container{ID: "feedbeef00001111", Name: shape.NextName(node), State: "created"})
		g, _ := n.Ground.Get()
		g.Kept = []facts.Container{c}
		n.Ground = facts.Saw(g)
	})
	return w
}

func stepNamed(t *testing.T, p ops.Plan, title string) ops.Step {
	t.Helper()
	i := slices.IndexFunc(p.Steps, func(s ops.Step) bool { return strings.HasPrefix(s.Title, title) })
	if i < 0 {
		t.Fatalf("no step %q in\n%s", title, p)
	}
	return p.Steps[i]
}

func namesOf(steps []ops.Step) (all []string) {
	for _, s := range steps {
		all = append(all, s.Title)
	}
	return all
}

// A deploy that goes on where another was killed must be able to fail: the old
// container, which the dead one had stopped, serves again.
func TestDeployGoesOnAndCanFail(t *testing.T) {
	f := fleet(t)
	for _, tt := range []struct {
		name  string
		world facts.Fleet
		step  string
		first string
	}{
		{"stopped", half(f), "Keep the old container of cn-1", "Let Docker start the container of cn-1 again when the host restarts"},
		{"stopped and kept", keptOnly(f), "Put the new container of cn-1 in its place", "Give the kept container of cn-1 its name again"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := planOf(t, f, tt.world, "deploy cn --image airdroid/vernemq:2.1.3")
			if err != nil {
				t.Fatal(err)
			}
			if s := stepNamed(t, p, "Remove what an interrupted deploy"); s.Node != "cn-1" {
				t.Error(s.Node)
			}
			back := namesOf(stepNamed(t, p, tt.step).Restore)
			if len(back) == 0 || back[0] != tt.first || !slices.Contains(back, "Start the container of cn-1") || !slices.Contains(back, "Attach 10.0.0.1/24 to the container of cn-1") {
				t.Errorf("%q", back)
			}
			if s := stepNamed(t, p, "Write its vernemq.conf"); s.Undo == nil {
				t.Error("the vernemq.conf of before does not come back")
			}
		})
	}
}

// A copy that was interrupted is moved away, not deleted and not refused; data
// of anybody else still is.
func TestDeployGoesOnWithACopy(t *testing.T) {
	f := fleet(t)
	w := runbook(f)
	inLayer(&w)
	factstest.Edit(&w, "cn-1", func(n *facts.Node) {
		c, _ := n.Container.Get()
		c.State, c.Running, c.PID = "exited", false, 0
		n.Container = facts.Saw(c)
		besideIt(n, c, facts.Container{ID: "feedbeef00001111", Name: c.Name + ".next"})
		g, _ := n.Ground.Get()
		g.Data = facts.Saw(int64(1 << 20))
		n.Ground = facts.Saw(g)
	})
	p, err := planOf(t, f, w, "deploy cn")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(p.Steps, func(s ops.Step) bool { return strings.HasPrefix(s.Title, "Move what an interrupted deploy") })
	copied := slices.IndexFunc(p.Steps, func(s ops.Step) bool { return strings.HasPrefix(s.Title, "Copy the data of cn-1") })
	if at < 0 || copied < at || !strings.Contains(p.Steps[at].Do.String(), "data.feedbeef0000") {
		t.Errorf("%s", p)
	}
	factstest.Edit(&w, "cn-1", func(n *facts.Node) {
		c, _ := n.Container.Get()
		besideIt(n, c)
	})
	if _, err := planOf(t, f, w, "deploy cn"); err == nil || !strings.Contains(err.Error(), "holds other data") {
		t.Errorf("%v", err)
	}
}

// A bot that died right after it kept Docker from starting the container leaves
// a node that would not survive a reboot.
func TestDeployMendsTheRestartPolicy(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	factstest.Edit(&w, "cn-1", func(n *facts.Node) {
		c, _ := n.Container.Get()
		c.RestartPolicy = "no"
		n.Container = facts.Saw(c)
	})
	p, err := planOf(t, f, w, "deploy cn")
	if err != nil {
		t.Fatal(err)
	}
	if s := p.Steps[0].Do.String(); s != "$ docker update --restart unless-stopped vernemq-release-cn-1" {
		t.Errorf("%s\n%s", s, p)
	}
}

// A node that left must not be started as a broker of its own.
func TestStartRefusesWhoLeft(t *testing.T) {
	f := fleet(t)
	w := half(f)
	empty(&w, f, "cn-1")
	factstest.Edit(&w, "cn-1", func(n *facts.Node) {
		before, _ := half(f).Nodes["cn-1"].Container.Get()
		n.Container = facts.Saw(before)
		besideIt(n, before)
	})
	p, err := planOf(t, f, w, "start cn")
	if err == nil || !strings.Contains(err.Error(), "replace cn-1 begins it anew") || len(p.Steps) > 0 {
		t.Errorf("%v\n%s", err, p)
	}
}

// What cannot be seen of a member elsewhere is unknown, not bad.
func TestDeployDoesNotCallTheUnknownIll(t *testing.T) {
	f := fleet(t)
	w := runbook(f)
	factstest.Edit(&w, "eu-1", func(n *facts.Node) {
		b, _ := n.Broker.Get()
		b.Process = facts.Missed[facts.Process](facts.TooLate, "Docker did not answer in time")
		b.Ping = facts.Missed[bool](facts.TooLate, "Docker did not answer in time")
		n.Broker = facts.Saw(b)
	})
	_, err := planOf(t, f, w, "deploy cn")
	if ops.CodeOf(err) != ops.Unseen || !strings.Contains(err.Error(), "eu-1 is a member, and whether it is healthy cannot be seen") {
		t.Errorf("%v", err)
	}
}
