package checks

import (
	"strings"

	"vmqbot/facts"
	"vmqbot/regions"
)

func init() {
	register(Check{
		Name: "mqtt", Summary: "does an MQTT message published here arrive at each peer?", Severity: Critical,
		Needs: []string{"container"}, Facts: facts.Need{Crossings: true}, Causes: []string{"port", "broker", "channel"}, link: judgeMQTT,
	})
}

// judgeMQTT is the only proof that messages pass; every other check may be
// green while they do not. So it needs the two containers and nothing more: a
// message that arrived is right whatever port, channel or broker say, and one
// that did not is the effect that a bad port has. Only where a broker is known
// not to run, its absence is told by the check broker and not again here.
func judgeMQTT(s Subject, peer regions.Node) Observation {
	c, found := s.inRound().crossing(s.Node.Name, peer.Name)
	if !found {
		return unknown("no message was sent from %s to %s", s.Node.Name, peer.Name)
	}
	if took, arrived := c.Delivered.Get(); arrived {
		return ok("a message arrived in %s", readable(took))
	}
	for _, n := range []regions.Node{s.Node, peer} {
		b, _ := s.of(n).facts().Broker.Get()
		if noNamespace(b.Process.Blind()) {
			return unknown("not checked: the broker of %s does not run", n.Name).closed("broker")
		}
	}
	why := reason(c.Delivered)
	switch c.Delivered.Blind() {
	case facts.TooLate:
		return lost(s, peer, "want a message from "+s.Node.Name+" to "+peer.Name+", none came: "+why)
	case facts.Down, facts.Unreachable:
		return noMessage(s, peer, "MQTT does not answer: "+why).
			effect("clients of %s or %s cannot connect", place(s.Fleet, s.Node), place(s.Fleet, peer))
	case facts.Denied:
		return refusal(s, peer, why)
	default:
		return unknown("the message from %s to %s: %s", s.Node.Name, peer.Name, why)
	}
}

// crossing is the message from one node to another, the last of them. There are as many
// links as messages and more, so they are put in order once.
func (r *round) crossing(from, to string) (facts.Crossing, bool) {
	if r.crossings == nil {
		r.crossings = make(map[[2]string]facts.Crossing, len(r.seen.Crossings))
		for _, c := range r.seen.Crossings {
			r.crossings[[2]string{c.From, c.To}] = c
		}
	}
	c, found := r.crossings[[2]string{from, to}]
	return c, found
}

// refusal reads why a broker did not let the probe in. "Server unavailable"
// is VerneMQ's word for a member that is away. That the login is wrong proves
// nothing about messages, unless the same login passes elsewhere.
func refusal(s Subject, peer regions.Node, why string) Observation {
	if strings.Contains(strings.ToLower(why), "unavailable") || strings.Contains(why, "CONNACK 3") {
		return bad("clients are refused: %s: a member of the cluster is away and the netsplit switches are off", why).
			row("F7").effect("clients of %s or %s cannot connect", place(s.Fleet, s.Node), place(s.Fleet, peer)).
			byHand("bring the member back that cluster calls not running, or turn the switches on: vmq-admin set allow_register_during_netsplit=on")
	}
	if strings.Contains(why, "SUBACK") {
		return unknown("%s; a broker refuses so while it loads its access list, for about a second: ask again", why)
	}
	for _, c := range s.Seen.Crossings {
		if c.Delivered.OK() {
			return bad("the login that passes on %s is refused: %s", c.From, why).
				row("F28").effect("clients of %s or %s may be refused as the probe was", place(s.Fleet, s.Node), place(s.Fleet, peer)).
				byHand("ask the auth webhook of %s and %s from inside the container; a restart of the broker does not help", s.Node.Name, peer.Name)
		}
	}
	return unknown("the probe was refused, which proves nothing about messages: %s; see mqtt.username, password and topic in the fleet file", why)
}

// lost names the repair of the first thing on the message's way that is wrong.
func lost(s Subject, peer regions.Node, evidence string) Observation {
	r := s.inRound()
	for _, at := range []regions.Node{peer, s.Node} {
		for _, name := range []string{"ip", "port"} {
			if o := r.judge(registered[name], at)[0]; o.Verdict == Bad {
				return noMessage(s, peer, evidence+" ("+name+" of "+at.Name+" is bad)").as(o)
			}
		}
	}
	for _, o := range r.judge(registered["channel"], s.Node) {
		if o.Verdict == Bad && o.Peer == peer.Name {
			return noMessage(s, peer, evidence+" (channel is bad)").as(o)
		}
	}
	return noMessage(s, peer, evidence)
}

func noMessage(s Subject, peer regions.Node, evidence string) Observation {
	from, into := place(s.Fleet, s.Node), place(s.Fleet, peer)
	return bad("%s", evidence).
		effect("messages published in %s are lost for clients connected in %s, though publishers get their acknowledgement", from, into).
		byHand("ask again in two minutes, which is how long nodes flap after Docker was killed; then read logs %s and logs %s", s.Node.Name, peer.Name)
}
