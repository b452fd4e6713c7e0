package commands

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"vmqbot/conf"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "conf push",
	Summary: "Write the fleet file's vernemq.conf and make the brokers take it",
	Help: `Compares as conf diff does, tries each new vernemq.conf in a throwaway container
before anything changes, and writes what differs; the file that was there stays
beside it as vernemq.conf.old. Changes that a running broker takes are set at
run time (vmq-admin set; new sessions follow them). Everything else takes a
restart, node by node: the broker is stopped cleanly before the file is written,
because VerneMQ's own commands read name and cookie from it, then started and
watched until messages cross. A failure puts the old file back, and a broker that
was stopped for it serves again.

Nodes with different cookies cannot talk, so another distributed_cookie is for
conf push all: it stops every node, writes every file and starts them again, and
tells that price, since no client is served meanwhile. A failure of one undoes it
on all. One node whose file alone says another cookie is put right by itself.

It refuses what no restart can do: another nodename is another member (replace),
and another metadata_plugin would read none of the data. Containers of the runbook
have no gate that would open the MQTT ports: deploy first.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "soak", Number: true, Default: 10, Min: 0, Max: 3600, Help: "seconds that each node that was restarted must stay well before the next one"},
	},
	Examples: []Example{
		{"conf push cn", "one region"},
		{"conf push all", "the whole fleet, never two nodes at once"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{Facts: workNeed, Fleet: true} },
	Plan: planConfPush,
})

// push is one node and what is to change there.
type push struct {
	site
	is compared
}

func planConfPush(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Push vernemq.conf to " + r.Target}
	d, sites, err := atWork(r, w, &p)
	if err != nil {
		return p, err
	}
	d.soaked = false
	var pushes []push
	for _, s := range sites {
		one := push{s, compare(s)}
		if err := d.pushable(one); err != nil {
			return p, err
		}
		if one.is.same() {
			d.note("%s is as the fleet file says", s.node.Name)
			continue
		}
		pushes = append(pushes, one)
	}
	for _, one := range pushes {
		d.add(d.try(one.site))
	}
	if d.allAtOnce(pushes) {
		d.together(every(sites))
		return p, nil
	}
	// Restarts come first: they turn switches on and back, by what was told.
	slices.SortStableFunc(pushes, func(a, b push) int { return cmp.Compare(d.ease(a), d.ease(b)) })
	for _, one := range pushes {
		d.push(one)
		p.Locks = with(p.Locks, one.node.Region)
	}
	if len(pushes) > 0 && d.ease(pushes[0]) == 0 {
		d.close()
	}
	return p, nil
}

// every is all of the target, also what is as planned: a broker reads its
// cookie once.
func every(sites []site) (all []push) {
	for _, s := range sites {
		all = append(all, push{s, compare(s)})
	}
	return all
}

// ease is 0 for a node that must be restarted and 1 for one that need not.
func (d *deployment) ease(s push) int {
	if _, can := s.sets(); can && s.is.live() && serves(d.w, s.node) {
		return 1
	}
	return 0
}

// pushable refuses what writing a file cannot bring about.
func (d *deployment) pushable(s push) error {
	n := s.node
	image, seen := s.ground.Image.Get()
	fail := func(fix, format string, args ...any) error {
		return ops.Errorf(ops.Failed, fix, "Nothing was done: "+format, args...)
	}
	switch {
	case !s.exists:
		return fail("deploy "+n.Name, "%s has no container.", n.Name)
	case !s.gated:
		return fail("deploy "+n.Name, "the container of %s has no gate, which would open the MQTT ports that this file leaves out. Deploy first.", n.Name)
	case !s.member && len(d.members) > 0:
		return fail("join "+n.Name, "%s is no member of the cluster, and its MQTT ports stay closed until it is one. Join it first.", n.Name)
	case s.is.blind != "":
		return ops.Errorf(ops.Unseen, "diagnose "+n.Name, "Nothing was done, because what stands on %s cannot be seen: %s.", n.Name, trim(s.is.blind))
	case !seen || s.old.ImageID != image.ID:
		return fail("deploy "+n.Name, "%s runs %s, and the file is made for %s. Deploy first.", n.Name, s.old.Image, s.image)
	}
	for _, p := range conf.Problems(n, conf.ParseVersion(s.image), nil) {
		if p.Stops {
			return fail("conf show "+n.Name, "%s: %s", n.Name, p)
		}
	}
	return d.onePerOne(s)
}

// onePerOne refuses what cannot be done one node after the other.
func (d *deployment) onePerOne(s push) error {
	n := s.node
	if err := d.oneCookie(s); err != nil || len(d.peers(n)) == 0 || s.is.missing || s.is.broken != nil {
		return err
	}
	v, want := conf.ParseVersion(s.image), conf.Render(n, conf.ParseVersion(s.image)).Settings
	if conf.FlipsMetadata(s.is.old, v, want, v) {
		return ops.Errorf(ops.Failed, "conf diff "+n.Name, "Nothing was done: with another metadata_plugin %s would read none of its data, and could not talk to the others. All nodes of a cluster must begin anew for it.", n.Name)
	}
	for _, c := range s.is.changes {
		if c.Key == "nodename" && conf.NeedsIdentity([]conf.Change{c}) && !runsAsPlanned(s.site) {
			return ops.Errorf(ops.Failed, "replace "+n.Name, "Nothing was done: with another nodename %s is another member, and the old name stays in the cluster for ever. It must leave and begin anew.", n.Name)
		}
	}
	return nil
}

// oneCookie refuses another cookie for a part of the nodes.
func (d *deployment) oneCookie(s push) error {
	if !otherCookie(s.site) || len(d.r.Nodes) == len(d.w.Fleet.Nodes()) {
		return nil
	}
	stray := d.strayCookies(s.node)
	if len(stray) == 0 {
		return nil
	}
	return ops.Errorf(ops.Failed, "conf push all", "Nothing was done: nodes with different values of %s cannot talk, and not only %s but also %s must change it. conf push all stops every node for it, and says so before.", cookieKey, s.node.Name, strings.Join(stray, ", "))
}

// runsAsPlanned reports a broker that has its planned name whatever the file
// says: somebody edited that behind its back, and nothing reaches it until the
// file is put right.
func runsAsPlanned(s site) bool {
	b, _ := s.seen.Broker.Get()
	p, ok := b.Process.Get()
	return ok && p.Name == s.node.ErlangName()
}

// push makes one node what its file says.
func (d *deployment) push(s push) {
	n := s.node
	if d.ease(s) == 1 {
		sets, _ := s.sets()
		d.add(s.write())
		d.add(sets...)
		d.add(ops.Step{
			Title: "See that " + n.Name + " serves as before", Node: n.Name,
			Do: ops.Wait{For: "the broker and its ports"}, Verify: []string{"broker", "port", "doors"}, Timeout: bootTime, Final: true,
		})
		return
	}
	d.note("%s needs a restart%s", n.Name, s.reason())
	d.shield(s.site)
	d.add(d.halt(s.site)...)
	d.add(s.write(), d.startAnew(s.site))
	d.add(d.revive(s.site)...)
	d.prove(s.site)
}

// reason names the first change that wants the restart.
func (s push) reason() string {
	for _, l := range s.is.lines() {
		if l.Restart {
			return fmt.Sprintf(" for %s", firstWord(l.Text))
		}
	}
	return ""
}
