package checks_test

import (
	"testing"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/vernemq"
	"vmqbot/weave"
)

// past remembers looks at the world as it is, the last of them now; edit says
// what one of them saw of a node, from the first, and the last one is what is
// seen now.
func (w *world) past(node string, looks int, apart time.Duration, edit func(i int, n *facts.Node)) {
	for i := range looks {
		seen := w.seen
		seen.Nodes = map[string]facts.Node{}
		for name, n := range w.seen.Nodes {
			seen.Nodes[name] = n
		}
		seen.At = now.Add(-apart * time.Duration(looks-1-i))
		n := seen.Nodes[node]
		edit(i, &n)
		seen.Nodes[node] = n
		w.seen.Past = w.seen.Past.With(seen)
		if i == looks-1 {
			w.seen.Nodes = seen.Nodes
		}
	}
}

// counters is a past of one look every 30 s.
func counters(looks int, of func(i int) vernemq.Metrics) func(*world) {
	return func(w *world) {
		w.past("cn-1", looks, 30*time.Second, func(i int, n *facts.Node) {
			change(&n.Vitals, func(v *facts.Vitals) { v.Metrics = facts.Saw(of(i)) })
		})
	}
}

func dropping(bytes ...float64) func(*world) {
	return counters(len(bytes), func(i int) vernemq.Metrics { return vernemq.Metrics{"cluster_bytes_dropped": bytes[i]} })
}

func TestDropped(t *testing.T) {
	const effect = "that were acknowledged to them, are lost"
	table(t, "dropped", []row{
		{name: "never", broken: dropping(0, 0), verdict: fine, evidence: "does not rise, it is 0"},
		{name: "a high level that rests", broken: dropping(71379, 71379, 71379), verdict: fine, evidence: "does not rise, it is 71379"},
		{name: "it rises", broken: dropping(0, 0, 35123), verdict: wrong, evidence: "rose by 35123 within 3m0s", effect: effect, byHand: "channel, port and cluster", row: "F2"},
		{name: "it rose a moment ago", broken: dropping(0, 500, 500, 500), verdict: wrong, evidence: "rose by 500", effect: effect, byHand: "stays lost", row: "F2"},
		{name: "it rose before that", broken: dropping(0, 500, 500, 500, 500, 500, 500, 500, 500), verdict: fine, evidence: "it is 500"},
		{name: "the broker started anew", broken: dropping(71379, 0, 0), verdict: fine, evidence: "it is 0"},
		{name: "the broker started anew and drops", broken: dropping(71379, 12), verdict: wrong, evidence: "rose by 12", effect: effect, byHand: "lost", row: "F2"},
		{name: "one look is no difference", broken: dropping(500), verdict: fine, evidence: "it is 500"},
		{name: "nobody remembers", verdict: unknown, evidence: "nobody remembers"},
		{name: "a broker without this counter", broken: counters(2, func(int) vernemq.Metrics { return vernemq.Metrics{"queue_message_in": 1} }), verdict: unknown, evidence: "lack cluster_bytes_dropped"},
		{name: "they were not read now", broken: and(dropping(0, 0), func(w *world) {
			w.fares("cn-1", func(v *facts.Vitals) { v.Metrics = facts.Missed[vernemq.Metrics](facts.Unreadable, "garbled") })
		}), verdict: unknown, evidence: "garbled"},
	})
}

func TestNetsplit(t *testing.T) {
	splits := func(open ...float64) func(*world) {
		return counters(len(open), func(i int) vernemq.Metrics {
			return vernemq.Metrics{"cluster_bytes_dropped": 0, "queue_message_in": float64(100 + i), "netsplit_detected": 2 + open[i], "netsplit_resolved": 2}
		})
	}
	table(t, "netsplit", []row{
		{name: "all are resolved", broken: splits(0, 0), verdict: fine, evidence: "no netsplit is open"},
		{name: "one opened", broken: splits(0, 0, 1), verdict: wrong, evidence: "counts 1 netsplits more", effect: "refuses clients", byHand: "bring the member back", row: "F7"},
		{name: "it was resolved", broken: splits(0, 1, 1, 0), verdict: fine, evidence: "no netsplit is open"},
		{name: "one that nobody will ever resolve", broken: splits(1, 1, 1), verdict: fine, evidence: "1 were never counted as resolved"},
		{name: "the broker started anew", broken: counters(3, func(i int) vernemq.Metrics {
			return []vernemq.Metrics{
				{"cluster_bytes_dropped": 0, "queue_message_in": 100}, {"cluster_bytes_dropped": 0, "queue_message_in": 0, "netsplit_detected": 1},
				{"cluster_bytes_dropped": 0, "queue_message_in": 1, "netsplit_detected": 1},
			}[i]
		}), verdict: fine, evidence: "never counted as resolved"},
	})
}

