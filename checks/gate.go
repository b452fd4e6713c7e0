package checks

import (
	"fmt"

	"vmqbot/gate"
)

func init() {
	register(Check{
		Name: "gate", Row: "F22", Summary: "does the broker stay up behind its gate?", Severity: Warning,
		Needs: []string{"container"}, Causes: []string{"loop"}, node: judgeGate,
	})
}

// judgeGate reads what the gate said to Docker's health check, which is some
// seconds old. A container without a gate has nothing to say. A broker that
// ended and has stayed up since is a remark: what it broke is judged by others.
func judgeGate(s Subject) Observation {
	seen := s.facts().Container
	c, seenOK := seen.Get()
	switch {
	case !seenOK:
		return unknown("container %s: %s", s.Node.Container, reason(seen))
	case c.Labels[gate.Label] == "":
		return ok("%s has no gate: it was not made by deploy", s.Node.Container)
	case c.HealthSays == "":
		return unknown("the gate of %s has not spoken yet", s.Node.Container)
	}
	st, err := gate.ParseState(c.HealthSays)
	if err != nil {
		return unknown("the gate of %s: %v", s.Node.Container, err)
	}
	switch st.Phase {
	case gate.BackOff:
		return down(s, "the broker ended "+times(st.Crashes)+" and is started again with pauses: "+st.String()).
			byHand("read why it ends: logs %s", s.Node.Name)
	case gate.Held:
		return down(s, "the broker was stopped on purpose").repair("start %s", s.Node.Name)
	case gate.Waiting:
		return bad("the gate waits for %s", s.Node.Address.Addr()).row("F1").effect("%s", absent(s.Fleet, s.Node)).repair("reattach %s", s.Node.Name)
	}
	return ok("%s", st)
}

func times(n int) string {
	switch n {
	case 0:
		return "not once"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
