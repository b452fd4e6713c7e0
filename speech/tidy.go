package speech

import (
	"strings"
	"unicode"
)

// tidy writes a line as Chinese is set: no blank between two of its letters, one
// between these and Latin, and both brackets of a pair alike.
func tidy(s string) string {
	if !strings.ContainsFunc(s, han) {
		return s
	}
	runes := []rune(s)
	brackets(runes)
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i, r := range runes {
		if i == 0 {
			b.WriteRune(r)
			continue
		}
		before := runes[i-1]
		switch {
		case r == ' ' && i+1 < len(runes) && han(before) && (han(runes[i+1])):
			continue
		case unicode.Is(unicode.Han, before) && latin(r), latin(before) && unicode.Is(unicode.Han, r):
			b.WriteRune(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func latin(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '`'
}

// brackets makes both of each pair wide when one is and Chinese stands between
// them, and both narrow otherwise.
func brackets(runes []rune) {
	var opened []int
	for i, r := range runes {
		switch r {
		case '(', '\uff08':
			opened = append(opened, i)
		case ')', '\uff09':
			if len(opened) == 0 {
				continue
			}
			from := opened[len(opened)-1]
			opened = opened[:len(opened)-1]
			if (runes[from] == '\uff08') == (r == '\uff09') {
				continue
			}
			runes[from], runes[i] = '(', ')'
			if strings.ContainsFunc(string(runes[from+1:i]), han) {
				runes[from], runes[i] = '\uff08', '\uff09'
			}
		}
	}
}
