package commands

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/regions"
)

// machines are nodes of which no two are on one machine.
func machines(nodes []regions.Node) []regions.Node {
	var one []regions.Node
	for _, n := range nodes {
		if !slices.ContainsFunc(one, n.Beside) {
			one = append(one, n)
		}
	}
	return one
}

// launched is the fleet as a router is launched for it: where the file names no
// range, with the one that the mesh has, for hosts with two refuse each other.
func launched(w ops.World) *regions.Fleet {
	fleet := *w.Fleet
	for _, n := range fleet.Nodes() {
		r, ok := w.Seen.Nodes[n.Name].Weave.Get()
		if fleet.Network.Range.IsValid() || !ok || r.IPAM == nil {
			continue
		}
		if p, err := netip.ParsePrefix(r.IPAM.Range); err == nil {
			fleet.Network.Range = p
		}
	}
	return &fleet
}

// mayLaunch refuses a launch that could not join the others: of a copy of
// another machine, and without the password that they have.
func (f *fabricator) mayLaunch(n regions.Node) error {
	if o := judge(f.w, n)("machine"); o.Verdict == checks.Bad {
		return ops.Errorf(ops.Refused, "doctor "+n.Name, "%s: %s. Weave would take both for one peer. By hand: %s.", n.Name, trim(o.Evidence), o.NoRepair)
	}
	if !f.w.Fleet.Network.Password.IsZero() {
		return nil
	}
	for _, p := range f.w.Fleet.Nodes() {
		if r, ok := f.w.Seen.Nodes[p.Name].Weave.Get(); ok && r.Encryption {
			return ops.Errorf(ops.Refused, "network up "+n.Name,
				"The router of %s has a password and the fleet file names none, so one that is launched on %s could not join it. Write network.password into the fleet file.", p.Name, n.Name)
		}
	}
	return nil
}

// apart says of a router that is right which connections are not: that is for
// people, and no reason to touch it.
func (f *fabricator) apart(n regions.Node) string {
	says := ""
	for _, o := range checks.Judge(f.w.Fleet, f.w.Seen, []regions.Node{n}, "peer") {
		if o.Verdict == checks.Bad && o.NoRepair != "" {
			says += "; " + trim(o.Evidence) + ": " + o.NoRepair
		}
	}
	return says
}

// prices are the notes on what the plan costs.
func (f *fabricator) prices() {
	for _, n := range f.again {
		f.p.Notes = append(f.p.Notes, fmt.Sprintf("price: while the router of %s is launched again, for some seconds, nothing passes between its host and the others; its container keeps its address, its clients stay", n.Name))
	}
	fresh := slices.Concat(f.begun, f.again)
	if len(fresh) == 0 || f.w.Fleet.Network.Password.IsZero() {
		return
	}
	var plain []string
	for _, n := range machines(f.w.Fleet.Nodes()) {
		r, ok := f.w.Seen.Nodes[n.Name].Weave.Get()
		if ok && r.Ready && !r.Encryption && !slices.ContainsFunc(fresh, n.Beside) {
			plain = append(plain, n.Name)
		}
	}
	if len(plain) > 0 {
		f.p.Notes = append(f.p.Notes, fmt.Sprintf("price: %s without a password, and nothing passes between them and %s until network up all", list(plain), strings.Join(nodeNames(fresh), ", ")))
	}
}

// prove ends the plan with what shows that the hosts are joined, and that no
// container has lost its address to a launch.
func (f *fabricator) prove() {
	fresh := slices.Concat(f.begun, f.again)
	for _, n := range f.w.Fleet.Nodes() {
		if !slices.ContainsFunc(fresh, n.Beside) {
			continue
		}
		switch judge(f.w, n)("ip").Verdict {
		case checks.OK:
			f.add(n, ops.Step{
				Title: "Prove that the container of " + n.Name + " still has its address", Node: n.Name,
				Do: ops.Wait{For: n.Address.String() + " in the container"}, Verify: []string{"ip"}, Timeout: 30 * time.Second,
			})
		case checks.Bad:
			f.p.Notes = append(f.p.Notes, n.Name+" has lost its address before: type reattach "+n.Name+" afterwards")
		}
	}
	for _, n := range append(fresh, f.told...) {
		if peers := f.reachable(n); len(peers) > 0 {
			f.add(n, ops.Step{
				Title: "Prove that " + n.Name + " is joined with the others", Node: n.Name, Among: peers,
				Do: ops.Wait{For: "weave's connections, both ways"}, Verify: []string{"peer"}, Timeout: 90 * time.Second,
			})
		}
	}
}

// reachable are the nodes with which a host can be proven to be joined: those
// whose router runs, or is launched by this plan, with the same password.
func (f *fabricator) reachable(n regions.Node) (names []string) {
	for _, p := range f.w.Fleet.Peers(n) {
		fresh := slices.ContainsFunc(slices.Concat(f.begun, f.again), p.Beside)
		r, ok := f.w.Seen.Nodes[p.Name].Weave.Get()
		ours := r.Encryption == !f.w.Fleet.Network.Password.IsZero() || slices.ContainsFunc(f.told, n.Beside)
		switch {
		case fresh, ok && r.Ready && ours:
			names = append(names, p.Name)
		case !slices.Contains(f.p.Unproven, p.Name) && (!ok || !r.Ready):
			f.p.Unproven = append(f.p.Unproven, p.Name)
			why := trim(judge(f.w, p)("router").Evidence)
			f.p.Notes = append(f.p.Notes, fmt.Sprintf("nothing can be proven towards %s: %s", p.Name, why))
		}
	}
	return names
}
