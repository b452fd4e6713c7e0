package checks_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
)

// A story is one failure as it was lived through, moment by moment: what
// changes in the world, and everything that is then bad, with what to type.
type moment struct {
	name    string
	happens func(*world)
	bad     []string // "check where: row: command", sorted; "by hand" when no verb repairs it
}

func tell(t *testing.T, moments []moment) {
	t.Helper()
	w := healthy()
	for _, m := range moments {
		m.happens(w)
		var got []string
		for _, o := range w.judgeAll() {
			wellSaid(t, w.fleet, o)
			if o.Verdict != checks.Bad {
				continue
			}
			way := o.Repair
			if way == "" {
				way = "by hand"
			}
			got = append(got, o.Check+" "+o.Where()+": "+o.Row+": "+way)
		}
		slices.Sort(got)
		slices.Sort(m.bad)
		if !slices.Equal(got, m.bad) {
			t.Errorf("%s: bad is\n    %s\nwant\n    %s", m.name, strings.Join(got, "\n    "), strings.Join(m.bad, "\n    "))
		}
	}
}

// quiet makes every message into cn vanish, as when its port is not bound.
func quiet(w *world) {
	for _, from := range []string{"sg-1", "us-1", "eu-1"} {
		w.crossed(from, "cn-1", facts.Missed[time.Duration](facts.TooLate, "5 published, 5 acknowledged, none arrived"))
	}
}

// turnedAway is what the probe meets everywhere while a member is away and
// the netsplit switches are off.
func turnedAway(w *world) { refusedEverywhere("CONNACK 3, broker unavailable")(w) }

func whole(w *world) { *w = *healthy() }

// docker restart of a container without the gate, with VerneMQ's default
// switches: vernemq-real.md, E1 and E2.
func TestStoryOfADockerRestart(t *testing.T) {
	into := []string{"mqtt sg-1->cn-1: : reattach cn-1", "mqtt us-1->cn-1: : reattach cn-1", "mqtt eu-1->cn-1: : reattach cn-1"}
	tell(t, []moment{
		{"before", func(*world) {}, nil},
		{"the container is back, its address is not", func(w *world) {
			w.addresses("cn-1", "127.0.0.1 172.17.0.2")
			w.vernemq("cn-1", noPong)
			w.network("cn-1", func(n *facts.Netns) {
				n.Sockets = []facts.Socket{listen("0.0.0.0:1883"), listen("0.0.0.0:1889"), listen("0.0.0.0:1900"), listen("0.0.0.0:4369")}
			})
			for _, n := range names[1:] {
				stopped(w, n, "VerneMQ@10.0.0.1")
			}
			turnedAway(w)
		}, append([]string{
			"ip cn-1: F1: reattach cn-1", "broker cn-1: F3: reattach cn-1",
			"cluster sg-1->cn-1: F6: by hand", "cluster us-1->cn-1: F6: by hand", "cluster eu-1->cn-1: F6: by hand",
		}, refusedLinks()...)},
		{"somebody typed weave attach and is content", func(w *world) {
			whole(w)
			f2(w)
			quiet(w)
		}, append([]string{"port cn-1: F2: reattach cn-1"}, into...)},
		{"somebody typed listener start and is content", func(w *world) {
			alsoListens(w, cnPort)
			listeners(w, on44053("mqtt", "running", "10.0.0.1"))
		}, append([]string{"port cn-1: F2: reattach cn-1"}, into...)},
		{"bound in place", whole, nil},
	})
}

func refusedLinks() []string {
	var links []string
	for _, from := range names {
		for _, to := range names {
			if from != to {
				links = append(links, "mqtt "+from+"->"+to+": F7: by hand")
			}
		}
	}
	return links
}

// dockerd killed with SIGKILL: the container stays down, and after its start
// everything looks right while the old interfaces are still on the bridge.
func TestStoryOfDockerKilled(t *testing.T) {
	tell(t, []moment{
		{"Docker is gone", missDocker(facts.Down, "connection refused"), []string{"docker cn-1: : by hand"}},
		{"Docker is back, the container is not", func(w *world) {
			whole(w)
			inState("exited", nil)(w)
			missNetns("cn-1", facts.Down, "exited")(w)
		}, []string{"container cn-1: : reattach cn-1 --start"}},
		{"views and port are right, messages do not pass", func(w *world) {
			whole(w)
			w.at("cn-1", func(n *facts.Node) {
				change(&n.Host, func(h *facts.Host) { h.StaleVeths = []string{"vethwepl815"} })
			})
			quiet(w)
		}, []string{"mqtt sg-1->cn-1: : by hand", "mqtt us-1->cn-1: : by hand", "mqtt eu-1->cn-1: : by hand", "veth cn-1: : by hand"}},
	})
}

// A dead host: nothing is said of what cannot be seen, and what the others
// say of it is theirs.
func TestStoryOfADeadHost(t *testing.T) {
	tell(t, []moment{
		{"it does not answer", func(w *world) { w.unsee("eu-1") }, []string{"host eu-1: : by hand"}},
		{"a minute later the others have noticed", func(w *world) {
			for _, n := range names[:3] {
				stopped(w, n, "VerneMQ@10.0.0.4")
			}
		}, []string{"host eu-1: : by hand", "cluster cn-1->eu-1: F6: by hand", "cluster sg-1->eu-1: F6: by hand", "cluster us-1->eu-1: F6: by hand"}},
	})
}

// The words of the runbook's worst hour: one view that knows better is enough
// not to say that cluster show is green.
func TestCallsTheViewsGreenOnlyWhenAllAre(t *testing.T) {
	for _, c := range []struct {
		name   string
		broken func(*world)
		green  bool
	}{
		{"every view", f2, true},
		{"one view shows it stopped", func(w *world) { f2(w); stopped(w, "us-1", "VerneMQ@10.0.0.1") }, false},
		{"one view does not know it", func(w *world) { f2(w); forgets(w, "us-1", "VerneMQ@10.0.0.1") }, false},
		{"one view was not read", func(w *world) { f2(w); w.unsee("us-1") }, true},
		{"no view was read", func(w *world) { f2(w); baseLook(w) }, false},
	} {
		w := healthy()
		c.broken(w)
		o := checks.One(w.fleet, w.seen, w.node(t, "cn-1"), "port")
		const words = "cluster show says running, but 44053 is not bound"
		if got := strings.Contains(o.Evidence, words); got != c.green || o.Verdict != checks.Bad {
			t.Errorf("%s: %s: %s", c.name, o.Verdict, o.Evidence)
		}
	}
}
