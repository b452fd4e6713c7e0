package checks

import (
	"slices"
	"time"

	"vmqbot/facts"
	"vmqbot/gate"
	"vmqbot/regions"
)

func init() {
	register(Check{
		Name: "broker", Row: "F22", Summary: "does the broker run, and answer at its own name?", Severity: Critical,
		Needs: []string{"container"}, Facts: facts.Need{Broker: facts.AskPing}, Causes: []string{"ip", "loop"}, node: judgeBroker,
	})
}

// starting is how long a container may be up before a broker that does not
// run yet is a broker that is down.
const starting = 20 * time.Second

// judgeBroker tells a dead broker from one that cannot be asked: ping and
// vmq-admin dial the node's own address, so they fail when it is missing.
func judgeBroker(s Subject) Observation {
	seen := s.facts().Broker
	b, seenOK := seen.Get()
	if !seenOK {
		return unknown("the broker: %s", reason(seen))
	}
	p, alive := b.Process.Get()
	if !alive {
		if noNamespace(b.Process.Blind()) {
			return dead(s)
		}
		return unknown("the broker's process: %s", reason(b.Process))
	}
	if want := s.Node.ErlangName(); p.Name != want {
		return misnamed(s, p.Name, want)
	}
	pong, answered := b.Ping.Get()
	switch {
	case pong:
		return ok("runs as %s and answers", p.Name)
	case answered, b.Ping.Blind() == facts.Down:
		return mute(s, p)
	default:
		return unknown("vernemq ping: %s", reason(b.Ping))
	}
}

// dead is F22, or a broker that is not to run yet.
func dead(s Subject) Observation {
	effect := "clients cannot connect to " + s.Node.Name + "; " + othersRefuse
	n, why := namespace(s)
	if why == "" && !n.Has(s.Node.Address.Addr()) {
		return bad("no broker process; the gate, if the container has one, waits for %s, which is missing", s.Node.Address.Addr()).
			row("F1").effect("%s", effect).repair("reattach %s", s.Node.Name)
	}
	if young(s) {
		return unknown("no broker process yet, and the container has only just started: it may be starting")
	}
	if held(s) {
		return bad("no broker process: it was stopped on purpose, and the gate holds it back").effect("%s", effect).repair("start %s", s.Node.Name)
	}
	return bad("the container runs, but no broker process in it; logs %s tells why it ended", s.Node.Name).effect("%s", effect).
		repair("reattach %s", s.Node.Name)
}

// held reports that the gate was told not to start the broker.
func held(s Subject) bool {
	c, _ := s.facts().Container.Get()
	st, err := gate.ParseState(c.HealthSays)
	return err == nil && c.Labels[gate.Label] != "" && st.Phase == gate.Held
}

// young reports whether the container started a moment ago by its own host's
// clock, so that its broker cannot be expected yet.
func young(s Subject) bool {
	h, hostOK := s.facts().Host.Get()
	c, containerOK := s.facts().Container.Get()
	if !hostOK || !containerOK || h.Clock.IsZero() || c.StartedAt.IsZero() {
		return false
	}
	up := h.Clock.Sub(c.StartedAt)
	return up > -time.Second && up < starting // the clock tells whole seconds only
}

func misnamed(s Subject, have, want string) Observation {
	if have == "" {
		return unknown("a broker process runs and its name could not be read, want %s", want)
	}
	return bad("runs as %s, want %s", have, want).row("F4").
		effect("the others wait for %s, which never comes, and know a member that nobody planned; %s", want, othersRefuse).
		byHand("stop the broker of %s, set nodename = %s in vernemq.conf, start it; if it was a member under the old name, it must leave, be emptied and join", s.Node.Name, want)
}

// mute is F3 when the address is missing and F4 when it is there.
func mute(s Subject, p facts.Process) Observation {
	addr := s.Node.Address.Addr()
	n, why := namespace(s)
	switch {
	case why != "":
		return unknown("the broker runs (process %d) and does not answer ping; whether its address is there is not known: %s", p.PID, why)
	case n.Has(addr) && young(s):
		return unknown("the broker runs (process %d) and does not answer ping yet: it may be starting", p.PID)
	case !n.Has(addr):
		return bad("the broker runs (process %d) but cannot be asked, because %s is missing: it is not dead, do not restart it", p.PID, addr).
			row("F3").effect("%s", absent(s.Fleet, s.Node)).repair("reattach %s", s.Node.Name)
	case !listening(s, n):
		return slow(s, p)
	default:
		return bad("the broker runs (process %d) and %s is there, but ping fails: nodename or distributed_cookie in vernemq.conf is not what it was started with, or it hangs", p.PID, addr).
			row("F4").effect("messages may pass, but %s can be neither asked nor stopped by its own commands", s.Node.Name).
			byHand("compare nodename and distributed_cookie in vernemq.conf of %s with what it was started with, and put the old ones back; conf diff %[1]s shows what the fleet file says", s.Node.Name)
	}
}

// listening reports whether a port that VerneMQ opens is open. Erlang's own (the port
// mapper, the distribution) are open before it has read its stores.
func listening(s Subject, n facts.Netns) bool {
	return slices.ContainsFunc(n.Sockets, func(k facts.Socket) bool {
		port := int(k.Local.Port())
		return k.State == facts.Listen && (port == regions.ClusterPort || port == webPort || slices.Contains(s.Node.Ports, port))
	})
}

// webPort is where VerneMQ answers over HTTP, unless it is told otherwise.
const webPort = 8888

// slow is F23: with many messages in its store a broker needs minutes, and
// `vernemq start` gives up after 15 seconds and says that it failed.
func slow(s Subject, p facts.Process) Observation {
	h, _ := s.facts().Host.Get()
	c, _ := s.facts().Container.Get()
	since := ""
	if up := h.Clock.Sub(c.StartedAt); !c.StartedAt.IsZero() && !h.Clock.IsZero() && up > 0 {
		since = "; the container started " + up.Round(time.Second).String() + " ago"
	}
	return bad("the broker runs (process %d), and no port of it listens yet: it is still starting, which takes minutes where its store is large%s", p.PID, since).
		row("F23").effect("clients cannot connect to %s; %s", s.Node.Name, othersRefuse).
		byHand("wait, and see in logs %s -f how far it is: whoever restarts it begins anew. vernemq start says after 15 seconds that it failed, and it did not; WAIT_FOR_ERLANG=600 has it wait", s.Node.Name)
}
