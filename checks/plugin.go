package checks

import (
	"strings"

	"vmqbot/conf"
	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "plugin", Row: "F25", Summary: "does every node keep what the cluster shares in the same kind of store?", Severity: Warning,
		Needs: []string{"container"}, Facts: facts.Need{Vitals: true}, Others: true, node: judgePlugin,
	})
}

// judgePlugin compares the metadata store of a node with those of the others: by
// what each vernemq.conf says, or else by what the version takes. VerneMQ itself
// does not say it.
func judgePlugin(s Subject) Observation {
	r := s.inRound()
	has := r.metadataOf(s)
	own := has.name
	if has.why != "" {
		return unknown("the metadata_plugin of %s: %s", s.Node.Name, has.why)
	}
	var same, others, unseen []string
	odd := ""
	for _, p := range s.Fleet.Peers(s.Node) {
		switch has := r.metadataOf(s.of(p)); {
		case has.why != "":
			unseen = append(unseen, p.Name)
		case has.name == own:
			same = append(same, p.Name)
		default:
			others, odd = append(others, p.Name), has.name
		}
	}
	switch {
	case len(others) > len(same):
		return bad("%s keeps what the cluster shares in %s, and %s in %s", s.Node.Name, own, strings.Join(others, ", "), odd).
			effect("the two kinds cannot talk: subscriptions and retained messages of %s and of the others do not reach each other", place(s.Fleet, s.Node)).
			byHand("nothing moves from one to the other: write metadata_plugin: %s under conf in the fleet file, then leave %s and replace it; without the data of %[2]s it begins anew", odd, s.Node.Name)
	case len(same) == 0 && len(unseen) > 0:
		return unknown("%s uses %s, and what the others use cannot be seen", s.Node.Name, own)
	}
	return ok("uses %s", own)
}

// plugin is the store that a node uses, or why that is not known.
type plugin struct{ name, why string }

// metadataOf reads it once, for every node is compared with every other.
func (r *round) metadataOf(s Subject) plugin {
	p, known := r.plugins[s.Node.Name]
	if !known {
		p.name, p.why = metadataOf(s)
		r.plugins[s.Node.Name] = p
	}
	return p
}

func metadataOf(s Subject) (name, why string) {
	c, seenOK := s.facts().Container.Get()
	if !seenOK {
		return "", reason(s.facts().Container)
	}
	v, seenOK := s.facts().Vitals.Get()
	if !seenOK {
		return "", reason(s.facts().Vitals)
	}
	text, seenOK := v.Conf.Get()
	if !seenOK {
		return "", reason(v.Conf)
	}
	have, err := conf.Parse(text.Reveal())
	if err != nil {
		return "", "its vernemq.conf cannot be read"
	}
	if word, said := have.Get("metadata_plugin"); said {
		return word.Reveal(), ""
	}
	if name = conf.ParseVersion(c.Image).Metadata(); name == "" {
		return "", "its vernemq.conf names none, and " + c.Image + " names no version"
	}
	return name, ""
}
