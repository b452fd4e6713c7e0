package vernemq

import (
	"path"
	"slices"
)

// Speaks reports whether an argv is a command of VerneMQ, the tool first:
// vernemq, vmq-admin, nodetool (also through escript), or curl to the web
// port.
func Speaks(argv []string) bool { return plain(argv) != nil }

// plain is the argv in the form that the verbs are told apart by, or nil for
// a command that is not VerneMQ's.
func plain(argv []string) []string {
	if len(argv) == 0 {
		return nil
	}
	words := append([]string{path.Base(argv[0])}, argv[1:]...)
	switch words[0] {
	case "vmq-admin", "nodetool":
		return words
	case "curl":
		if _, ours := curlTarget(words); ours {
			return words
		}
	case "vernemq":
		if len(words) < 2 || words[1] != "escript" {
			return words
		}
		if inner := plain(words[1:]); inner != nil {
			return inner
		}
		return words
	case "escript": // nodetool is a script: escript R/bin/nodetool ...
		if i := slices.IndexFunc(words, isNodetool); i > 0 {
			return append([]string{"nodetool"}, words[i+1:]...)
		}
	}
	return nil
}

func isNodetool(w string) bool { return path.Base(w) == "nodetool" }
