package bot

import (
	"regexp"
	"strings"
	"unicode"

	"vmqbot/ops"
)

// longest is how many characters a command may have; the longest example has
// fewer than a hundred.
const longest = 500

// wrapped is what Slack makes of links, mentions and telephone numbers:
// <http://a.example|a.example>, <@U012>, <tel:1883|1883>.
var wrapped = regexp.MustCompile(`<([^<>|]*)(?:\|([^<>]*))?>`)

// typographic are the characters that telephones put in the place of others.
var typographic = strings.NewReplacer(
	"\u201c", `"`, "\u201d", `"`, "\u201e", `"`, "\u00ab", `"`, "\u00bb", `"`,
	"\u2018", "'", "\u2019", "'", "\u201a", "'",
	"\u00a0", " ", "\u2007", " ", "\u202f", " ", "\u200b", "", "\ufeff", "",
)

// escaped is what Slack escapes, and nothing else: https://docs.slack.dev/messaging/formatting-message-text
var escaped = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// Words takes a line apart as it was meant: what Slack wrapped is unwrapped,
// and what a telephone embellished is made plain again. Quotes hold a word
// together. Nothing here is given to a shell.
func Words(text string) ([]string, error) {
	if n := len([]rune(text)); n > longest {
		return nil, ops.Errorf(ops.Invalid, "help", "Your text has %d characters, and a command has at most %d; nothing was read.", n, longest)
	}
	text = wrapped.ReplaceAllStringFunc(text, func(s string) string {
		m := wrapped.FindStringSubmatch(s)
		if m[2] != "" {
			return m[2]
		}
		return strings.TrimPrefix(m[1], "mailto:")
	})
	words, err := split(typographic.Replace(escaped.Replace(text)))
	for i, w := range words {
		words[i] = dashes(w)
	}
	return words, err
}

// dashes turns the long dash that a telephone made of two short ones back.
func dashes(w string) string {
	rest := strings.TrimLeft(w, "\u2014\u2013\u2212-")
	lead := w[:len(w)-len(rest)]
	if !strings.ContainsAny(lead, "\u2014\u2013\u2212") {
		return w
	}
	name, _, _ := strings.Cut(rest, "=")
	if len(name) > 1 {
		return "--" + rest
	}
	return "-" + rest
}

func split(s string) (words []string, err error) {
	var word strings.Builder
	quote, open := rune(0), false
	end := func() {
		if open {
			words = append(words, word.String())
		}
		word.Reset()
		open = false
	}
	for _, r := range s {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case (r == '"' || r == '\'') && !open, r == '"':
			quote, open = r, true
		case unicode.IsSpace(r):
			end()
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if quote != 0 {
		return nil, ops.Errorf(ops.Invalid, "help", "A quote %c is opened and never closed; nothing was read.", quote)
	}
	end()
	return words, nil
}
