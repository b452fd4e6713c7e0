package vernemq

import (
	"errors"
	"slices"
	"strings"

	"vmqbot/answer"
)

// Explain says what a pasted answer of VerneMQ means. It reports false for a
// command that is not VerneMQ's, and for an answer that is garbled.
func Explain(a answer.Answer) (answer.Meaning, bool) {
	argv := plain(a.Argv)
	if argv == nil {
		return answer.Meaning{}, false
	}
	v, said := findVerb(argv)
	if v == nil {
		return answer.Meaning{}, false
	}
	a.Argv = argv
	read := v.read
	if wantsHelp(argv) && argv[0] != "curl" {
		read = explainUsage
	}
	facts, say, err := read(a)
	m := answer.Meaning{Tool: v.tool, Verb: said, Meaning: say, Facts: facts}
	var r *answer.Refusal
	switch {
	case errors.As(err, &r) && r.Kind == answer.Garbled, err != nil && r == nil:
		return answer.Meaning{}, false
	case r != nil:
		m.Meaning, m.Facts = upper(r.Reason), DetailsOf(r)
	}
	return m, true
}

// findVerb finds the verb and its name as typed.
func findVerb(argv []string) (*verb, string) {
	words := argv[1:]
	switch argv[0] {
	case "curl":
		u, ok := curlTarget(argv)
		if !ok {
			return nil, ""
		}
		words = []string{u.Path}
	case "nodetool":
		words = operands(words)
	}
	var best *verb
	for _, v := range verbs() {
		if v.tool == argv[0] && fits(v, words) && (best == nil || len(v.name) > len(best.name)) {
			best = &v
		}
	}
	if best == nil {
		return nil, ""
	}
	said := best.name
	switch {
	case argv[0] == "curl":
		said = words[0]
	case said == "":
		w, _ := verbWords(argv)
		if said = strings.Join(w, " "); said == "" {
			said = "help"
		}
	}
	return best, said
}

func fits(v verb, words []string) bool {
	if v.tool == "curl" {
		return strings.HasPrefix(words[0], v.name)
	}
	want := strings.Fields(v.name)
	return len(words) >= len(want) && slices.Equal(words[:len(want)], want)
}

// operands drops nodetool's flags and their values.
func operands(words []string) []string {
	for len(words) > 1 && strings.HasPrefix(words[0], "-") {
		words = words[2:]
	}
	return words
}

// upper makes a reason a sentence. Reasons begin with a word of ours, or with
// the file vernemq.conf, and never with a name that a person chose.
func upper(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' || strings.HasPrefix(s, "vernemq") {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
