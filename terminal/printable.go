package terminal

import (
	"fmt"
	"strings"
	"unicode"
)

// Printable shows control characters and other invisible ones as escapes:
// what a broker logged may hold a client's name, and a client may choose one
// that writes to the operator's screen.
func Printable(text string) string {
	if !strings.ContainsFunc(text, hostile) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if hostile(r) {
			fmt.Fprintf(&b, `\x%02x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func hostile(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }
