package speech

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"vmqbot/cells"
)

// mostWork bounds the readings of one line; what is longer stays in English.
const mostWork = 400

// saying is one line on its way: what each part of it became is kept, because
// parts are tried in many readings.
type saying struct {
	t     *Tongue
	known map[string]said
	work  int
}

// said is a text in the other language, and what speaks against that reading:
// above all the words that stayed in English, then the cuts and holes it took.
type said struct {
	text string
	cost int
}

const (
	perWord    = 100
	fewLetters = 5
)

// Line says one line or a part of it. What stands two blanks apart are columns,
// and no form is longer than one.
func (t *Tongue) Line(s string) string {
	if t == nil || !hasWord(s) {
		return s
	}
	c := &saying{t: t, known: map[string]said{}}
	var b strings.Builder
	for s != "" {
		cell, gap, rest := s, "", ""
		if at := column.FindStringIndex(s); at != nil {
			cell, gap, rest = s[:at[0]], s[at[0]:at[1]], s[at[1]:]
		}
		text := tidy(c.say(cell).text)
		if gap != "" && strings.Trim(gap, " ") == "" { // the next column stays where it is, if it can
			gap = strings.Repeat(" ", max(2, cells.Width(cell)+len(gap)-cells.Width(text)))
		}
		b.WriteString(text + gap)
		s = rest
	}
	return b.String()
}

// column is what stands between columns; Slack's pictures are set off as well.
var column = regexp.MustCompile(`\s{2,}|\t|(?:^| ):[a-z_]+:(?: |$)`)

// say finds the cheapest reading: as it stands in the catalog, as one of its
// forms, or cut in two.
func (c *saying) say(s string) said {
	core := strings.TrimSpace(s)
	if core == "" {
		return said{text: s}
	}
	if strings.HasPrefix(core, "$ ") {
		return said{text: s} // a line that is typed
	}
	lead, rest, _ := strings.Cut(s, core)
	if kept, found := c.known[core]; found {
		return said{lead + kept.text + rest, kept.cost}
	}
	best := said{core, englishWords(core) * perWord}
	if _, found := c.t.constant(core); found || best.cost > 0 {
		if c.work++; c.work < mostWork {
			best = c.cheapest(core, best)
		}
	}
	c.known[core] = best
	return said{lead + best.text + rest, best.cost}
}

func (c *saying) cheapest(s string, best said) said {
	if text, found := c.t.constant(s); found {
		return said{text: text}
	}
	for _, f := range c.t.candidates(s) {
		f.match(s, func(args []string) bool {
			if one := c.fill(f, args); one.cost < best.cost {
				best = one
			}
			return best.cost >= perWord
		})
		if best.cost < perWord {
			return best
		}
	}
	best = c.cut(s, c.t.cuts(s), best)
	if best.cost >= perWord && len(s) <= mostSeam && !typed(s) {
		best = c.cut(s, c.t.seams(s), best)
	}
	return best
}

// cut tries each place, and goes on with the right side only where the left one
// leaves something to gain.
func (c *saying) cut(s string, places []cut, best said) said {
	for _, at := range places {
		left := c.say(s[:at.at])
		if left.cost+at.cost >= best.cost {
			continue
		}
		right := c.say(s[at.at+len(at.by):])
		cost := left.cost + right.cost + at.cost
		if cost >= best.cost || at.by == " " && cost >= 2*perWord { // half a sentence is none
			continue
		}
		best = said{join(left.text, at.by, right.text), cost}
		if cost < perWord {
			break
		}
	}
	return best
}

// fill says a form with what stands in its holes. A form of few letters says
// little, so it is no reading of what is English around it.
func (c *saying) fill(f *form, args []string) said {
	cost := 1
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = a
		for _, h := range f.holes {
			if h.arg == i && strings.IndexByte("svw", h.verb) >= 0 {
				one := c.say(a)
				texts[i], cost = one.text, cost+one.cost+1
				break
			}
		}
	}
	if f.lits[0] == "" && f.holes[0].arg < len(args) && severed.MatchString(args[f.holes[0].arg]) {
		cost += perWord // another sentence stands before this one, and says itself
	}
	for _, a := range args {
		if strings.Count(a, "*")%2 == 1 && !f.starred {
			cost += perWord // half of what Slack shows in bold
		}
	}
	if f.weight < fewLetters {
		for i, h := range f.holes {
			if severed.MatchString(args[h.arg]) && !strings.HasSuffix(f.lits[i], ": ") {
				cost += perWord // what a colon opens goes on; nothing else does
			}
		}
		if cost >= perWord {
			cost += 10 * perWord
		}
	}
	var b strings.Builder
	for _, p := range f.said {
		if p.arg < 0 {
			b.WriteString(p.text)
		} else {
			b.WriteString(texts[p.arg])
		}
	}
	return said{b.String(), cost}
}

var severed = regexp.MustCompile(`[.:;] `)

// typed reports a text that begins with a name that is typed, as a line to type does.
func typed(s string) bool {
	first, _, _ := strings.Cut(s, " ")
	return products[first]
}

// constant finds what has no holes; one that begins small may be written large.
func (t *Tongue) constant(s string) (string, bool) {
	if text, found := t.consts[s]; found {
		return text, true
	}
	text, found := t.consts[strings.ToLower(s[:1])+s[1:]]
	return text, found
}

// candidates are the forms that may be read in s, the surest first: all their
// words are in it, and it begins and ends as they do.
func (t *Tongue) candidates(s string) []*form {
	has := map[string]bool{}
	for _, w := range words(s) {
		has[w] = true
	}
	var all []*form
	take := func(forms []*form) {
		for _, f := range forms {
			if f.may(s, has) {
				all = append(all, f)
			}
		}
	}
	take(t.loose)
	for w := range has {
		take(t.forms[w])
	}
	slices.SortFunc(all, func(a, b *form) int { return cmp.Or(b.weight-a.weight, a.number-b.number) })
	return all
}

// may reports whether a form can be read in s at all.
func (f *form) may(s string, has map[string]bool) bool {
	for _, w := range f.words {
		if !has[w] {
			return false
		}
	}
	_, begins := cutFold(s, f.lits[0])
	return begins && strings.HasSuffix(s, f.lits[len(f.lits)-1])
}
