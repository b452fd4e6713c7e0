package weave

import (
	"slices"
	"strings"

	"vmqbot/answer"
)

// verb is the command without its tool and arguments, as "status peers". A
// request for the usage page is "help", whatever it is asked about.
func verb(a answer.Answer) string {
	words := arguments(a)
	switch {
	case len(words) == 0:
		return ""
	case words[0] == "help" || slices.Contains(words[:min(2, len(words))], "--help"):
		return "help"
	case words[0] == "status" && len(words) > 1:
		return strings.Join(words, " ")
	}
	return words[0]
}

// arguments is everything after the tool; --local only says where it runs.
func arguments(a answer.Answer) []string {
	if len(a.Argv) == 0 {
		return nil
	}
	rest := a.Argv[1:]
	if len(rest) > 0 && rest[0] == "--local" {
		rest = rest[1:]
	}
	return rest
}
