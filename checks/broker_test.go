package checks_test

import (
	"testing"
	"time"

	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/vernemq"
)

func inBroker(edit func(*facts.Broker)) func(*world) {
	return func(w *world) { w.vernemq("cn-1", edit) }
}

func noProcess(b *facts.Broker) {
	b.Process = facts.Missed[facts.Process](facts.Down, "no VerneMQ process runs in it")
	noPong(b)
}

func noPong(b *facts.Broker) {
	b.Ping = facts.Saw(false)
	b.View = facts.Missed[[]vernemq.Member](facts.Down, "does not answer ping")
	b.Listeners = facts.Missed[[]vernemq.Listener](facts.Down, "does not answer ping")
	b.Switches = facts.Missed[map[string]bool](facts.Down, "does not answer ping")
}

// stopped makes one node's view show a member that does not run.
func stopped(w *world, viewer, member string) {
	w.vernemq(viewer, func(b *facts.Broker) {
		change(&b.View, func(view *[]vernemq.Member) {
			changed := append([]vernemq.Member{}, *view...)
			for i := range changed {
				if changed[i].Node == member {
					changed[i].Running = false
				}
			}
			*view = changed
		})
	})
}

// forgets takes a member out of one node's view.
func forgets(w *world, viewer, member string) {
	w.vernemq(viewer, func(b *facts.Broker) {
		change(&b.View, func(view *[]vernemq.Member) {
			var kept []vernemq.Member
			for _, m := range *view {
				if m.Node != member {
					kept = append(kept, m)
				}
			}
			*view = kept
		})
	})
}

func justStarted(w *world) {
	w.container("cn-1", func(c *facts.Container) { c.StartedAt = now.Add(-4 * time.Second) })
}

func TestBroker(t *testing.T) {
	table(t, "broker", []row{
		{name: "it runs and answers", verdict: fine, evidence: "runs as VerneMQ@10.0.0.1 and answers"},
		{name: "it runs, and its address is missing", broken: func(w *world) {
			w.vernemq("cn-1", noPong)
			w.addresses("cn-1", "127.0.0.1 172.17.0.2")
		}, verdict: wrong, evidence: "cannot be asked, because 10.0.0.1 is missing: it is not dead", effect: "neither enter nor leave cn", repair: "reattach cn-1", row: "F3"},
		{name: "it runs, its address is there, and it does not answer", broken: inBroker(noPong), verdict: wrong,
			evidence: "nodename or distributed_cookie", effect: "neither asked nor stopped", byHand: "put the old ones back", row: "F4"},
		{name: "it reads its store still, as only Erlang's own ports tell", broken: func(w *world) {
			w.vernemq("cn-1", noPong)
			w.container("cn-1", func(c *facts.Container) { c.StartedAt = now.Add(-2 * time.Minute) })
			w.network("cn-1", func(n *facts.Netns) { n.Sockets = []facts.Socket{listen("0.0.0.0:4369"), listen("0.0.0.0:9100")} })
		}, verdict: wrong, evidence: "still starting, which takes minutes where its store is large; the container started 2m0s ago", effect: "clients cannot connect to cn-1",
			byHand: "whoever restarts it begins anew", row: "F23"},
		{name: "it has just started and does not answer yet", broken: func(w *world) {
			w.vernemq("cn-1", noPong)
			justStarted(w)
		}, verdict: unknown, evidence: "it may be starting"},
		{name: "it has started within the second that the clock tells", broken: func(w *world) {
			w.vernemq("cn-1", noPong)
			w.container("cn-1", func(c *facts.Container) { c.StartedAt = now.Add(900 * time.Millisecond) })
		}, verdict: unknown, evidence: "it may be starting"},
		{name: "it does not answer, and the addresses cannot be read", broken: func(w *world) {
			w.vernemq("cn-1", noPong)
			missNetns("cn-1", facts.Unreadable, "garbled")(w)
		}, verdict: unknown, evidence: "whether its address is there is not known"},
		{name: "no process", broken: inBroker(noProcess), verdict: wrong, evidence: "no broker process in it", effect: "clients cannot connect to cn-1", repair: "reattach cn-1", row: "F22"},
		{name: "no process yet", broken: func(w *world) {
			w.vernemq("cn-1", noProcess)
			justStarted(w)
		}, verdict: unknown, evidence: "it may be starting"},
		{name: "the gate waits for the address", broken: func(w *world) {
			w.vernemq("cn-1", noProcess)
			justStarted(w)
			w.addresses("cn-1", "127.0.0.1")
		}, verdict: wrong, evidence: "waits for 10.0.0.1, which is missing", effect: "clients cannot connect", repair: "reattach cn-1", row: "F1"},
		{name: "it runs under another name", broken: inBroker(func(b *facts.Broker) {
			b.Process = facts.Saw(facts.Process{PID: 77, Name: "VerneMQ@127.0.0.1"})
		}), verdict: wrong, evidence: "runs as VerneMQ@127.0.0.1, want VerneMQ@10.0.0.1", effect: "the others wait for VerneMQ@10.0.0.1", byHand: "set nodename = VerneMQ@10.0.0.1", row: "F4"},
		{name: "it runs under a name that was not read", broken: inBroker(func(b *facts.Broker) {
			b.Process = facts.Saw(facts.Process{PID: 77})
		}), verdict: unknown, evidence: "its name could not be read"},
		{name: "ping hung", broken: inBroker(func(b *facts.Broker) { b.Ping = facts.Missed[bool](facts.TooLate, "no answer in 10s.") }), verdict: unknown, evidence: "vernemq ping: no answer in 10s"},
		{name: "the process list is garbled", broken: inBroker(func(b *facts.Broker) {
			b.Process = facts.Missed[facts.Process](facts.Unreadable, "no titles")
		}), verdict: unknown, evidence: "no titles"},
		{name: "it was not asked", broken: baseLook, verdict: unknown, evidence: "not looked at"},
		{name: "the container is stopped", broken: inState("exited", nil), verdict: unknown, evidence: "not checked: container is bad"},
	})
}

