// Package typed finds a command in what people type and paste around it. It
// knows shells and what starts a command elsewhere, and no tool of its own.
package typed

import (
	"fmt"
	"regexp"
	"strings"
)

// Meant reports whether an argv, the tool first and without its folder, is a
// command that is looked for.
type Meant func(argv []string) bool

var (
	whereabouts = regexp.MustCompile(`^\s*\(on [^)]*\)\s*`)
	assignment  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=`)
	prompt      = regexp.MustCompile(`^(\$|#|%|>|❯|[\w.-]+@[\w.-]+:[^ ]*[$#]|\[[\w.-]+@[\w.-]+|[^ ]*\][$#])$`)
	redirection = regexp.MustCompile(`^(?:\d*|&)(?:>>?|<)(.*)$`)
)

// Commands finds the commands that are meant in a line, and takes off what
// surrounds them: prompts, "(on node 4)", docker exec and its flags, sudo,
// env, ssh, `sh -c`, pipes, and the folder of the tool. Its error is a clause
// that follows the line. Nothing is run and no shell sees it.
func Commands(line string, m Meant) ([][]string, error) {
	return m.commands(Line(line), 0)
}

// Line is the line without the quotes of a chat and the place before it.
func Line(line string) string {
	const around = " \t\r\n`"
	return strings.Trim(whereabouts.ReplaceAllString(strings.Trim(line, around), ""), around)
}

// commands finds the commands in a script.
func (m Meant) commands(script string, depth int) ([][]string, error) {
	const deepest = 4 // sh -c in sh -c in ssh in sh -c
	if depth > deepest {
		return nil, fmt.Errorf("is nested too deeply; give the innermost command only")
	}
	lists, ok := shellLists(script)
	if !ok {
		return nil, fmt.Errorf("has a quote that never ends")
	}
	var found [][]string
	for _, words := range lists {
		inner, err := m.undress(unredirected(words), depth)
		if err != nil {
			return nil, err
		}
		found = append(found, inner...)
	}
	return found, nil
}

// unredirected drops > FILE, 2>&1 and the like.
func unredirected(words []string) []string {
	var kept []string
	for i := 0; i < len(words); i++ {
		m := redirection.FindStringSubmatch(words[i])
		switch {
		case m == nil, words[i] == ">" && len(kept) == 0: // a prompt
			kept = append(kept, words[i])
		case m[1] == "":
			i++
		}
	}
	return kept
}
