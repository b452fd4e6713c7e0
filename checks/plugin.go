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
	own, why := metadataOf(s)
	if why != "" {
		return unknown("the metadata_plugin of %s: %s", s.Node.Name, why)
	}
	var same, others, unseen []string
	odd := ""
	for _, p := range s.Fleet.Peers(s.Node) {
		switch has, why := metadataOf(s.of(p)); {
		case why != "":
			unseen = append(unseen, p.Name)
		case has == own:
			same = append(same, p.Name)
		default:
			others, odd = append(others, p.Name), has
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

// store is what a node keeps the cluster's metadata in, or why that is not known.
type store struct{ plugin, why string }

// metadataOf is the store that a node uses, or why that is not known. A round reads
// each file once: every node is held against every other.
func metadataOf(s Subject) (plugin, why string) {
	known, done := s.stores[s.Node.Name]
	if !done {
		known.plugin, known.why = readMetadata(s)
		if s.stores != nil {
			s.stores[s.Node.Name] = known
		}
	}
	return known.plugin, known.why
}

func readMetadata(s Subject) (plugin, why string) {
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
	if plugin = conf.ParseVersion(c.Image).Metadata(); plugin == "" {
		return "", "its vernemq.conf names none, and " + c.Image + " names no version"
	}
	return plugin, ""
}
