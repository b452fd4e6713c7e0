package commands

import (
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/gate"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/vernemq"
)

const (
	drainGated = `
Keep Docker from starting the old container of eu-1 again
Keep the gate of eu-1 from starting a broker that has left
Close the MQTT ports of eu-1 to new clients
Move the sessions and queues of eu-1 to the others and take it out of the cluster
Stop the container of eu-1, whose broker has left
Close the doors of eu-1 for whoever starts it again`
	drainLoose = `
Keep Docker from starting the old container of eu-1 again
Close the MQTT ports of eu-1 to new clients
Move the sessions and queues of eu-1 to the others and take it out of the cluster
Stop the container of eu-1, whose broker has left`
)

func TestLeaveIn(t *testing.T) {
	deeds(t, []deed{
		{name: "a node that is alive", line: "leave eu-1", steps: drainGated, notes: "replace eu-1 brings it back"},
		{name: "a node of the runbook", line: "leave eu", byHand: true, steps: drainLoose},
		{name: "alive, and called dead", line: "leave eu-1 --dead", steps: drainGated, notes: "eu-1 is alive, so its queues move"},
		{
			name: "a lost host", line: "leave eu-1 --dead",
			world: func(w *facts.Fleet, f *regions.Fleet) { factstest.Dead(w, "eu-1"); seeAs(w, f, "eu-1", "stopped") },
			steps: "Take eu-1 out of the cluster", notes: "price: the offline messages that are stored on eu-1 are lost",
		},
		{
			name: "a stopped one that is given up", line: "leave eu-1 --dead", world: func(w *facts.Fleet, f *regions.Fleet) { off(w, f, "eu-1") },
			steps: "Keep Docker from starting the old container of eu-1 again\nTake eu-1 out of the cluster\nClose the doors of eu-1 for whoever starts it again",
		},
		{
			name: "one that lost its address and is given up", line: "leave eu-1 --dead",
			world: func(w *facts.Fleet, f *regions.Fleet) {
				factstest.Restarted(w, f, "eu-1")
				seeAs(w, f, "eu-1", "stopped")
			},
			steps: "Keep Docker from starting the old container of eu-1 again\nStop the container of eu-1\nTake eu-1 out of the cluster\nClose the doors of eu-1 for whoever starts it again",
		},
		{
			name: "it left before", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { off(w, f, "eu-1"); seeAs(w, f, "eu-1", "gone") },
			notes: "eu-1 is no member of the cluster, and its container does not run",
		},
		{
			name: "it left and its container still runs", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { brokerless(w, "eu-1"); seeAs(w, f, "eu-1", "gone") },
			steps: "Keep Docker from starting the old container of eu-1 again\nStop the container of eu-1, whose broker has left", notes: "what is missing",
		},
		{
			name: "a broker on its own", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { alone(w, f, "eu-1") },
			notes: "its broker runs on its own. join eu-1 takes it in",
		},
		{name: "an empty fleet", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { empty(w, f, "cn-1", "sg-1", "us-1", "eu-1") }, notes: "eu-1 is no member"},
		{name: "a lost host that is no member", line: "leave eu-1 --dead", world: func(w *facts.Fleet, f *regions.Fleet) { factstest.Dead(w, "eu-1"); seeAs(w, f, "eu-1", "gone") }, notes: "eu-1 is no member"},
	})
}

