package wire

import (
	"errors"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"vmqbot/secret"
)

// quote writes argv as one line that a POSIX shell splits into exactly these
// words. It is the only place where words become a line.
func quote(argv []secret.Word) (string, error) {
	if len(argv) == 0 || argv[0].Reveal() == "" {
		return "", errors.New("there is no command")
	}
	line := make([]string, len(argv))
	for i, w := range argv {
		var err error
		if line[i], err = quoteWord(w.Reveal()); err != nil {
			return "", err
		}
	}
	return strings.Join(line, " "), nil
}

// quoteWord leaves the choice to the library, which refuses NUL, and every
// character that does not print because POSIX has no escape for it. None is
// needed: between single quotes a POSIX shell takes every byte as it is.
func quoteWord(w string) (string, error) {
	if strings.ContainsRune(w, 0) {
		return "", errors.New("a word of the command holds a NUL byte, which no command line can carry")
	}
	q, err := syntax.Quote(w, syntax.LangPOSIX)
	var unprintable *syntax.QuoteError
	if errors.As(err, &unprintable) {
		return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'", nil
	}
	return q, err
}
