package conf

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"vmqbot/regions"
	"vmqbot/secret"
)

// The grammar is cuttlefish's (conf_parse.peg): a setting, an include, a
// comment or blanks; a value ends at the first #, unless it is in single
// quotes, which are kept here because 1.x keeps them too.
var includeLine = regexp.MustCompile(`^include[ \t]+([A-Za-z0-9_.*/-]+)[ \t]*(?:#.*)?$`)

// blanks stand between the words of a line.
const blanks = " \t"

// SyntaxError is the first line that VerneMQ could not read; it reads nothing
// after it and does not start. The line itself is not shown: it may hold a
// secret.
type SyntaxError struct {
	Line int    // from 1
	Why  string // what the line is not
}

// Error says which line and what to write.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d %s. Write key = value, or start the line with #.", e.Line, e.Why)
}

// Parse reads a vernemq.conf as VerneMQ does: the last of two equal keys
// holds. What an include names is not read. The error is a *SyntaxError.
func Parse(text string) (Settings, error) {
	s := Settings{Words: map[string]secret.Word{}}
	seen := map[string][]int{}
	var order []string // of first sight, so that reports follow the file
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		key, value, err := readLine(&s, line)
		if err != "" {
			return Settings{}, &SyntaxError{Line: n, Why: err}
		}
		if key == "" {
			continue
		}
		if seen[key] == nil {
			order = append(order, key)
		}
		seen[key] = append(seen[key], n)
		s.Words[key] = wordFor(key, value)
	}
	for _, key := range order {
		if len(seen[key]) > 1 {
			s.Twice = append(s.Twice, Twice{key, seen[key]})
		}
	}
	return s, nil
}

// readLine returns the setting of a line, or no key for a line without one.
func readLine(s *Settings, line string) (key, value, why string) {
	if !utf8.ValidString(line) {
		return "", "", "is not UTF-8"
	}
	line = strings.TrimLeft(line, blanks)
	if line == "" || line[0] == '#' {
		return "", "", ""
	}
	if key, raw, ok := setting(line); ok {
		if value = valueOf(raw); value == "" {
			return "", "", "has no value after " + key
		}
		return key, value, ""
	}
	if m := includeLine.FindStringSubmatch(line); m != nil {
		s.Includes = append(s.Includes, m[1])
		return "", "", ""
	}
	return "", "", "is neither a setting, an include nor a comment"
}

// setting cuts a line into its key and what stands behind the =. It is written out,
// because a look reads some hundred lines of every node.
func setting(line string) (key, raw string, ok bool) {
	end := keyEnd(line)
	rest, ok := strings.CutPrefix(strings.TrimLeft(line[end:], blanks), "=")
	return line[:end], strings.TrimLeft(rest, blanks), ok && end > 0
}

// keyEnd is where the key ends that a line begins with: words with dots between them,
// whose own dots stand behind a backslash. It is 0 for a line that begins with none.
func keyEnd(line string) int {
	end, word := 0, false
	for end < len(line) {
		switch c := line[end]; {
		case isWord(c):
			end, word = end+1, true
		case strings.HasPrefix(line[end:], `\.`):
			end, word = end+2, true
		case c == '.' && word:
			end, word = end+1, false
		case word:
			return end
		default:
			return 0
		}
	}
	return end
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

// valueOf cuts the comment and the blanks before it.
func valueOf(raw string) string {
	if strings.HasPrefix(raw, "'") {
		if end := strings.Index(raw[1:], "'"); end >= 0 {
			rest := strings.TrimLeft(raw[end+2:], " \t")
			if rest == "" || rest[0] == '#' {
				return raw[:end+2]
			}
		}
	}
	raw, _, _ = strings.Cut(raw, "#")
	return strings.TrimRight(raw, " \t")
}

// wordFor hides what nobody may read.
func wordFor(key, value string) secret.Word {
	if regions.IsSecret(key, value) {
		return secret.Hidden(value)
	}
	return secret.Plain(value)
}
