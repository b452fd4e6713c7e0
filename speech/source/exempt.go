package source

import (
	_ "embed"
	"path"
	"strings"
)

//go:embed exempt.tsv
var exemptions string

// exempt returns why a form of a file needs no translation, by exempt.tsv: each
// line is a file (with *), a form (with * at its end; * alone is all), a reason.
func exempt(file, form string) (reason string, out bool) {
	for line := range strings.Lines(exemptions) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "# ") || len(f) != 3 {
			continue
		}
		if ok, err := path.Match(f[0], file); err != nil || !ok {
			continue
		}
		if begin, open := strings.CutSuffix(f[1], "*"); form == f[1] || open && strings.HasPrefix(form, begin) {
			return f[2], true
		}
	}
	return "", false
}