func TestCluster(t *testing.T) {
	table(t, "cluster", []row{
		{name: "it sees the peer running", where: "cn-1->eu-1", verdict: fine, evidence: "cn-1 sees eu-1 running"},
		{name: "it sees the peer stopped, and serves its clients", where: "cn-1->eu-1", broken: func(w *world) { stopped(w, "cn-1", "VerneMQ@10.0.0.4") }, verdict: wrong,
			evidence: "cn-1 sees eu-1 not running", effect: "dropped once 10 000 bytes", byHand: "ip, port and broker say of eu-1", row: "F6"},
		{name: "it sees the peer stopped, and refuses its clients", where: "cn-1->eu-1", broken: func(w *world) {
			stopped(w, "cn-1", "VerneMQ@10.0.0.4")
			switchOff(w, "allow_register_during_netsplit")
		}, verdict: wrong, evidence: "eu-1 not running", effect: "cn-1 refuses clients until", byHand: "eu-1", row: "F6"},
		{name: "only another node sees the peer stopped", where: "cn-1->eu-1", broken: func(w *world) { stopped(w, "us-1", "VerneMQ@10.0.0.4") }, verdict: fine, evidence: "running"},
		{name: "it sees another one stopped", where: "cn-1->sg-1", broken: func(w *world) { stopped(w, "cn-1", "VerneMQ@10.0.0.4") }, verdict: fine, evidence: "sg-1 running"},
		{name: "it does not know the peer", where: "cn-1->eu-1", broken: func(w *world) { forgets(w, "cn-1", "VerneMQ@10.0.0.4") }, verdict: wrong,
			evidence: "cn-1 does not know eu-1", effect: "no message passes between cn and eu", byHand: "replace the one that fewer nodes name", row: "F6"},
		{name: "a member whose name begins alike", where: "cn-1->eu-1", broken: func(w *world) {
			forgets(w, "cn-1", "VerneMQ@10.0.0.4")
			w.vernemq("cn-1", func(b *facts.Broker) {
				change(&b.View, func(v *[]vernemq.Member) { *v = append(*v, vernemq.Member{Node: "VerneMQ@10.0.0.40", Running: true}) })
			})
		}, verdict: wrong, evidence: "does not know eu-1", effect: "no message passes", byHand: "wait 20 s", row: "F6"},
		{name: "it does not see itself", where: "cn-1->eu-1", broken: func(w *world) { stopped(w, "cn-1", "VerneMQ@10.0.0.1") }, verdict: wrong,
			evidence: "cn-1 does not see itself running", effect: "dropped", byHand: "logs cn-1", row: "F6"},
		{name: "an empty view", where: "cn-1->eu-1", broken: inBroker(func(b *facts.Broker) { b.View = facts.Saw([]vernemq.Member{}) }), verdict: unknown, evidence: "lists nobody"},
		{name: "a garbled view", where: "cn-1->eu-1", broken: inBroker(func(b *facts.Broker) {
			b.View = facts.Missed[[]vernemq.Member](facts.Unreadable, "cut in the middle")
		}), verdict: unknown, evidence: "cut in the middle"},
		{name: "F2: the view is green, which proves nothing", where: "sg-1->cn-1", broken: f2, verdict: fine, evidence: "sg-1 sees cn-1 running"},
		{name: "the peer's host is not seen: the view is still this node's", where: "cn-1->eu-1", broken: func(w *world) {
			w.unsee("eu-1")
			stopped(w, "cn-1", "VerneMQ@10.0.0.4")
		}, verdict: wrong, evidence: "cn-1 sees eu-1 not running", effect: "dropped", byHand: "eu-1", row: "F6"},
		{name: "our own broker does not answer", where: "cn-1->eu-1", broken: inBroker(noPong), verdict: unknown, evidence: "not checked: broker is bad"},
	})
}

