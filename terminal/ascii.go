package terminal

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"
)

// Locale is what the environment says of a terminal's letters, and whether these are
// UTF-8. One that says nothing is taken for one that shows them: most do.
func Locale(getenv func(string) string) (name string, utf8 bool) {
	name = cmp.Or(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG"))
	plain := strings.ReplaceAll(strings.ToLower(name), "-", "")
	return name, name == "" || strings.Contains(plain, "utf8")
}

// ASCII writes what a terminal without UTF-8 can show, and tells once, on tell, that
// letters are missing and what to type. What goes into a file or a pipe stays as it is.
type ASCII struct {
	w, tell io.Writer
	locale  string
	once    *sync.Once
}

// Plainly is w and errs as a terminal of this locale can show them.
func Plainly(w, errs io.Writer, getenv func(string) string) (out, outErrs io.Writer) {
	locale, utf8 := Locale(getenv)
	if utf8 {
		return w, errs
	}
	once := &sync.Once{}
	plain := func(at io.Writer) io.Writer {
		if f, ok := at.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			return &ASCII{at, errs, locale, once}
		}
		return at
	}
	return plain(w), plain(errs)
}

// alike are letters that tools print and that have a likeness.
var alike = map[rune]string{'µ': "u", 'μ': "u", '…': "...", '–': "-", '—': "-", '‘': "'", '’': "'", '“': `"`, '”': `"`, '×': "x", '→': "->"}

// Write shows a ? for each letter that has no likeness.
func (a *ASCII) Write(p []byte) (int, error) {
	missing := false
	var b strings.Builder
	for _, r := range string(p) {
		switch like, known := alike[r]; {
		case r < 0x80:
			b.WriteRune(r)
		case known:
			b.WriteString(like)
		default:
			missing = true
			b.WriteByte('?')
		}
	}
	if _, err := io.WriteString(a.w, b.String()); err != nil {
		return 0, err
	}
	if missing {
		a.once.Do(func() {
			_, _ = fmt.Fprintf(a.tell, "This terminal's letters (%s) are not UTF-8, so some stand as ?. Type: export LC_ALL=C.UTF-8\n", a.locale)
		})
	}
	return len(p), nil
}
