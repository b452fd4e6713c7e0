package vernemq

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"vmqbot/answer"
)

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*[A-Za-z]")

// clean gives text the form that the tool printed on a plain pipe: newlines
// alone, no colors, no blank lines around.
func clean(s string) string {
	s = escapes.ReplaceAllString(strings.ReplaceAll(s, "\r\n", "\n"), "")
	return strings.Trim(trimLines(s), "\n")
}

func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r")
	}
	return strings.Join(lines, "\n")
}

// littered reports bytes that none of VerneMQ's tools prints: text that is not
// UTF-8, and control characters other than ends of lines, tabs and colors.
func littered(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(escapes.ReplaceAllString(s, ""), func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

// garbled refuses an answer that is not one, or not all of one.
func garbled(a answer.Answer, raw string) *answer.Refusal {
	const most = 200
	if len(raw) > most {
		raw = strings.ToValidUTF8(raw[:most], "")
	}
	return answer.Refuse(answer.Garbled, raw,
		"this is not a whole answer of `%s`: it was cut short or changed on its way; run the command again and pass on everything that it prints, and its exit status", verbOf(a))
}

// verbOf is the command without what may be secret or long: tool and verb.
func verbOf(a answer.Answer) string {
	argv := plain(a.Argv)
	words, n := verbWords(argv)
	if n == 0 {
		return "vernemq"
	}
	return strings.Join(append(argv[:1:1], words...), " ")
}

// verbWords are the words after the tool that are neither flags nor keys.
func verbWords(argv []string) (words []string, n int) {
	for i, w := range argv {
		if i > 0 && (strings.HasPrefix(w, "-") || strings.Contains(w, "=") || i > 3) {
			break
		}
		if i > 0 {
			words = append(words, w)
		}
		n++
	}
	if n > 0 && (argv[0] == "curl" || argv[0] == "nodetool") {
		words = nil
	}
	return words, n
}

// keyArg is the value of KEY=VALUE or --KEY=VALUE among the words.
func keyArg(argv []string, key string) string {
	for _, w := range argv {
		if v, ok := strings.CutPrefix(strings.TrimLeft(w, "-"), key+"="); ok {
			return v
		}
	}
	return ""
}

// balanced reports whether every bracket of an Erlang term that was printed
// is closed, which a term that was cut short is not.
func balanced(s string) bool {
	var open []rune
	var quote rune
	esc := false
	for _, r := range s {
		switch {
		case esc:
			esc = false
		case quote != 0 && r == '\\':
			esc = true
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '{' || r == '[':
			open = append(open, r)
		case r == '}' || r == ']':
			want := '{'
			if r == ']' {
				want = '['
			}
			if len(open) == 0 || open[len(open)-1] != want {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0 && quote == 0
}
