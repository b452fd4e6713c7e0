package checks

import (
	"slices"
	"strings"

	"vmqbot/facts"
)

// Switches are the settings that let a node serve its clients while another
// member of the cluster is absent. All are off by default.
var Switches = []string{
	"allow_register_during_netsplit", "allow_publish_during_netsplit",
	"allow_subscribe_during_netsplit", "allow_unsubscribe_during_netsplit",
}

func init() {
	register(Check{
		Name: "switches", Row: "F7", Summary: "will clients be served while another node is away?", Severity: Warning,
		Needs: []string{"broker"}, Facts: facts.Need{Broker: facts.AskPing | facts.AskSwitches}, node: judgeSwitches,
	})
}

// judgeSwitches wants all four on, but for those that the fleet file turns
// off: with publish on, acknowledged messages may be lost, and some prefer
// the refusal.
func judgeSwitches(s Subject) Observation {
	b, seenOK := s.facts().Broker.Get()
	if !seenOK {
		return unknown("the broker: %s", reason(s.facts().Broker))
	}
	on, seenOK := b.Switches.Get()
	if !seenOK {
		return unknown("the netsplit switches of %s: %s", s.Node.Name, reason(b.Switches))
	}
	if missing := unset(on); len(missing) > 0 {
		return unknown("%s does not tell %s", s.Node.Name, strings.Join(missing, ", "))
	}
	wrong := slices.DeleteFunc(off(on), func(name string) bool { return s.Node.Conf[name].String() == "off" })
	open := slices.DeleteFunc(slices.Clone(Switches), func(name string) bool { return !on[name] || s.Node.Conf[name].String() != "off" })
	switch {
	case len(wrong) == 0 && len(open) == 0:
		return ok("the netsplit switches are as they should be")
	case len(wrong) == 0:
		return bad("on, though the fleet file says off: %s; a node is away, or somebody did not put them back", strings.Join(open, ", ")).
			effect("while a node is away, what is acknowledged for it beyond its peers' buffers is lost").repair("start all")
	}
	return bad("off: %s", strings.Join(wrong, ", ")).
		effect("while any one node is stopped or cut off, %s refuses clients", s.Node.Name).
		byHand("on %s: docker exec %s vmq-admin set %s=on; and %[3]s: on under conf in the fleet file, then conf push %[4]s, or a restart turns it off again", s.Node.Host, s.Node.Container, wrong[0], s.Node.Name)
}

func off(on map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(Switches), func(name string) bool { v, told := on[name]; return v || !told })
}

func unset(on map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(Switches), func(name string) bool { _, told := on[name]; return told })
}