func TestLeaveRefuses(t *testing.T) {
	unread := func(name string) func(*facts.Fleet, *regions.Fleet) {
		return func(w *facts.Fleet, _ *regions.Fleet) {
			factstest.Edit(w, name, func(n *facts.Node) {
				b, _ := n.Broker.Get()
				b.View = facts.Missed[[]vernemq.Member](facts.TooLate, "no answer in 5s")
				n.Broker = facts.Saw(b)
			})
		}
	}
	deeds(t, []deed{
		{
			name: "a host that cannot be seen", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { factstest.Dead(w, "eu-1"); seeAs(w, f, "eu-1", "stopped") },
			refuses: "leave eu-1 --dead gives it up, with the offline messages", fix: "diagnose eu-1", code: ops.Unseen,
		},
		{
			name: "a host that only we cannot see", line: "leave eu-1 --dead", world: func(w *facts.Fleet, _ *regions.Fleet) { factstest.Dead(w, "eu-1") },
			refuses: "it is not dead: cn-1, sg-1, us-1 see it running", fix: "diagnose eu-1", code: ops.Failed,
		},
		{
			name: "a host that one other still sees", line: "leave eu-1 --dead",
			world: func(w *facts.Fleet, f *regions.Fleet) {
				factstest.Dead(w, "eu-1")
				seeAs(w, f, "eu-1", "stopped", "cn-1", "sg-1")
			},
			refuses: "us-1 sees it running", fix: "diagnose eu-1", code: ops.Failed,
		},
		{
			name: "a broker that is stopped", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { off(w, f, "eu-1") },
			refuses: "the messages stored on it cannot move", fix: "start eu-1", code: ops.Failed,
		},
		{
			name: "one that lost its cluster port", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { factstest.Unbound(w, f, "eu-1") },
			refuses: "eu-1 is not well: cluster show says running, but 44053 is not bound", fix: "reattach eu-1", code: ops.Failed,
		},
		{
			name: "one that lost its data", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { sees(w, f, "eu-1") },
			refuses: "it has lost its data", fix: "cluster", code: ops.Failed,
		},
		{
			name: "one that some see and some do not", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { seeAs(w, f, "eu-1", "stopped", "us-1") },
			refuses: "not every other node sees it running", fix: "cluster", code: ops.Failed,
		},
		{
			name: "one that is removed and came back", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { seeAs(w, f, "eu-1", "gone") },
			refuses: "counts itself a member, and no other node does", fix: "cluster", code: ops.Failed,
		},
		{
			name: "another member is dead", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { factstest.Dead(w, "cn-1"); seeAs(w, f, "cn-1", "stopped") },
			refuses: "cn-1 is a member and cannot be seen", fix: "diagnose eu-1", code: ops.Unseen,
		},
		{
			name: "another member is stopped", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { off(w, f, "cn-1") },
			refuses: "cn-1: a member that is not healthy", fix: "reattach cn-1", code: ops.Failed,
		},
		{
			name: "another is stopped too, and both are given up", line: "leave eu-1 --dead", world: func(w *facts.Fleet, f *regions.Fleet) { off(w, f, "eu-1"); off(w, f, "us-1") },
			refuses: "cn-1 sees us-1 not running. While a member is down, a leave hangs", fix: "cluster", code: ops.Failed,
		},
		{
			name: "the hosts of two are lost, and both are given up", line: "leave eu-1 --dead", world: func(w *facts.Fleet, f *regions.Fleet) {
				for _, n := range []string{"eu-1", "us-1"} {
					factstest.Dead(w, n)
					seeAs(w, f, n, "stopped")
				}
			},
			refuses: "take all of them out of the fleet file and type evict", fix: "cluster", code: ops.Failed,
		},
		{
			name: "one member sees another away", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { seeAs(w, f, "sg-1", "stopped", "us-1") },
			refuses: "us-1 sees sg-1 not running. While a member is down, a leave hangs", fix: "cluster", code: ops.Failed,
		},
		{
			name: "a member that nobody planned is down", line: "leave eu-1", world: func(w *facts.Fleet, _ *regions.Fleet) { ghostIn(w, "us-1") },
			refuses: "us-1 sees VerneMQ@10.0.0.9 (ghost) not running", fix: "cluster", code: ops.Failed,
		},
		{
			name: "the members do not agree", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { seeAs(w, f, "sg-1", "gone", "us-1") },
			refuses: "us-1 does not know sg-1", fix: "cluster", code: ops.Failed,
		},
		{
			name: "a view that cannot be read", line: "leave eu-1", world: unread("sg-1"),
			refuses: "whom sg-1 counts as a member cannot be seen: no answer in 5s", fix: "diagnose sg-1", code: ops.Unseen,
		},
		{
			name: "its own view cannot be read", line: "leave eu-1", world: unread("eu-1"),
			refuses: "its own view of the cluster cannot be read", fix: "diagnose eu-1", code: ops.Failed,
		},
		{
			name: "the only member", line: "leave eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { empty(w, f, "cn-1", "sg-1", "us-1"); sees(w, f, "eu-1") },
			refuses: "eu-1 is the only member", fix: "stop eu-1", code: ops.Failed,
		},
		{
			name: "everybody who could tell is lost", line: "leave eu-1 --dead",
			world: func(w *facts.Fleet, _ *regions.Fleet) {
				for _, name := range []string{"cn-1", "sg-1", "us-1", "eu-1"} {
					factstest.Dead(w, name)
				}
			},
			refuses: "whether cn-1 counts eu-1 as a member cannot be seen", fix: "diagnose cn-1", code: ops.Unseen,
		},
	})
	if _, _, err := Parse([]string{"leave", "all"}, fleet(t)); ops.CodeOf(err) != ops.Refused || !strings.Contains(err.Error(), "one node at a time") {
		t.Error(err)
	}
}