func TestGhost(t *testing.T) {
	add := func(ms ...vernemq.Member) func(*world) {
		return inBroker(func(b *facts.Broker) { change(&b.View, func(v *[]vernemq.Member) { *v = append(*v, ms...) }) })
	}
	const effect = "counts as a netsplit for ever"
	table(t, "ghost", []row{
		{name: "everybody is planned", verdict: fine, evidence: "knows no member that is not in the fleet file"},
		{name: "an old name that does not run", broken: add(vernemq.Member{Node: "VerneMQ@10.0.0.9"}), verdict: wrong,
			evidence: "cn-1 knows VerneMQ@10.0.0.9 (not running), which the fleet file does not", effect: effect,
			byHand: "forgot: evict VerneMQ@10.0.0.9", row: "F8"},
		{name: "one that was forced out and came back", broken: add(vernemq.Member{Node: "VerneMQ@10.0.0.9", Running: true}), verdict: wrong,
			evidence: "VerneMQ@10.0.0.9 (running)", effect: effect, byHand: "evict VerneMQ@10.0.0.9", row: "F8"},
		{name: "two of them", broken: add(vernemq.Member{Node: "VerneMQ@10.0.0.8"}, vernemq.Member{Node: "VerneMQ@10.0.0.9"}), verdict: wrong,
			evidence: "VerneMQ@10.0.0.8 (not running), VerneMQ@10.0.0.9", effect: effect, byHand: "evict VerneMQ@10.0.0.8", row: "F8"},
		{name: "a planned address under another name", broken: add(vernemq.Member{Node: "vmq@10.0.0.1", Running: true}), verdict: wrong,
			evidence: "vmq@10.0.0.1", effect: effect, byHand: "evict vmq@10.0.0.1", row: "F8"},
		{name: "an empty view", broken: inBroker(func(b *facts.Broker) { b.View = facts.Saw([]vernemq.Member(nil)) }), verdict: unknown, evidence: "lists nobody"},
	})
}

func switchOff(w *world, names ...string) {
	w.vernemq("cn-1", func(b *facts.Broker) {
		on, _ := b.Switches.Get()
		for _, n := range names {
			on[n] = false
		}
	})
}

func TestSwitches(t *testing.T) {
	const effect = "while any one node is stopped or cut off, cn-1 refuses clients"
	table(t, "switches", []row{
		{name: "all four are on", verdict: fine, evidence: "as they should be"},
		{name: "one is off", broken: func(w *world) { switchOff(w, "allow_publish_during_netsplit") }, verdict: wrong,
			evidence: "off: allow_publish_during_netsplit", effect: effect, byHand: "vmq-admin set allow_publish_during_netsplit=on", row: "F7"},
		{name: "two are off, as by default", broken: func(w *world) {
			switchOff(w, "allow_subscribe_during_netsplit", "allow_register_during_netsplit")
		}, verdict: wrong, evidence: "off: allow_register_during_netsplit, allow_subscribe_during_netsplit", effect: effect, byHand: "allow_register_during_netsplit=on", row: "F7"},
		{name: "one is off because the fleet file says so", broken: func(w *world) {
			switchOff(w, "allow_publish_during_netsplit")
			w.plan("cn-1", func(n *regions.Node) {
				n.Conf = map[string]secret.Word{"allow_publish_during_netsplit": secret.Plain("off")}
			})
		}, verdict: fine, evidence: "as they should be"},
		{name: "one is off although the fleet file turns it on", broken: func(w *world) {
			switchOff(w, "allow_publish_during_netsplit")
			w.plan("cn-1", func(n *regions.Node) {
				n.Conf = map[string]secret.Word{"allow_publish_during_netsplit": secret.Plain("on")}
			})
		}, verdict: wrong, evidence: "off: allow_publish", effect: effect, byHand: "=on", row: "F7"},
		{name: "one is on although the fleet file turns it off: left open", broken: func(w *world) {
			w.plan("cn-1", func(n *regions.Node) {
				n.Conf = map[string]secret.Word{"allow_publish_during_netsplit": secret.Plain("off")}
			})
		}, verdict: wrong, evidence: "on, though the fleet file says off: allow_publish_during_netsplit", effect: "is lost", repair: "start all", row: "F7"},
		{name: "the broker tells three of them", broken: inBroker(func(b *facts.Broker) {
			on, _ := b.Switches.Get()
			delete(on, "allow_unsubscribe_during_netsplit")
		}), verdict: unknown, evidence: "does not tell allow_unsubscribe_during_netsplit"},
		{name: "the broker tells none", broken: inBroker(func(b *facts.Broker) { b.Switches = facts.Saw(map[string]bool(nil)) }), verdict: unknown, evidence: "does not tell"},
		{name: "the answer is garbled", broken: inBroker(func(b *facts.Broker) {
			b.Switches = facts.Missed[map[string]bool](facts.Unreadable, "neither on nor off.")
		}), verdict: unknown, evidence: "neither on nor off"},
	})
}
