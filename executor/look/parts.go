package look

import (
	"regexp"
	"strconv"
	"strings"
)

// part is one section of an answer in any order.
type part struct {
	text   string
	status int
}

var partEnd = regexp.MustCompile(`\A@(\d+ [a-z]+) (\d+)(?: (.*))?\z`)

// parts are the sections of an answer by "NUMBER NAME"; whole is false when it
// does not close with the one that is called end.
func parts(out string) (all map[string]part, whole bool) {
	all = map[string]part{}
	var text strings.Builder
	for line := range strings.Lines(out) {
		m := partEnd.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil || !strings.HasSuffix(line, "\n") {
			text.WriteString(line)
			continue
		}
		status, _ := strconv.Atoi(m[2]) // digits, and few
		all[m[1]] = part{text.String() + m[3], status}
		text.Reset()
	}
	_, whole = all["0 end"]
	return all, whole && text.Len() == 0
}
