package checks

import (
	"fmt"

	"vmqbot/conf"
	"vmqbot/facts"
	"vmqbot/gate"
)

func init() {
	register(Check{
		Name: "conf", Summary: "does vernemq.conf say what the fleet file says?", Severity: Info,
		Needs: []string{"container"}, Facts: facts.Need{Vitals: true}, node: judgeConf,
	})
}

// judgeConf compares what is set, not how it is written. A file that is not
// ours differs in any case until deploy makes it anew, and is left alone.
func judgeConf(s Subject) Observation {
	c, seenOK := s.facts().Container.Get()
	switch {
	case !seenOK:
		return unknown("container %s: %s", s.Node.Container, reason(s.facts().Container))
	case c.Labels[gate.Label] == "":
		return ok("the file of %s is not ours: it was not made by deploy", s.Node.Container)
	}
	v, seenOK := s.facts().Vitals.Get()
	if !seenOK {
		return unknown("vernemq.conf of %s: %s", s.Node.Name, reason(s.facts().Vitals))
	}
	text, seenOK := v.Conf.Get()
	switch {
	case v.Conf.Blind() == facts.Absent:
		return rewrite(s, bad("there is no vernemq.conf in %s", s.Node.Container))
	case !seenOK:
		return unknown("vernemq.conf of %s: %s", s.Node.Name, reason(v.Conf))
	}
	have, err := conf.Parse(text.Reveal())
	if err != nil {
		return rewrite(s, bad("VerneMQ cannot read the vernemq.conf of %s", s.Node.Name))
	}
	changes := conf.Diff(have, conf.Render(s.Node, conf.ParseVersion(c.Image)).Settings)
	if len(changes) == 0 {
		return ok("vernemq.conf says what the fleet file says")
	}
	more := ""
	if n := len(changes) - 1; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return rewrite(s, bad("vernemq.conf differs from the fleet file in %s%s", changes[0].Key, more))
}

func rewrite(s Subject, o Observation) Observation {
	return o.effect("no message is lost by it; %s may behave differently from the plan, from its next restart at the latest", s.Node.Name).
		repair("conf push %s", s.Node.Name)
}
