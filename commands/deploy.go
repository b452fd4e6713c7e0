package commands

import (
	"cmp"
	"fmt"
	"slices"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "deploy",
	Summary: "Make nodes what the fleet file says, one after the other",
	Help: `Deploy takes each node from whatever it is, an empty host, a container of the
runbook or last month's version, to the container, image and vernemq.conf of
the fleet file. What is right already is left alone, so a second deploy is an
empty plan.

Before anything stops it looks at every host, refuses when a member that it
would leave serving is not healthy, and tries image and vernemq.conf of every
node in a throwaway container, and shows what changes in each vernemq.conf. Then, node
by node, the canary region of the fleet file first: the new container is
prepared beside the old one; the old broker is stopped cleanly and its
container kept under another name; data that lay in the container is copied to
the data folder; the new container starts behind its gate, gets its address,
binds its cluster port, joins if it is new, opens its MQTT ports, and is
watched until messages have crossed both ways for --soak seconds. A failure
puts that node back: the old broker serves again, proven by the same checks.
Nodes that were finished before stay as they are. When the bot itself is killed,
deploy again: it looks at what is there and goes on.

A node whose data the new image would not read is refused: VerneMQ 1.12 and later
choose another metadata_plugin than older ones unless the fleet file names it.
What is only a price is told in the plan: what its peers cannot hold back, a
change of the format on disk, and MQTT listeners that the gate cannot open (TLS,
websockets, and options that vmq-admin listener start does not take): the broker
opens them as soon as it starts.

While a node is away the others serve clients only with VerneMQ's four netsplit
switches on: the plan opens them where they are off, and puts them back.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "image", Text: "REF", Help: "this image instead of the fleet file's", Form: imageForm},
		{Name: "soak", Number: true, Default: 10, Min: 0, Max: 3600, Help: "seconds that each node must stay well before the next one; the first has three times as long"},
	},
	Examples: []Example{
		{"deploy eu", "make every node of eu what the fleet file says"},
		{"deploy all", "the same for the whole fleet, never two nodes at once"},
		{"deploy all --image airdroid/vernemq:2.1.3", "a rolling upgrade"},
		{"deploy cn-1 --soak 60", "watch it for a minute (three, as it is the first)"},
	},
	Role:   ops.Operator,
	Undo:   func(r ops.Request) string { return "rollback " + r.Target },
	Look:   func(r ops.Request) Look { return Look{Facts: deployNeed(r), Fleet: true} },
	Deeper: deployDeeper,
	Plan:   planDeploy,
})

func imageForm(s string) string {
	if regions.IsImage(s) {
		return ""
	}
	return "is no image reference like airdroid/vernemq:1.6.1"
}

func deployNeed(r ops.Request) facts.Need {
	need := checks.Need(repairs...)
	need.Broker, need.Ground, need.Image = facts.AskAll, true, r.Args["image"]
	return need
}

// deployDeeper sends messages only when every node is made as planned and
// nothing else is wrong, as reattach does.
func deployDeeper(r ops.Request, w ops.World) facts.Need {
	for _, n := range r.Nodes {
		s := survey(r, w, n)
		if s.blind != "" || s.renew || !s.member || !proven(w, n, membersBut(w, n), repairs) {
			return facts.Need{}
		}
	}
	return deployNeed(r).And(checks.Need(whole...))
}

// planDeploy looks at everything before it plans anything: what cannot be seen
// or is not fit refuses the whole, because the nodes depend on each other.
func planDeploy(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Deploy " + r.Target}
	if image := r.Args["image"]; image != "" {
		p.Title += " with " + image
	}
	sites := make([]site, 0, len(r.Nodes))
	for _, n := range r.Nodes {
		sites = append(sites, survey(r, w, n))
	}
	if err := groundRefusal(r, w, sites); err != nil {
		return p, err
	}
	d := &deployment{r: r, w: w, plan: &p, members: members(w)}
	if err := d.keepsData(sites); err != nil {
		return p, err
	}
	if err := d.keepsCookie(sites); err != nil {
		return p, err
	}
	p.Without = strangers(r, w)
	slices.SortStableFunc(sites, func(a, b site) int { return cmp.Compare(d.urgency(a), d.urgency(b)) })
	for _, s := range sites {
		if s.renew {
			d.add(d.try(s))
		}
	}
	d.tellConf(sites)
	d.tellFormats(sites)
	for _, s := range sites {
		d.node(s)
	}
	d.close()
	if image := r.Args["image"]; image != "" && !p.Empty() {
		for _, n := range r.Nodes {
			if n.Image != image {
				p.Notes = append(p.Notes, fmt.Sprintf("the fleet file still says %s for %s: change it, or the next deploy goes back", n.Image, n.Name))
				break
			}
		}
	}
	return p, nil
}

// deployment is a plan in the making. The members grow as it goes: what an
// earlier step joins, a later one finds there.
type deployment struct {
	r       ops.Request
	w       ops.World
	plan    *ops.Plan
	members []string        // names of the nodes that are in the cluster by now
	open    map[string]bool // nodes whose netsplit switches this plan has turned on
	soaked  bool
}

func (d *deployment) add(steps ...ops.Step) { d.plan.Steps = append(d.plan.Steps, steps...) }

func (d *deployment) note(format string, args ...any) {
	d.plan.Notes = append(d.plan.Notes, fmt.Sprintf(format, args...))
}

// urgency orders the nodes: a member that is down already comes first, so that
// never two are away; then the canary, which tells whether the rest should
// follow; the others as they stand in the fleet file.
func (d *deployment) urgency(s site) int {
	switch {
	case s.member && !serves(d.w, s.node):
		return 0
	case s.node.Region == d.w.Fleet.Rolling.Canary:
		return 1
	}
	return 2
}

// node brings one node to its shape.
func (d *deployment) node(s site) {
	before := len(d.plan.Steps)
	switch {
	case s.renew:
		d.replace(s)
	default:
		d.mend(s)
	}
	if len(d.plan.Steps) > before {
		d.plan.Locks = with(d.plan.Locks, s.node.Region)
	}
	if !slices.Contains(d.members, s.node.Name) {
		d.members = append(d.members, s.node.Name)
	}
}

// peers are the members but n, in the order of the file.
func (d *deployment) peers(n regions.Node) (names []string) {
	for _, p := range d.w.Fleet.Peers(n) {
		if slices.Contains(d.members, p.Name) {
			names = append(names, p.Name)
		}
	}
	return names
}
