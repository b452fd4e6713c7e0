package speech

import (
	"regexp"
	"strings"
)

var (
	apart   = regexp.MustCompile(`\s{2,}|[\t\n\r]`)
	prose   = regexp.MustCompile(`[A-Za-z]{2}`)
	anEmoji = regexp.MustCompile(`^:[a-z_]+: ?`)
	severs  = " \t\n,;:*`_()|"
)

// Forms takes a string of the source apart into the forms under which a catalog
// knows it: one for each line and each column. A literal that was written over
// several lines (raw) is a text that was wrapped: each of its paragraphs is one
// form, save lines that are set in columns or indented.
func Forms(literal string, raw bool) []string {
	if raw {
		literal = unwrap(literal)
	}
	var all []string
	for _, part := range apart.Split(literal, -1) {
		part = bared(part)
		if prose.MatchString(aVerb.ReplaceAllString(part, "")) {
			all = append(all, part)
		}
	}
	return all
}

// bared takes off what only joins a form to its neighbors.
func bared(part string) string {
	part = strings.TrimLeft(strings.TrimPrefix(part, ". "), " \t\n")
	part = strings.TrimLeft(anEmoji.ReplaceAllString(part, ""), severs)
	for {
		cutOff := strings.TrimRight(part, severs)
		if strings.Count(cutOff, "(") > strings.Count(cutOff, ")") && strings.HasPrefix(part[len(cutOff):], ")") {
			return cutOff + ")"
		}
		if strings.Count(cutOff, "`")%2 == 1 && strings.HasPrefix(part[len(cutOff):], "`") {
			return cutOff + "`"
		}
		if cutOff == part {
			return part
		}
		part = cutOff
	}
}

// unwrap joins the lines of each paragraph.
func unwrap(text string) string {
	var b strings.Builder
	before := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if before != "" && line != "" && !set(before) && !set(line) {
			b.WriteString(" " + line)
		} else {
			b.WriteString("\n" + line)
		}
		before = line
	}
	return b.String()
}

// set reports whether a line was set by hand: indented, or in columns.
func set(line string) bool {
	return strings.HasPrefix(line, " ") || strings.Contains(strings.TrimSpace(line), "  ")
}
