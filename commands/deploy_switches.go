package commands

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vmqbot/checks"
	"vmqbot/conf"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// shield lets the other members serve their clients while a node is away:
// with VerneMQ's defaults one stopped node makes all others refuse
// (vernemq-real.md E3). It asks again for each node, because one that was
// started meanwhile has its file's values again.
func (d *deployment) shield(s site) {
	if !s.member || !slices.Contains(d.members, s.node.Name) {
		return
	}
	if price := d.price(s.node); price != "" {
		d.note("%s", price)
	}
	d.openOthers(s.node)
}

// openOthers turns the switches of the other members on.
func (d *deployment) openOthers(away regions.Node) {
	for _, n := range d.w.Fleet.Peers(away) {
		if !slices.Contains(d.members, n.Name) || d.open[n.Name] {
			continue
		}
		on := d.off(n)
		if len(on) == 0 {
			continue
		}
		step := setSwitches(n, on, "on")
		step.Title = fmt.Sprintf("Let %s serve its clients while others are away", n.Name)
		undo := setSwitches(n, on, "off")
		step.Undo, step.Around = undo.Do, true
		d.add(step)
		if d.open == nil {
			d.open = map[string]bool{}
		}
		d.open[n.Name] = true
	}
	d.open = without(d.open, away.Name) // it comes back with what its file says
}

// off are the switches of a running node that are off now: by what it told,
// or for a node that this plan has started, by its file.
func (d *deployment) off(n regions.Node) []string {
	b, _ := d.w.Seen.Nodes[n.Name].Broker.Get()
	told, seen := b.Switches.Get()
	return slices.DeleteFunc(slices.Clone(checks.Switches), func(name string) bool {
		if !seen || d.renewed(n.Name) {
			return planned(n, name) == "on"
		}
		return told[name]
	})
}

// renewed reports whether this plan has already started the node anew.
func (d *deployment) renewed(name string) bool {
	return slices.ContainsFunc(d.plan.Steps, func(s ops.Step) bool {
		_, starts := s.Do.(ops.StartContainer)
		return starts && s.Node == name
	})
}

// close puts every switch that is not as the file says back, those too that
// another bot left on.
func (d *deployment) close() {
	for _, n := range d.w.Fleet.Nodes() {
		if !slices.Contains(d.members, n.Name) {
			continue
		}
		b, _ := d.w.Seen.Nodes[n.Name].Broker.Get()
		told, _ := b.Switches.Get()
		var wrong []string
		for _, name := range checks.Switches {
			left := told[name] && !d.renewed(n.Name)
			if planned(n, name) == "off" && (left || d.open[n.Name]) {
				wrong = append(wrong, name)
			}
		}
		if len(wrong) == 0 {
			continue
		}
		step := setSwitches(n, wrong, "off")
		step.Title = fmt.Sprintf("Put the netsplit switches of %s back to off, as its vernemq.conf says", n.Name)
		step.NoUndo = "it is what the fleet file says"
		d.add(step)
		d.plan.Locks = with(d.plan.Locks, n.Region)
	}
}

// planned is what a node's file says; VerneMQ's default is off.
func planned(n regions.Node, name string) string {
	if w, ok := n.Conf[name]; ok {
		return w.Reveal()
	}
	return "off"
}

func setSwitches(n regions.Node, names []string, value string) ops.Step {
	argv := []string{"vmq-admin", "set"}
	for _, name := range names {
		argv = append(argv, name+"="+value)
	}
	return ops.Step{
		Node: n.Name, Do: ops.Exec{Container: n.Container, Argv: secret.Words(argv...), Judge: ops.Set}, Timeout: dockerTime,
	}
}

// price is what the absence of a node costs, told before it is approved: what
// is acknowledged for it waits in its peers' buffers, and beyond is lost.
func (d *deployment) price(n regions.Node) string {
	var small []string
	for _, p := range d.w.Fleet.Peers(n) {
		if !slices.Contains(d.members, p.Name) || d.renewed(p.Name) {
			continue
		}
		g, _ := d.w.Seen.Nodes[p.Name].Ground.Get()
		c, _ := d.w.Seen.Nodes[p.Name].Container.Get()
		text, known := g.Conf.Get()
		if !known || buffer(text.Reveal(), c.Image) < 1<<20 {
			small = append(small, p.Name)
		}
	}
	if len(small) == 0 {
		return ""
	}
	return fmt.Sprintf("price: while %s is away, %s keep only about 10 kB of messages for it; what is acknowledged beyond that is lost", n.Name, strings.Join(small, ", "))
}

// buffer is how many bytes a running broker holds back for an absent peer, by
// the file that it was started with and the image that it runs: what the fleet
// file plans for it says nothing of now.
func buffer(text, image string) int {
	settings, err := conf.Parse(text)
	if err != nil {
		return 0
	}
	if w, ok := settings.Get("outgoing_clustering_buffer_size"); ok {
		n, _ := strconv.Atoi(w.Reveal())
		return n
	}
	return conf.ParseVersion(image).Buffer()
}

func without(m map[string]bool, name string) map[string]bool {
	delete(m, name)
	return m
}
