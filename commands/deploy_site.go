package commands

import (
	"cmp"
	"fmt"
	"slices"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/shape"
)

// site is one node as a deploy finds it.
type site struct {
	node   regions.Node
	blind  string // why it cannot be judged, or ""
	image  string // what it should run
	want   shape.Shape
	seen   facts.Node
	ground facts.Ground
	old    facts.Container // the container of its name; empty when there is none
	exists bool
	gated  bool   // the old container has a gate
	member bool   // the cluster knows it
	renew  bool   // a container must be made
	why    string // why it must
}

func survey(r ops.Request, w ops.World, n regions.Node) site {
	s := site{node: n, image: cmp.Or(r.Args["image"], n.Image), seen: w.Seen.Nodes[n.Name]}
	s.blind = blind(s.seen)
	if s.blind != "" {
		return s
	}
	var known bool
	if s.ground, known = s.seen.Ground.Get(); !known {
		s.blind = s.seen.Ground.Why()
		return s
	}
	s.old, s.exists = s.seen.Container.Get()
	s.gated = shape.Gated(s.old)
	s.member = slices.Contains(members(w), n.Name)
	s.want = shape.Of(n, s.image, s.ground.Nofile)
	s.why = s.drift()
	s.renew = s.why != ""
	return s
}

// drift says what keeps the container from being the planned one, or "".
func (s site) drift() string {
	image, _ := s.ground.Image.Get()
	have, _ := s.ground.Conf.Get()
	doors, _ := s.ground.Doors.Get()
	switch {
	case !s.exists:
		return "there is no container"
	case !s.gated:
		return "its container was not made by deploy: it has no gate"
	case s.old.ImageID != image.ID:
		return fmt.Sprintf("it runs %s (%s), want %s (%s)", s.old.Image, shortID(s.old.ImageID), s.image, shortID(image.ID))
	case !s.want.Made(s.old):
		return "its container was made from another specification"
	case have != s.want.Conf:
		return "its vernemq.conf is not the fleet file's: conf diff " + s.node.Name
	case s.member && doors != s.want.Doors:
		return "its MQTT ports are not the fleet file's"
	}
	return ""
}

// members are the nodes that the cluster knows: those that another node's own
// view names, and a node whose view names others. A node alone with itself is
// a member when no other cluster is there: it founded one.
func members(w ops.World) []string {
	named := map[string]bool{}
	var alone []string
	for _, n := range w.Fleet.Nodes() {
		b, _ := w.Seen.Nodes[n.Name].Broker.Get()
		view, ok := b.View.Get()
		if !ok {
			continue
		}
		for _, m := range view {
			if len(view) > 1 || m.Node != n.ErlangName() {
				named[m.Node] = true
			}
		}
		if len(view) == 1 && view[0].Node == n.ErlangName() {
			alone = append(alone, n.ErlangName())
		}
	}
	if len(named) == 0 && len(alone) == 1 {
		named[alone[0]] = true
	}
	var names []string
	for _, n := range w.Fleet.Nodes() {
		if named[n.ErlangName()] {
			names = append(names, n.Name)
		}
	}
	return names
}

func membersBut(w ops.World, n regions.Node) []string {
	return slices.DeleteFunc(members(w), func(name string) bool { return name == n.Name })
}

// serves reports whether a node is in full work as far as it alone can tell.
func serves(w ops.World, n regions.Node) bool {
	for _, c := range []string{"container", "ip", "broker", "port"} {
		if checks.One(w.Fleet, w.Seen, n, c).Verdict != checks.OK {
			return false
		}
	}
	return true
}
