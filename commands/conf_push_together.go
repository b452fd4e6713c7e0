package commands

import (
	"time"

	"vmqbot/ops"
)

// allAtOnce reports whether the files can be changed on all nodes together
// only: another cookie, which more than one of them does not have yet.
func (d *deployment) allAtOnce(pushes []push) bool {
	for _, p := range pushes {
		if otherCookie(p.site) && len(d.strayCookies(p.node)) > 0 {
			return true
		}
	}
	return false
}

// together stops every node, writes the files, and starts them again. It has
// no final step: one node with the old cookie beside the new ones is no
// cluster, so a failure anywhere undoes all of it.
func (d *deployment) together(all []push) {
	d.note("price: all nodes get another %s, and nodes with different ones cannot talk: every broker stops before the first file is written, and no client is served anywhere until they have started again", cookieKey)
	d.note("what is stored stays: members, sessions, offline and retained messages; messages that are under way when their node stops are lost")
	for _, s := range all {
		d.members = with(d.members, s.node.Name)
	}
	first := len(d.plan.Steps)
	for _, s := range all {
		d.add(d.halt(s.site)...)
	}
	d.backTogether(d.plan.Steps[first:], all)
	for _, s := range all {
		if !s.is.same() {
			d.add(s.write())
		}
	}
	for _, s := range all {
		d.add(d.startAnew(s.site), attach(d.w, s.node))
		d.plan.Locks = with(d.plan.Locks, s.node.Region)
	}
	for _, s := range all {
		d.add(awaitBroker(s.node))
	}
	for _, s := range all {
		d.add(doorsOpen(s.node))
	}
	for _, s := range all {
		d.add(proofs(s.node, d.peers(s.node))...)
	}
	hold := time.Duration(d.r.Number("soak")) * time.Second
	for _, s := range all {
		d.add(well(s.node, d.peers(s.node), hold, inWork...))
		hold = 0 // the others were watched meanwhile as its peers
	}
}

// backTogether gives each stop what its undo needs. They are undone in
// reverse, so the first one, which comes last, proves them all; until then one
// that does not come back must not keep the others from it.
func (d *deployment) backTogether(halts []ops.Step, all []push) {
	for i := range halts {
		n, _ := d.w.Fleet.Node(halts[i].Node)
		halts[i].Restore = []ops.Step{attach(d.w, n), awaitBroker(n)}
		for k := range halts[i].Restore {
			halts[i].Restore[k].MayFail = true
		}
		if i > 0 {
			continue
		}
		for _, s := range all {
			halts[i].Restore = append(halts[i].Restore, awaitBroker(s.node))
			halts[i].Restore = append(halts[i].Restore, proofs(s.node, d.peers(s.node))...)
		}
	}
}
