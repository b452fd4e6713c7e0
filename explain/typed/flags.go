package typed

import (
	"slices"
	"strings"
)

func isScriptFlag(w string) bool { // -c, -ec, -lc
	return len(w) > 1 && w[0] == '-' && w[1] != '-' && strings.HasSuffix(w, "c")
}

// afterFlags drops leading flags (valued holds the letters of the short ones
// that take a value in the next word) and then n operands.
func afterFlags(words []string, valued string, n int) []string {
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		f := words[0]
		words = words[1:]
		if f == "--" {
			break
		}
		if len(f) == 2 && strings.Contains(valued, f[1:]) && len(words) > 0 {
			words = words[1:]
		}
	}
	return words[min(n, len(words)):]
}

// dockerExec gives what follows `[flags] exec [flags] CONTAINER`, and nothing
// for what docker does besides.
func dockerExec(words []string) []string {
	words = dropFlags(words, "-H", "--host", "-c", "--context", "--config", "-l", "--log-level")
	if len(words) > 0 && (words[0] == "container" || words[0] == "compose") {
		words = dropFlags(words[1:], "-f", "--file", "-p", "--project-name")
	}
	if len(words) == 0 || words[0] != "exec" {
		return nil
	}
	words = dropFlags(words[1:], "-u", "--user", "-e", "--env", "--env-file", "-w", "--workdir", "--detach-keys", "--index")
	return words[min(1, len(words)):]
}

// dropFlags drops leading flags; valued are those whose value is a word of
// its own.
func dropFlags(words []string, valued ...string) []string {
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		n := 1
		if slices.Contains(valued, words[0]) {
			n = 2
		}
		words = words[min(n, len(words)):]
	}
	return words
}
