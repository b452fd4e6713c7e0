package commands

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// How much of one entry of a log is printed.
const (
	mostEntry = 6   // lines; a longer one is folded to its beginning and its reason
	mostLine  = 600 // letters; Erlang writes whole states into one line
)

var (
	// begins is how an entry begins: a date, as VerneMQ writes it (lager and OTP's
	// logger), or the heading of a report, as crash.log has it.
	begins = regexp.MustCompile(`\A(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|=[A-Z][A-Z ]+ REPORT====)`)
	// reason is the line of a report that says why.
	reason = regexp.MustCompile(`(?i)^\s*\**\s*(?:exception (?:exit|error|throw)|reason(?: for termination)?|exit(?:ed)? with reason|crashed with reason|errorcontext)\b`)
	// fickle is what differs between two entries that say the same: when, and by
	// which process.
	fickle = regexp.MustCompile(`\A\S+(?: \d\d:\d\d:\d\d\S*)?|<\d+\.\d+\.\d+>|#Ref<[\d.]+>|#Port<[\d.]+>`)
)

// entries joins the lines of a log to what was written at a time: a crash report
// of Erlang is one entry of up to hundreds of lines. Where lines have no date, as
// those that a start prints, each is its own.
func entries(lines []string) [][]string {
	var all [][]string
	for _, line := range lines {
		if len(all) == 0 || isNew(all[len(all)-1], line) {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], line)
	}
	return all
}

// isNew is whether a line belongs to the next entry.
func isNew(entry []string, line string) bool {
	return begins.MatchString(line) || !begins.MatchString(entry[0]) && !strings.HasPrefix(line, " ")
}

// folded is one entry as people read it.
func folded(entry []string) []string {
	for len(entry) > 1 && strings.TrimSpace(entry[len(entry)-1]) == "" {
		entry = entry[:len(entry)-1]
	}
	if len(entry) <= mostEntry {
		return clipped(entry)
	}
	head := clipped(entry[:2])
	because := ""
	for _, line := range entry[2:] {
		if reason.MatchString(line) {
			because = ": " + strings.Join(strings.Fields(line), " ")
			break
		}
	}
	return append(head, clipped([]string{fmt.Sprintf("    ... %d more lines%s", len(entry)-2, because)})...)
}

func clipped(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = line
		if n := utf8.RuneCountInString(line); n > mostLine {
			out[i] = fmt.Sprintf("%s ... (%d more letters)", string([]rune(line)[:mostLine]), n-mostLine)
		}
	}
	return out
}

// folding prints the last n entries that hold a text, those that repeat the one
// before as a number.
func folding(lines []string, n int, want string, whole bool) []string {
	var kept [][]string
	for _, e := range entries(lines) {
		if want == "" || hasText(strings.Join(e, "\n"), want) {
			kept = append(kept, e)
		}
	}
	kept = kept[max(0, len(kept)-n):]
	var out []string
	same, last := 0, ""
	tell := func() {
		if same > 0 {
			out = append(out, fmt.Sprintf("    ... and the same %s, the last %s", times(same), last))
		}
		same = 0
	}
	for i, e := range kept {
		if whole {
			out = append(out, e...)
			continue
		}
		if i > 0 && begins.MatchString(e[0]) && alike(kept[i-1], e) {
			same++
			last = fickle.FindString(e[0])
			continue
		}
		tell()
		out = append(out, folded(e)...)
	}
	tell()
	return out
}

func alike(a, b []string) bool {
	return fickle.ReplaceAllString(strings.Join(a, "\n"), "") == fickle.ReplaceAllString(strings.Join(b, "\n"), "")
}

func times(n int) string {
	if n == 1 {
		return "once more"
	}
	return fmt.Sprintf("%d times more", n)
}

func hasText(line, want string) bool {
	return strings.Contains(strings.ToLower(line), strings.ToLower(want))
}
