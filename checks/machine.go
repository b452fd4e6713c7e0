package checks

import "strings"

func init() {
	register(Check{
		Name: "machine", Row: "F20", Summary: "is the host no copy of another one?", Severity: Warning,
		Needs: []string{"host"}, Facts: machineNeed, Named: true, Others: true, node: judgeMachine,
	})
}

// judgeMachine looks for a host with the same machine-id, of which weave makes a
// peer's name. Where weave was given other names, the copy harms nobody.
func judgeMachine(s Subject) Observation {
	m, why := machineOf(s)
	if why != "" {
		return unknown("%s", why)
	}
	own, seenOwn := s.facts().Weave.Get()
	var copies, unseen []string
	for _, p := range s.Fleet.Peers(s.Node) {
		if p.Beside(s.Node) {
			continue
		}
		o, why := machineOf(s.of(p))
		r, seen := s.of(p).facts().Weave.Get()
		named := seenOwn && seen && own.Name != "" && r.Name != ""
		switch {
		case named && own.Name == r.Name:
			copies = append(copies, p.Name+" (weave's peer "+r.Name+")")
		case named:
		case why != "":
			unseen = append(unseen, p.Name)
		case m.ID != "" && m.ID == o.ID:
			copies = append(copies, p.Name+" (machine-id "+m.ID+")")
		}
	}
	if len(copies) > 0 {
		return bad("%s says it is the same machine as that of %s", s.Node.Host, strings.Join(copies, ", ")).
			effect("weave takes both for one peer and refuses their connection: no message passes between them").
			byHand("on one of them: rm /etc/machine-id, systemd-machine-id-setup, restart; or weave launch with --name and a name of its own")
	}
	if len(unseen) > 0 && !seenOwn {
		return unknown("no other host seen is the same machine as %s, and %s cannot be seen", s.Node.Host, strings.Join(unseen, ", "))
	}
	return ok("no other host says it is %s", s.Node.Host)
}