func TestQueue(t *testing.T) {
	queued := func(looks int, of func(i int) float64) func(*world) {
		return counters(looks, func(i int) vernemq.Metrics {
			return vernemq.Metrics{"cluster_bytes_dropped": 0, "queue_message_in": 1e6 + of(i), "queue_message_out": 1e6}
		})
	}
	table(t, "queue", []row{
		{name: "they rest", broken: queued(120, func(int) float64 { return 50000 }), verdict: fine, evidence: "changed by 0 messages"},
		{name: "they grow", broken: queued(120, func(i int) float64 { return 200 * float64(i) }), verdict: wrong, evidence: "23800 messages more wait in the queues of cn-1 than 59m30s ago",
			effect: "the memory and the disk of cn-1 fill", byHand: "persistent_client_expiration", row: "F30"},
		{name: "they grew once", broken: queued(120, func(i int) float64 { return 50000 * float64(min(i/60, 1)) }), verdict: fine, evidence: "changed by 50000"},
		{name: "they grow slowly", broken: queued(120, func(i int) float64 { return 50 * float64(i) }), verdict: fine, evidence: "changed by 5950"},
		{name: "it is too soon to say", broken: queued(20, func(i int) float64 { return 5000 * float64(i) }), verdict: fine, evidence: "no half hour yet"},
		{name: "the broker started anew", broken: queued(120, func(i int) float64 {
			if i < 100 {
				return 300 * float64(i)
			}
			return 10
		}), verdict: fine, evidence: "no half hour yet"},
	})
}

// echoes is a past of the link from cn-1 to sg-1: what came back of three
// packets in each look, and how long it took.
func echoes(looks int, of func(i int) (received int, rtt time.Duration)) func(*world) {
	return func(w *world) {
		for i := range looks {
			got, rtt := of(i)
			w.seen.Pings = []facts.Ping{{From: "cn-1", To: "sg-1", Echo: facts.Saw(facts.Echo{Sent: 3, Received: got, Avg: rtt})}}
			seen := w.seen
			seen.At = now.Add(-30 * time.Second * time.Duration(looks-1-i))
			w.seen.Past = w.seen.Past.With(seen)
		}
	}
}

func TestLoss(t *testing.T) {
	const at, effect = "cn-1->sg-1", "come late and in bursts"
	losing := func(looks int, received func(i int) int) func(*world) {
		return echoes(looks, func(i int) (int, time.Duration) { return received(i), 48 * time.Millisecond })
	}
	table(t, "loss", []row{
		{name: "nothing is lost", where: at, broken: losing(60, func(int) int { return 3 }), verdict: fine, evidence: "0 % of the packets of the last 20 looks were lost, usually 0 %"},
		{name: "three whole looks are lost by chance", where: at, broken: losing(60, func(i int) int { return 3 * min(1, (i+5)%6) }), verdict: fine, evidence: "15 %"},
		{name: "a third is lost", where: at, broken: losing(60, func(i int) int {
			if i >= 40 {
				return 2
			}
			return 3
		}), verdict: wrong, evidence: "33 % of the packets to sg-1 were lost in the last 20 looks, usually 0 %", effect: effect, byHand: "cn.example.net and sg.example.net", row: "F12"},
		{name: "a line that always loses a third", where: at, broken: losing(60, func(int) int { return 2 }), verdict: fine, evidence: "33 % of the packets of the last 20 looks were lost, usually 33 %"},
		{name: "everything is lost for five minutes", where: at, broken: losing(60, func(i int) int { return 3 * min(1, max(0, 50-i)) }), verdict: wrong, evidence: "50 %", effect: effect, byHand: "sleeve", row: "F12"},
		{name: "eight looks are too few", where: at, broken: losing(60, func(i int) int { return 3 * min(1, max(0, 52-i)) }), verdict: fine, evidence: "40 %"},
		{name: "the first looks of a watch", where: at, broken: losing(3, func(int) int { return 0 }), verdict: fine, evidence: "100 % of the packets of the last 3 looks"},
		{name: "nobody can ping", where: at, broken: func(w *world) {
			w.seen.Pings = []facts.Ping{{From: "cn-1", To: "sg-1", Echo: facts.Missed[facts.Echo](facts.Failed, "no ping in the container.")}}
		}, verdict: unknown, evidence: "no ping in the container"},
		{name: "nobody did", where: at, verdict: unknown, evidence: "no ping from cn-1 to sg-1"},
	})
}

