package speech

import (
	"strings"

	"vmqbot/cells"
)

// Text says whole lines: paragraphs as they were wrapped, tables with their
// columns, and every other line by itself.
func (t *Tongue) Text(s string) string {
	if t == nil || !hasWord(s) {
		return s
	}
	lines := strings.Split(s, "\n")
	var out []string
	for i := 0; i < len(lines); {
		if n, para := t.paragraph(lines[i:]); n > 0 {
			out = append(out, para...)
			i += n
			continue
		}
		if n := rows(lines[i:]); n > 0 {
			out = append(out, t.table(lines[i:i+n])...)
			i += n
			continue
		}
		out = append(out, t.Line(lines[i]))
		i++
	}
	return strings.Join(out, "\n")
}

// paragraph reads lines of one indent as the paragraph that they were in the
// source, as help is. It returns how many lines it took.
func (t *Tongue) paragraph(lines []string) (int, []string) {
	indent := blanks(lines[0])
	n := 0
	for n < len(lines) && strings.TrimSpace(lines[n]) != "" && blanks(lines[n]) == indent && !strings.Contains(strings.TrimSpace(lines[n]), "  ") {
		n++
	}
	for ; n > 1; n-- {
		var words []string
		for _, l := range lines[:n] {
			words = append(words, strings.TrimSpace(l))
		}
		if text, found := t.constant(strings.Join(words, " ")); found {
			return n, wrap(text, indent)
		}
	}
	return 0, nil
}

func blanks(line string) string { return line[:len(line)-len(strings.TrimLeft(line, " "))] }

// wrapAt is how many cells a line of help has.
const wrapAt = 78

// wrap breaks a text into lines of so many cells. Chinese breaks between any two
// letters, but a mark never begins a line and a word of another script is kept whole.
func wrap(text, indent string) []string {
	var lines []string
	line := indent
	for _, token := range tokens(text) {
		if cells.Width(line)+cells.Width(strings.TrimRight(token, " ")) > wrapAt && strings.TrimSpace(line) != "" {
			lines = append(lines, strings.TrimRight(line, " "))
			line, token = indent, strings.TrimLeft(token, " ")
		}
		line += token
	}
	return append(lines, strings.TrimRight(line, " "))
}

// tokens are what wrap may not break.
func tokens(text string) []string {
	var all []string
	for i, r := range text {
		switch {
		case len(all) > 0 && strings.ContainsRune("，。；：！？）、」》", r):
			all[len(all)-1] += string(r)
		case i == 0 || han(r) || han(lastRune(text[:i])) && !strings.ContainsRune("（「《", lastRune(text[:i])) || lastRune(text[:i]) == ' ':
			all = append(all, string(r))
		default:
			all[len(all)-1] += string(r)
		}
	}
	return all
}