func ghostIn(w *facts.Fleet, name string) {
	factstest.Edit(w, name, func(n *facts.Node) {
		b, _ := n.Broker.Get()
		view, _ := b.View.Get()
		b.View = facts.Saw(append(slices.Clone(view), vernemq.Member{Node: "VerneMQ@10.0.0.9"}))
		n.Broker = facts.Saw(b)
	})
}

// Nothing of what keeps a node from serving again is undone once it has left,
// and until then all of it is.
func TestALeaveIsUndoneUntilItIsDone(t *testing.T) {
	f := fleet(t)
	p, err := planOf(t, f, deployed(f), "leave eu-1")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(p.Steps, func(s ops.Step) bool { return slices.Contains(s.Verify, "gone") })
	if at < 0 || !p.Steps[at].Final || !p.Steps[at].Drops || strings.Join(p.Steps[at].Among, " ") != "cn-1 sg-1 us-1" {
		t.Fatalf("the leave is not proven by the others, once and for all:\n%s", p)
	}
	for i, s := range p.Steps {
		if (s.Undo != nil) != (i < at) {
			t.Errorf("step %d (%s): undo %v", i+1, s.Title, s.Undo)
		}
	}
	shut := p.Steps[at-1]
	if len(shut.Restore) == 0 || !slices.Contains(shut.Restore[len(shut.Restore)-1].Verify, "doors") {
		t.Errorf("the ports are not proven to be open again: %+v", shut.Restore)
	}
	if text := p.String(); !strings.Contains(text, "cn-1: $ docker exec vernemq-release-cn-1 vmq-admin cluster leave node=VerneMQ@10.0.0.4 -k --timeout=300") {
		t.Error(text)
	}
}

// With the switches off, the others serve while views change, and are put back.
func TestLeaveOpensTheSwitchesOfThoseWhoStay(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	switchesOff(&w, f)
	factstest.Edit(&w, "eu-1", func(n *facts.Node) { // left on by somebody
		b, _ := n.Broker.Get()
		b.Switches = facts.Saw(map[string]bool{"allow_publish_during_netsplit": true})
		n.Broker = facts.Saw(b)
	})
	p, err := planOf(t, f, w, "leave eu-1")
	if err != nil {
		t.Fatal(err)
	}
	text := titles(p)
	for _, stays := range []string{"cn-1", "sg-1", "us-1"} {
		if !strings.Contains(text, "Let "+stays+" serve its clients") || !strings.Contains(text, "Put the netsplit switches of "+stays+" back to off") {
			t.Errorf("%s:\n%s", stays, text)
		}
	}
	if strings.Contains(text, "switches of eu-1") || strings.Contains(p.String(), "price:") {
		t.Errorf("eu-1 is gone, and nothing waits for it:\n%s", p)
	}
}

// The lost host takes no part: no step runs there, and no lock is taken there.
func TestALostHostIsNotTouched(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	factstest.Dead(&w, "eu-1")
	seeAs(&w, f, "eu-1", "stopped")
	p, err := planOf(t, f, w, "leave eu-1 --dead")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "leave-a-lost-host.txt", p.String())
	if !slices.Equal(p.Without, []string{"eu-1"}) || !slices.Equal(p.Locks, []string{"eu"}) {
		t.Errorf("without %v, locks %v", p.Without, p.Locks)
	}
	for _, s := range p.Steps {
		if on, ok := s.Do.(ops.On); s.Node == "eu-1" && (!ok || on.Node == "eu-1") {
			t.Errorf("%s runs on the lost host: %s", s.Title, s.Do)
		}
	}
	if !strings.Contains(p.String(), "If it comes back it takes itself for a member") {
		t.Error(p)
	}
}

// A host that was given up keeps nobody from working on the others.
func TestWhoWasGivenUpIsDoneWithout(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	factstest.Dead(&w, "eu-1")
	seeAs(&w, f, "eu-1", "gone")
	for _, line := range []string{"restart cn", "leave us-1", "deploy cn", "stop sg-1"} {
		p, err := planOf(t, f, w, line)
		if err != nil || !slices.Equal(p.Without, []string{"eu-1"}) {
			t.Errorf("%s: without %v, %v", line, p.Without, err)
		}
	}
}

// The hold is released by the undo only while the broker is there.
func TestReleaseSparesABrokerThatHasLeft(t *testing.T) {
	undo := hold(regions.Node{Name: "eu-1", Container: "c"}).Undo.String()
	if !strings.Contains(undo, "vernemq ping") || !strings.Contains(undo, gate.HoldFile) {
		t.Error(undo)
	}
}
