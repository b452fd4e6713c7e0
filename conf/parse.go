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
var (
	settingLine = regexp.MustCompile(`^[ \t]*((?:\\\.|[A-Za-z0-9_-])+(?:\.(?:\\\.|[A-Za-z0-9_-])+)*)[ \t]*=[ \t]*(.*)$`)
	includeLine = regexp.MustCompile(`^[ \t]*include[ \t]+([A-Za-z0-9_.*/-]+)[ \t]*(?:#.*)?$`)
	nothing     = regexp.MustCompile(`^[ \t]*(?:#.*)?$`)
)

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
	if m := settingLine.FindStringSubmatch(line); m != nil {
		if value = valueOf(m[2]); value == "" {
			return "", "", "has no value after " + m[1]
		}
		return m[1], value, ""
	}
	if m := includeLine.FindStringSubmatch(line); m != nil {
		s.Includes = append(s.Includes, m[1])
		return "", "", ""
	}
	if !nothing.MatchString(line) {
		return "", "", "is neither a setting, an include nor a comment"
	}
	return "", "", ""
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
