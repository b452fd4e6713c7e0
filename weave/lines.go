package weave

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"vmqbot/answer"
)

// lines gives the lines of an answer without the blank ones around them. It
// refuses text whose last line was cut, and characters that no tool printed.
func lines(text string) ([]string, error) {
	text = unix(text)
	if !utf8.ValidString(text) || strings.ContainsFunc(text, odd) {
		return nil, garbled(text, "the answer holds characters that weave does not print: copy it again as plain text")
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		return nil, garbled(text, "the answer ends in the middle of a line: copy it whole, with its last line end, or ask again")
	}
	all := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i := range all { // terminals pad what they copy
		all[i] = strings.TrimRight(all[i], " ")
	}
	for len(all) > 0 && blank(all[len(all)-1]) {
		all = all[:len(all)-1]
	}
	for len(all) > 0 && blank(all[0]) {
		all = all[1:]
	}
	return all, nil
}

// unix undoes the line endings of Windows and of terminals.
func unix(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

func odd(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) }

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// garbled refuses an answer that is not, or not wholly, what weave prints.
func garbled(raw, format string, args ...any) error {
	return answer.Refuse(answer.Garbled, raw, format, args...)
}

// notWeave refuses one line of an answer.
func notWeave(verb, line string) error {
	return garbled(line, "%q is not a line of weave %s: the answer was cut or changed on its way, ask again", line, verb)
}
