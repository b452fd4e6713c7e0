package weave

import (
	"strings"

	"vmqbot/answer"
)

// success gives the standard output of a command that ended with 0, and
// otherwise why it did not: a known refusal, or garbled.
func success(a answer.Answer) (string, error) {
	if a.Exit == 0 {
		return a.Stdout, contradiction(a)
	}
	return "", failure(a)
}

// contradiction refuses the words of a failure beside an exit status of 0,
// which is what is pasted when the status is forgotten: the silence on
// standard output is then no success.
func contradiction(a answer.Answer) error {
	failed := answer.Answer{Argv: a.Argv, Exit: 1, Stderr: a.Stderr}
	if verb(a) == "help" || blank(a.Stderr) {
		return nil
	}
	if r := refusal(failed); r != nil {
		return garbled(a.Stderr, "%q ended with 0 and words of a failure: %s Ask again, and note the exit status", a.Command(), r.Reason)
	}
	return nil
}

// page gives the text of a status page and whether the router is ready. A
// router that is not ready answers 503, which the script turns into exit 1
// with the page on standard error.
func page(a answer.Answer) (text string, ready bool, err error) {
	if a.Exit == 0 {
		return a.Stdout, true, contradiction(a)
	}
	if r := refusal(a); r != nil {
		return "", false, r
	}
	if a.Exit == 1 && blank(a.Stdout) && !blank(a.Stderr) {
		return a.Stderr, false, nil
	}
	return "", false, failure(a)
}

func failure(a answer.Answer) error {
	if r := refusal(a); r != nil {
		return r
	}
	raw := strings.TrimSpace(a.Stderr + "\n" + a.Stdout)
	if raw == "" {
		return garbled("", "%q ended with %d and said nothing: run it again and keep what it prints on standard error", a.Command(), a.Exit)
	}
	return garbled(raw, "%q ended with %d and words that weave is not known for: %.200q", a.Command(), a.Exit, raw)
}

// silent accepts success without words, except for the note given. It returns
// the warnings: whatever stands on standard error, and the one warning that
// the script prints on standard output (stop, where the proxy is in use).
func silent(a answer.Answer, note string) (noted bool, warnings []string, err error) {
	out, err := success(a)
	if err != nil {
		return false, nil, err
	}
	printed, err := lines(out)
	if err != nil {
		return false, nil, err
	}
	warned, err := lines(a.Stderr)
	if err != nil {
		return false, nil, err
	}
	for _, l := range printed {
		if !isWarning(l) && l != note {
			return false, nil, notWeave(verb(a), l)
		}
	}
	for _, l := range append(warned, printed...) {
		if l == note {
			noted = true
		} else if !blank(l) {
			warnings = append(warnings, l)
		}
	}
	return noted, warnings, nil
}

func isWarning(l string) bool {
	return strings.HasPrefix(l, "WARNING: ") || strings.HasPrefix(l, "Warning: ")
}
