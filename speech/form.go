package speech

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// form is one entry of a catalog, compiled.
type form struct {
	lits    []string // what stands before, between and after the holes
	holes   []hole
	said    []piece  // the translation
	weight  int      // letters in lits: the more, the surer a match
	words   []string // whole ones of lits
	number  int      // where it stands in the catalog
	starred bool     // one of Slack's marks for bold stands in it
}

// hole is a verb of the format: what it may hold, and which argument it prints.
type hole struct {
	verb byte
	arg  int
}

// piece is a part of the translation: text, or an argument when arg is not negative.
type piece struct {
	text string
	arg  int
}

var aVerb = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0]*(?:\*|\d+)?(?:\.\d+)?([a-zA-Z%])`)

// take takes a format apart into what stands between its verbs and these.
func take(format string) (lits []string, holes []hole) {
	lit, rest, next := "", format, 0
	for {
		m := aVerb.FindStringSubmatchIndex(rest)
		if m == nil {
			return append(lits, lit+rest), holes
		}
		lit += rest[:m[0]]
		verb := rest[m[4]]
		if verb == '%' {
			lit, rest = lit+"%", rest[m[1]:]
			continue
		}
		if m[2] >= 0 {
			n, _ := strconv.Atoi(rest[m[2]:m[3]]) // digits by the pattern
			next = n - 1
		}
		lits, holes = append(lits, lit), append(holes, hole{verb: verb, arg: next})
		lit, rest, next = "", rest[m[1]:], next+1
	}
}

// compile makes a form of an entry. It refuses a translation that prints other
// arguments, or prints them otherwise.
func compile(english, other string) (*form, error) {
	f := &form{}
	names := map[string]int{}
	english, other = numbered(english, names), numbered(other, names)
	f.lits, f.holes = take(english)
	lits, holes := take(other)
	if !slices.Equal(wanted(f.holes), wanted(holes)) {
		return nil, fmt.Errorf("%q and %q do not print the same arguments by the same verbs", english, other)
	}
	for i, lit := range lits {
		if lit != "" {
			f.said = append(f.said, piece{text: lit, arg: -1})
		}
		if i < len(holes) {
			f.said = append(f.said, piece{arg: holes[i].arg})
		}
	}
	for i, lit := range f.lits {
		f.starred = f.starred || strings.Contains(lit, "*")
		f.words = append(f.words, whole(lit, i > 0, i < len(f.holes))...)
		for _, w := range words(lit) {
			f.weight += len(w)
		}
	}
	if f.weight == 0 {
		return nil, fmt.Errorf("%q holds no word that could be looked for", english)
	}
	return f, nil
}

var aName = regexp.MustCompile(`\$(?:\{(\w+)\}|(\w+))`)

// numbered turns $name, ${name} and $1, by which the dialects name what a pattern
// found, into verbs.
func numbered(format string, names map[string]int) string {
	if aVerb.MatchString(format) {
		return format // what is written with verbs has its dollars from a shell
	}
	return aName.ReplaceAllStringFunc(format, func(s string) string {
		name := strings.Trim(s, "${}")
		if _, found := names[name]; !found {
			names[name] = len(names) + 1
		}
		return fmt.Sprintf("%%[%d]s", names[name])
	})
}

// wanted is which arguments are printed, each by its verb; %v and %w print as %s.
func wanted(holes []hole) []string {
	var all []string
	for _, h := range holes {
		verb := string(h.verb)
		if strings.Contains("vsw", verb) {
			verb = "s"
		}
		all = append(all, fmt.Sprintf("%d%s", h.arg, verb))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// words are the runs of letters in a text, in small letters.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && r != '\'' })
}

// whole are the words of a literal part that no hole can make longer.
func whole(lit string, before, after bool) []string {
	if before {
		lit = strings.TrimLeftFunc(lit, isLetter)
	}
	if after {
		lit = strings.TrimRightFunc(lit, isLetter)
	}
	return words(lit)
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '\'' }
