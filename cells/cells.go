// Package cells answers how wide a text stands on a terminal, and in a block of code
// in Slack: a Chinese letter takes two cells, a mark that stands on another letter none.
package cells

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Width is how many cells a text takes.
func Width(s string) int {
	n := 0
	for _, r := range s {
		n += of(r)
	}
	return n
}

// Pad adds blanks until a text takes n cells; one that is wider stays as it is.
func Pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-Width(s))) }

// Cut takes a text apart where its cell n begins; a letter that stands on both sides
// goes to the right one.
func Cut(s string, n int) (left, right string) {
	at := 0
	for i, r := range s {
		if at += of(r); at > n {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

func of(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}