func TestLatency(t *testing.T) {
	const at, effect = "cn-1->sg-1", "come later by as much"
	taking := func(looks int, rtt func(i int) time.Duration) func(*world) {
		return echoes(looks, func(i int) (int, time.Duration) { return 3, rtt(i) })
	}
	after := func(i int, before, later time.Duration) time.Duration {
		if i >= 40 {
			return later
		}
		return before
	}
	ms := time.Millisecond
	table(t, "latency", []row{
		{name: "far away as ever", where: at, broken: taking(60, func(int) time.Duration { return 231 * ms }), verdict: fine, evidence: "231ms there and back, usually 231ms"},
		{name: "far away and farther", where: at, broken: taking(60, func(i int) time.Duration { return after(i, 200*ms, 460*ms) }), verdict: wrong, evidence: "460ms there and back to sg-1, usually 200ms", effect: effect, byHand: "whoever carries the line"},
		{name: "a busy evening", where: at, broken: taking(60, func(i int) time.Duration { return after(i, 200*ms, 400*ms) }), verdict: fine, evidence: "usually 200ms"},
		{name: "near, and ten times as far", where: at, broken: taking(60, func(i int) time.Duration { return after(i, ms, 10*ms) }), verdict: fine, evidence: "10ms there and back"},
		{name: "near, and no longer", where: at, broken: taking(60, func(i int) time.Duration { return after(i, ms, 60*ms) }), verdict: wrong, evidence: "60ms there and back to sg-1, usually 1ms", effect: effect, byHand: "over another host"},
		{name: "a few slow looks", where: at, broken: taking(60, func(i int) time.Duration { return after(i+6, 200*ms, 900*ms) - 0 }), verdict: wrong, evidence: "900ms", effect: effect, byHand: "line"},
		{name: "nine slow looks of twenty", where: at, broken: taking(60, func(i int) time.Duration { return after(i-11, 200*ms, 900*ms) }), verdict: fine, evidence: "200ms there and back"},
		{name: "a watch that has begun", where: at, broken: taking(20, func(int) time.Duration { return 999 * ms }), verdict: fine, evidence: "no 30 looks before"},
		{name: "nothing comes back", where: at, broken: echoes(60, func(int) (int, time.Duration) { return 0, 0 }), verdict: unknown, evidence: "not checked: nothing came back from sg-1"},
		{name: "the address is lost", where: at, broken: and(taking(60, func(int) time.Duration { return ms }), has("127.0.0.1")), verdict: unknown, evidence: "ip is bad"},
	})
}

func TestMTU(t *testing.T) {
	const at, effect = "cn-1->sg-1", "large ones may stall"
	carried := func(node, to, carrier string, mtu int) func(*world) {
		return func(w *world) {
			w.router(node, func(r *weave.Report) {
				kept := append([]weave.Connection(nil), r.Connections...)
				for i := range kept {
					if kept[i].PeerName == mac(to) {
						kept[i].Carrier, kept[i].MTU = carrier, mtu
					}
				}
				r.Connections = kept
			})
		}
	}
	both := func(carrier string, mtu int) func(*world) {
		return and(carried("cn-1", "sg-1", carrier, mtu), carried("sg-1", "cn-1", carrier, mtu))
	}
	long := func(w *world) { echoes(60, func(int) (int, time.Duration) { return 3, time.Millisecond })(w) }
	table(t, "mtu", []row{
		{name: "as ever", where: at, broken: long, verdict: fine, evidence: "fastdp, mtu 1376"},
		{name: "sleeve from the beginning", where: at, broken: and(both("sleeve", 1438), long), verdict: fine, evidence: "sleeve, mtu 1438"},
		{name: "it fell back to sleeve", where: at, broken: and(long, both("sleeve", 1438)), verdict: wrong, evidence: "sleeve, mtu 1438, usually fastdp, mtu 1376", effect: effect, byHand: "open UDP 6784", row: "F11"},
		{name: "sleeve found less room", where: at, broken: and(both("sleeve", 1438), long, both("sleeve", 1300)), verdict: wrong, evidence: "sleeve, mtu 1300, usually 1438", effect: effect, byHand: "ping -M do -s 1272 10.0.0.2", row: "F12"},
		{name: "sleeve looked again", where: at, broken: and(both("sleeve", 1438), long, both("sleeve", 1410)), verdict: fine, evidence: "mtu 1410"},
		{name: "two hosts were launched differently", where: at, broken: carried("sg-1", "cn-1", "fastdp", 8916), verdict: wrong, evidence: "fastdp, mtu 1376, but 8916 at sg.example.net", effect: effect, byHand: "the same WEAVE_MTU", row: "F12"},
		{name: "no connection", where: at, broken: func(w *world) {
			w.router("sg-1", func(r *weave.Report) { r.Connections = nil })
		}, verdict: unknown, evidence: "not checked: weave's connection to sg-1 is not up"},
		{name: "not yet chosen", where: at, broken: both("", 0), verdict: unknown, evidence: "not yet chosen"},
		{name: "on one host", where: at, broken: func(w *world) {
			w.plan("sg-1", func(n *regions.Node) { n.Host = "cn.example.net" })
		}, verdict: fine, evidence: "same host"},
	})
}

// TestWithoutAPastTheyAreLeftOut, and nobody takes that for OK.
func TestWithoutAPastTheyAreLeftOut(t *testing.T) {
	w := healthy()
	judged := map[string]bool{}
	for _, o := range w.judgeAll() {
		judged[o.Check] = true
	}
	for _, c := range checks.All() {
		if c.Past && judged[c.Name] {
			t.Errorf("%s was judged and nobody remembers", c.Name)
		}
	}
	echoes(2, func(int) (int, time.Duration) { return 3, time.Millisecond })(w)
	for _, o := range w.judgeAll() {
		judged[o.Check] = true
	}
	for _, name := range []string{"dropped", "netsplit", "queue", "loss", "latency"} {
		if !judged[name] {
			t.Errorf("%s was not judged", name)
		}
	}
}
