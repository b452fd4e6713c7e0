package vernemq

import (
	"regexp"
	"slices"
	"strings"
)

// note matches lines that may stand beside any answer and change nothing: the
// script's warning about ulimit, clique's about --format, ssh's, sudo's and
// the shell's remarks, and the times that `time` prints.
var note = regexp.MustCompile(`\A(?:!!!!.*` +
	`|Invalid format ".*"! Defaulted to human-readable\.` +
	`|Warning: Permanently added .* to the list of known hosts\.` +
	`|(?:Shared c|C)onnection to \S+ closed\.` +
	`|\S*sh: (?:line \d+: )?warning: setlocale: .*` +
	`|sudo: unable to resolve host .*` +
	`|(?:real|user|sys)\t\d+m[\d.,]+s)\z`)

// curlNote matches what curl prints on standard error without -s, and with -v.
var curlNote = regexp.MustCompile(`\A(?:\s*% Total .*|\s+Dload  Upload .*|[\d\s.:kMGTP-]+|[*<>](?: .*)?|[{}] \[.*\])\z`)

// bare is the clean text without notes.
func bare(s string) string { return without(note, clean(s)) }

// without drops the lines that a pattern matches.
func without(what *regexp.Regexp, s string) string {
	lines := slices.DeleteFunc(strings.Split(s, "\n"), what.MatchString)
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
