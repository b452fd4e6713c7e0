package checks

import (
	"fmt"
	"strings"

	"vmqbot/facts"
	"vmqbot/regions"
)

// LostNeed is what Lost compares.
var LostNeed = facts.Need{Counters: true}

// Lost says in one sentence what the peers of a node threw away for it between
// two looks at them, and what of it is not known; "" when it was nothing. The
// peers raise the counter late (vernemq-real.md, E1), with the next message for
// any node, so the second look belongs behind a message that has crossed.
// VerneMQ counts bytes and no messages, and does not say for whom: between the
// two looks nobody but this node may have been away.
func Lost(away regions.Node, peers []regions.Node, before, after facts.Fleet) string {
	var lost, dark []string
	for _, p := range peers {
		was, now := dropped(before.Nodes[p.Name]), dropped(after.Nodes[p.Name])
		switch {
		case nobodyThere(was): // it could not hold anything back
		case !was.OK():
			dark = append(dark, p.Name+" ("+reason(was)+")")
		case !now.OK():
			dark = append(dark, p.Name+" ("+reason(now)+")")
		default:
			a, _ := was.Get()
			b, _ := now.Get()
			if n := rise(a, b); n > 0 {
				lost = append(lost, fmt.Sprintf("%d bytes by %s", n, p.Name))
			}
		}
	}
	var text []string
	if len(lost) > 0 {
		text = append(text, fmt.Sprintf("While %s was away, messages for it were dropped: %s. Whoever published them was told that they had arrived; to hold back more, raise outgoing_clustering_buffer_size under conf.", away.Name, strings.Join(lost, ", ")))
	}
	if len(dark) > 0 {
		text = append(text, fmt.Sprintf("What was dropped for %s while it was away is not known of %s.", away.Name, strings.Join(dark, ", ")))
	}
	return strings.Join(text, " ")
}

// dropped is the counter of what a broker threw away for other nodes.
func dropped(n facts.Node) facts.Seen[int64] {
	if c, ok := n.Container.Get(); ok && !c.Running {
		return facts.Missed[int64](facts.Down, "it does not run")
	}
	if !n.Container.OK() {
		return facts.Missed[int64](n.Container.Blind(), reason(n.Container))
	}
	v, ok := n.Vitals.Get()
	if !ok {
		return facts.Missed[int64](n.Vitals.Blind(), reason(n.Vitals))
	}
	m, ok := v.Metrics.Get()
	if !ok {
		return facts.Missed[int64](v.Metrics.Blind(), reason(v.Metrics))
	}
	bytes, told := m["cluster_bytes_dropped"]
	if !told {
		return facts.Missed[int64](facts.Failed, "it does not count cluster_bytes_dropped")
	}
	return facts.Saw(int64(bytes))
}

func nobodyThere(s facts.Seen[int64]) bool {
	return s.Blind() == facts.Absent || s.Blind() == facts.Down
}
