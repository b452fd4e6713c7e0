package commands

import (
	"slices"
	"strings"

	"vmqbot/regions"
)

// Candidate is one word that may come next, and what it means.
type Candidate struct{ Word, Says string }

// Complete says what may be typed next on a line of which the last word is begun, or
// "". Without a fleet no target is known. A word that only its writer knows (a
// reason, an image) has no candidates.
func Complete(words []string, fleet *regions.Fleet) []Candidate {
	if len(words) == 0 {
		words = []string{""}
	}
	before, begun := words[:len(words)-1], words[len(words)-1]
	all := nextWords(before, begun, fleet)
	return slices.DeleteFunc(all, func(c Candidate) bool { return !strings.HasPrefix(c.Word, begun) })
}

func nextWords(before []string, begun string, fleet *regions.Fleet) []Candidate {
	switch len(before) {
	case 0:
		return firstWords()
	case 1:
		if second := secondWords(before[0]); len(second) > 0 && registry[before[0]] == nil {
			return second
		}
	}
	c, rest := findVerb(before)
	if c == nil {
		return nil
	}
	plain, value := c.split(rest)
	switch {
	case value:
		return nil
	case strings.HasPrefix(begun, "-"):
		return c.flagsLeft(rest)
	case c.Target != NoTarget && len(plain) == 0:
		all := knownTargets(fleet)
		if c.Target == OptionalTarget {
			all = append(all, c.flagsLeft(rest)...)
		}
		return all
	}
	if c.Target != NoTarget {
		plain = plain[1:]
	}
	if len(plain) < len(c.Words) && c.Words[len(plain)].Verb {
		return wholeVerbs()
	}
	return c.flagsLeft(rest)
}

// firstWords are the verbs of one word, and the first ones of those of two.
func firstWords() []Candidate {
	var all []Candidate
	for _, c := range All() {
		first, second, two := strings.Cut(c.Name, " ")
		switch {
		case !two:
			all = append(all, Candidate{first, c.Summary})
		case len(all) > 0 && all[len(all)-1].Word == first:
			all[len(all)-1].Says += ", " + second
		default:
			all = append(all, Candidate{first, second})
		}
	}
	return all
}

func secondWords(first string) []Candidate {
	var all []Candidate
	for _, c := range All() {
		if second, ok := strings.CutPrefix(c.Name, first+" "); ok {
			all = append(all, Candidate{second, c.Summary})
		}
	}
	return all
}

func wholeVerbs() []Candidate {
	var all []Candidate
	for _, c := range All() {
		all = append(all, Candidate{c.Name, c.Summary})
	}
	return all
}

func knownTargets(fleet *regions.Fleet) []Candidate {
	if fleet == nil {
		return nil
	}
	all := []Candidate{{"all", "every region"}}
	for _, r := range fleet.Regions {
		all = append(all, Candidate{r.Name, r.Title})
		for _, n := range r.Nodes {
			all = append(all, Candidate{n.Name, n.Address.String() + " on " + n.Host})
		}
	}
	return all
}

// split takes the options out of the words after a verb; value tells that the last
// one wants its value next.
func (c *Command) split(words []string) (plain []string, value bool) {
	for _, w := range words {
		f, isFlag := c.flagOf(w)
		switch {
		case value:
			value = false
		case isFlag:
			value = (f.Number || f.Text != "") && !strings.Contains(w, "=")
		default:
			plain = append(plain, w)
		}
	}
	return plain, value
}

func (c *Command) flagOf(word string) (Flag, bool) {
	name, _, _ := strings.Cut(word, "=")
	i := slices.IndexFunc(c.Flags, func(f Flag) bool { return f.dashed() == name })
	if i < 0 {
		return Flag{}, false
	}
	return c.Flags[i], true
}

// flagsLeft are the options that were not given yet.
func (c *Command) flagsLeft(words []string) []Candidate {
	var all []Candidate
	for _, f := range c.Flags {
		if !slices.ContainsFunc(words, func(w string) bool { return w == f.dashed() || strings.HasPrefix(w, f.dashed()+"=") }) {
			all = append(all, Candidate{f.dashed(), f.Help})
		}
	}
	return all
}

func (f Flag) dashed() string {
	if len(f.Name) == 1 {
		return "-" + f.Name
	}
	return "--" + f.Name
}
