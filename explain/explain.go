// Package explain answers what a pasted answer of weave or VerneMQ means: it
// finds the command in what was pasted, asks each dialect in turn and adds
// nothing of its own.
package explain

import (
	"fmt"
	"strings"

	"vmqbot/answer"
	"vmqbot/vernemq"
	"vmqbot/weave"
)

// Meaning says what an answer means; false when no dialect recognizes it.
func Meaning(a answer.Answer) (answer.Meaning, bool) {
	if m, ok := weave.Explain(a); ok {
		return m, true
	}
	return vernemq.Explain(a)
}

// Doubt says in one clause why an answer is not recognized. It never repeats
// the answer, which may hold secrets.
func Doubt(a answer.Answer) string {
	if strings.TrimSpace(a.Stdout+a.Stderr) == "" {
		return fmt.Sprintf("it is empty, with exit status %d: paste what the command printed, its standard error too", a.Exit)
	}
	for _, exit := range []int{0, 1} {
		b := a
		b.Exit = exit
		if _, ok := Meaning(b); ok {
			return fmt.Sprintf("its words are those of exit status %d and not of %d: give the right one", exit, a.Exit)
		}
	}
	return "it was cut short or changed on its way, or this program does not know it: paste all of it, with its exit status and its standard error"
}

// Name is the tool and its verb without flags and values, of which one may be
// a password.
func Name(a answer.Answer) string {
	const longest = 3 // vmq-admin cluster show
	for i, w := range a.Argv {
		if i == longest || i > 0 && (strings.HasPrefix(w, "-") || strings.ContainsAny(w, "=:")) {
			return strings.Join(a.Argv[:i], " ")
		}
	}
	return a.Command()
}
