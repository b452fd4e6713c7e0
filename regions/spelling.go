package regions

import (
	"strconv"
	"strings"
	"unicode"

	"vmqbot/spelling"
)

// didYouMean offers the nearest known key, or all of them.
func didYouMean(key string, known []string) string {
	if best := spelling.Nearest(key, known); best != "" {
		return "Write " + best + "."
	}
	return "Write one of " + strings.Join(known, ", ") + "."
}

// Nearest returns the known word that was probably meant by word, or "".
func Nearest(word string, known []string) string { return spelling.Nearest(word, known) }

// shown is a word of the file in a message: as it is when it is plain, in
// quotes with escapes when it could hide something, cut when it is long.
func shown(s string) string {
	const longest = 60
	if runes := []rune(s); len(runes) > longest {
		s = string(runes[:longest]) + "..."
	}
	odd := func(c rune) bool {
		return c > unicode.MaxASCII || c <= ' ' || strings.ContainsRune("\"'`", c) || c == 0x7f
	}
	if s == "" || strings.ContainsFunc(s, odd) {
		return strconv.QuoteToASCII(s)
	}
	return s
}
