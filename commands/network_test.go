package commands

import (
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/weave"
)

// unlaunched takes weave's router from hosts; state is that of the container
// that is left, or "" for none.
func unlaunched(w *facts.Fleet, f *regions.Fleet, state string, names ...string) {
	for _, name := range names {
		factstest.Edit(w, name, func(n *facts.Node) {
			n.Weave = facts.Missed[weave.Report](facts.Down, "nothing listens on 127.0.0.1:6784")
			d, _ := n.Docker.Get()
			if state != "" {
				d.Containers = append(slices.Clone(d.Containers), facts.Container{Name: "weave", Image: "weaveworks/weave:2.6.5", State: state})
			}
			n.Docker = facts.Saw(d)
		})
	}
	gone := map[string]bool{}
	for _, name := range names {
		n, _ := f.Node(name)
		gone["mac-"+n.Host] = true
	}
	for _, n := range f.Nodes() {
		routerOf(w, n.Name, func(r *weave.Report) {
			r.Connections = slices.DeleteFunc(slices.Clone(r.Connections), func(c weave.Connection) bool { return gone[c.PeerName] })
		})
	}
}

// routerOf changes what one router says.
func routerOf(w *facts.Fleet, name string, change func(*weave.Report)) {
	factstest.Edit(w, name, func(n *facts.Node) {
		r, ok := n.Weave.Get()
		if !ok {
			return
		}
		change(&r)
		n.Weave = facts.Saw(r)
	})
}

// dials leaves a router with these targets.
func dials(targets ...string) func(*weave.Report) {
	return func(r *weave.Report) { r.Targets = targets }
}

func everybody(f *regions.Fleet) []string { return nodeNames(f.Nodes()) }

// Each plan of network up, as somebody reads it before it runs.
func TestNetworkUp(t *testing.T) {
	for _, c := range []struct {
		name, line string
		seen       func(*facts.Fleet, *regions.Fleet)
	}{
		{"all-right", "network up", func(*facts.Fleet, *regions.Fleet) {}},
		{"from-nothing", "network up", func(w *facts.Fleet, f *regions.Fleet) { unlaunched(w, f, "", everybody(f)...) }},
		{"no-password", "network up cn", func(w *facts.Fleet, f *regions.Fleet) {
			f.Network.Password, f.Network.MTU = secret.Text{}, 0
			for _, n := range f.Nodes() {
				routerOf(w, n.Name, func(r *weave.Report) { r.Encryption = false })
			}
			unlaunched(w, f, "exited", "cn-1")
		}},
		{"a-chain", "network up", func(w *facts.Fleet, _ *regions.Fleet) {
			routerOf(w, "sg-1", dials("203.0.113.10"))
			routerOf(w, "us-1", dials("203.0.113.20"))
			routerOf(w, "eu-1", dials("203.0.113.30"))
		}},
		{"loops", "network up eu", func(w *facts.Fleet, f *regions.Fleet) { unlaunched(w, f, "restarting", "eu-1") }},
		{"dns-is-stale", "network up cn", func(w *facts.Fleet, _ *regions.Fleet) {
			factstest.Edit(w, "cn-1", func(n *facts.Node) {
				m, _ := n.Machine.Get()
				m.Router = facts.Saw(strings.Fields("--nickname cn --nickname beijing --no-fastdp --dns-listen-address 172.30.0.1:53 --trusted-subnets 203.0.113.0/24 203.0.113.20"))
				n.Machine = facts.Saw(m)
			})
			routerOf(w, "cn-1", func(r *weave.Report) { r.DNS = &weave.DNSSummary{Address: "172.30.0.1:53"} })
		}},
		{"a-new-password", "network up cn", func(w *facts.Fleet, f *regions.Fleet) {
			for _, n := range f.Nodes() {
				routerOf(w, n.Name, func(r *weave.Report) { r.Encryption = false })
			}
		}},
		{"one-host-away", "network up", func(w *facts.Fleet, f *regions.Fleet) {
			unlaunched(w, f, "", "cn-1")
			factstest.Dead(w, "us-1")
		}},
		{"starting", "network up sg", func(w *facts.Fleet, _ *regions.Fleet) {
			routerOf(w, "sg-1", func(r *weave.Report) { r.Ready = false })
		}},
		{"a-peer-fails", "network up sg", func(w *facts.Fleet, _ *regions.Fleet) {
			routerOf(w, "sg-1", func(r *weave.Report) { r.Connections[0].State = weave.Pending })
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := fleet(t)
			w := factstest.Healthy(f)
			c.seen(&w, f)
			p, err := planOf(t, f, w, c.line)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(p.String(), "value-of") || strings.Contains(p.String(), "weave reset") {
				t.Errorf("a secret, or a reset:\n%s", p)
			}
			golden(t, "network-up-"+c.name+".txt", "$ "+c.line+"\n"+p.String())
		})
	}
}

// What would not join the others, or is not known, is refused before anything
// happens.
func TestNetworkRefuses(t *testing.T) {
	for _, c := range []struct {
		name, line string
		seen       func(*facts.Fleet, *regions.Fleet)
		code       ops.Code
		says       string
	}{
		{"a copy of another machine", "network up cn", func(w *facts.Fleet, f *regions.Fleet) {
			unlaunched(w, f, "", "cn-1", "sg-1")
			sg := w.Nodes["sg-1"].Machine
			factstest.Edit(w, "cn-1", func(n *facts.Node) { n.Machine = sg })
		}, ops.Refused, "says it is the same machine as that of sg-1"},
		{"a mesh with a password that the file does not have", "network up cn", func(w *facts.Fleet, f *regions.Fleet) {
			unlaunched(w, f, "", "cn-1")
			f.Network.Password = secret.Text{}
		}, ops.Refused, "Write network.password into the fleet file"},
		{"a host that weave cannot name", "network up cn", func(w *facts.Fleet, f *regions.Fleet) {
			unlaunched(w, f, "", "cn-1")
			f.Regions[1].Nodes[0].Peer = "2001:db8::1"
		}, ops.Refused, `"2001:db8::1" is not a peer`},
		{"no host that can be seen", "network up cn", func(w *facts.Fleet, _ *regions.Fleet) { factstest.Dead(w, "cn-1") }, ops.Unseen, "Nothing was done"},
		{"a report that is cut", "network up cn", func(w *facts.Fleet, _ *regions.Fleet) {
			factstest.Edit(w, "cn-1", func(n *facts.Node) { n.Weave = facts.Missed[weave.Report](facts.Unreadable, "cut") })
		}, ops.Unseen, "cut"},
		{"what the host would say is not known", "network up cn", func(w *facts.Fleet, _ *regions.Fleet) {
			factstest.Edit(w, "cn-1", func(n *facts.Node) { n.Machine = facts.Missed[facts.Machine](facts.TooLate, "no answer") })
		}, ops.Unseen, "no answer"},
		{"a peer that is no node", "network connect cn-1 sg-2", func(*facts.Fleet, *regions.Fleet) {}, ops.Invalid, `There is no node "sg-2". Did you mean "sg-1"?`},
		{"a peer that is ourselves", "network connect cn-1 cn-1", func(*facts.Fleet, *regions.Fleet) {}, ops.Invalid, "a router does not dial itself"},
		{"a peer on the same machine", "network connect cn-1 sg-1", func(_ *facts.Fleet, f *regions.Fleet) {
			f.Regions[1].Nodes[0].Host = f.Regions[0].Nodes[0].Host
		}, ops.Invalid, "a router does not dial itself"},
		{"a router that is down", "network connect cn-1 sg-1", func(w *facts.Fleet, f *regions.Fleet) { unlaunched(w, f, "", "cn-1") }, ops.Failed, "Type: network up cn-1"},
		{"a router that nobody sees", "network forget cn-1 sg-1", func(w *facts.Fleet, _ *regions.Fleet) { factstest.Dead(w, "cn-1") }, ops.Unseen, "cannot be seen"},
		{"to forget what nobody dials", "network forget cn-1 192.0.2.9", func(*facts.Fleet, *regions.Fleet) {}, ops.Invalid, "It dials 203.0.113.20"},
		{"to forget ourselves", "network forget cn-1 cn-1", func(*facts.Fleet, *regions.Fleet) {}, ops.Invalid, "does not dial itself"},
		{"addresses that nobody sees", "detach cn", func(w *facts.Fleet, _ *regions.Fleet) { factstest.Dead(w, "cn-1") }, ops.Unseen, "Nothing was done"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := fleet(t)
			w := factstest.Healthy(f)
			c.seen(&w, f)
			p, err := planOf(t, f, w, c.line)
			if ops.CodeOf(err) != c.code || err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %s %v, want %s with %q\n%s", ops.CodeOf(err), err, c.code, c.says, p)
			}
		})
	}
	for line, want := range map[string]string{
		"network connect cn":      "network connect wants PEER",
		"network connect all sg":  "all is several nodes",
		"network forget all sg-1": "all is several nodes",
		"detach all":              "Two regions must not lose their addresses",
		"ping --size 70000":       "number from 0 to 65507",
	} {
		if _, _, err := Parse(strings.Fields(line), fleet(t)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}

// One host is told of the peers that it lacks, and of no other.
func TestNetworkConnectAndForget(t *testing.T) {
	f := fleet(t)
	w := factstest.Healthy(f)
	routerOf(&w, "eu-1", dials("203.0.113.10"))
	for name, line := range map[string]string{
		"connect-some": "network connect eu-1 cn-1 sg-1", "connect-the-rest": "network connect eu-1 us-1 sg-1 us-1",
		"forget": "network forget eu-1 cn-1", "forget-an-address": "network forget eu-1 203.0.113.10", "forget-nothing": "network forget eu-1 us-1",
	} {
		p, err := planOf(t, f, w, line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		golden(t, "network-"+name+".txt", "$ "+line+"\n"+p.String())
	}
}
