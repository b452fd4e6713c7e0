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
	"vmqbot/shape"
	"vmqbot/vernemq"
)

const imageID = "sha256:0123456789abcdef"

// ground lets every host of a world be deployed to: room on its disk, the
// planned image, data on the host.
func ground(w *facts.Fleet, f *regions.Fleet) {
	for _, n := range f.Nodes() {
		factstest.Edit(w, n.Name, func(seen *facts.Node) {
			seen.Ground = facts.Saw(facts.Ground{
				Arch: "amd64", Image: facts.Saw(facts.ImageDetail{ID: imageID, Arch: "amd64", OS: "linux"}),
				Conf:  facts.Saw(secret.New("nodename = " + n.ErlangName() + "\ndistributed_cookie = value-of-VERNEMQ_COOKIE\n")),
				Doors: facts.Missed[string](facts.Absent, "there is no such file"),
				Disks: map[string]facts.Disk{n.Volumes.Data: {Free: 50 << 30, Total: 100 << 30}},
				Data:  facts.Saw(int64(4 << 20)), InLayer: facts.Missed[int64](facts.Absent, "a volume holds it"), Nofile: 1048576,
			})
		})
	}
}

// runbook is a healthy fleet whose containers were made by hand.
func runbook(f *regions.Fleet) facts.Fleet {
	w := factstest.Healthy(f)
	ground(&w, f)
	for _, n := range f.Nodes() {
		factstest.Edit(&w, n.Name, func(seen *facts.Node) {
			c, _ := seen.Container.Get()
			c.RestartPolicy = "unless-stopped"
			seen.Container = facts.Saw(c)
		})
	}
	return w
}

// deployed is what deploy all leaves.
func deployed(f *regions.Fleet) facts.Fleet {
	w := runbook(f)
	for _, n := range f.Nodes() {
		adopted(&w, n)
	}
	return w
}

func adopted(w *facts.Fleet, n regions.Node) {
	factstest.Edit(w, n.Name, func(seen *facts.Node) {
		want := shape.Of(n, n.Image, 1048576)
		c, _ := seen.Container.Get()
		c.Labels, c.Health, c.HealthSays = want.Spec.Labels, "healthy", "running starts=1 crashes=0 exit=-1 for=own"
		seen.Container = facts.Saw(c)
		g, _ := seen.Ground.Get()
		g.Conf, g.Doors = facts.Saw(want.Conf), facts.Saw(want.Doors)
		seen.Ground = facts.Saw(g)
	})
}

// empty takes everything but Docker and weave from hosts.
func empty(w *facts.Fleet, f *regions.Fleet, names ...string) {
	gone := map[string]bool{}
	for _, name := range names {
		n, _ := f.Node(name)
		gone[n.ErlangName()] = true
		factstest.Edit(w, name, func(seen *facts.Node) {
			why := "there is no container " + n.Container
			seen.Container = facts.Missed[facts.Container](facts.Absent, why)
			seen.Netns = facts.Missed[facts.Netns](facts.Absent, why)
			seen.Broker = facts.Missed[facts.Broker](facts.Absent, why)
			d, _ := seen.Docker.Get()
			d.Containers = nil
			seen.Docker = facts.Saw(d)
			g, _ := seen.Ground.Get()
			g.Conf, g.Data = facts.Missed[secret.Text](facts.Absent, why), facts.Saw(int64(0))
			g.InLayer = facts.Missed[int64](facts.Absent, why)
			seen.Ground = facts.Saw(g)
		})
	}
	for _, n := range f.Nodes() {
		factstest.Edit(w, n.Name, func(seen *facts.Node) {
			b, ok := seen.Broker.Get()
			if !ok {
				return
			}
			view, _ := b.View.Get()
			b.View = facts.Saw(slices.DeleteFunc(slices.Clone(view), func(m vernemq.Member) bool { return gone[m.Node] }))
			seen.Broker = facts.Saw(b)
		})
	}
	w.Crossings = slices.DeleteFunc(w.Crossings, func(c facts.Crossing) bool {
		return slices.Contains(names, c.From) || slices.Contains(names, c.To)
	})
}

func planOf(t *testing.T, f *regions.Fleet, w facts.Fleet, line string) (ops.Plan, error) {
	t.Helper()
	c, r, err := Parse(strings.Fields(line), f)
	if err != nil {
		t.Fatal(err)
	}
	return c.Plan(r, ops.World{Fleet: f, Seen: w})
}
