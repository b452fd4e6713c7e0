package do

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"vmqbot/answer"
	"vmqbot/executor/engine"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/vernemq"
	"vmqbot/weave"
)

// readRun reads the answer of a command on the host: nil when it did what it
// was told.
func readRun(a answer.Answer) error {
	if a.Tool() == "weave" && len(a.Argv) > 1 {
		switch a.Argv[1] {
		case "attach":
			_, err := weave.ParseAttach(a)
			return err
		case "detach":
			_, err := weave.ParseDetach(a)
			return err
		case "launch":
			_, err := weave.ParseLaunch(a)
			return err
		case "connect":
			_, err := weave.ParseConnect(a)
			return err
		case "forget":
			_, err := weave.ParseForget(a)
			return err
		case "stop":
			_, err := weave.ParseStop(a)
			return err
		}
	}
	if a.Exit != 0 && slices.Contains(a.Argv, "build") && slices.Contains(a.Argv, "docker") {
		return fmt.Errorf("it ended with exit status %d. Its last lines:\n%s\n%s", a.Exit, lastLines(a.Stdout), lastLines(a.Stderr))
	}
	return byExit(a)
}

// lastLines are the last few lines of what was printed: why a build failed stands
// before the line that says so.
func lastLines(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}

// byExit trusts the exit status, and lets the dialects say what a failure
// means where they know it.
func byExit(a answer.Answer) error {
	if a.Exit == 0 {
		return nil
	}
	for _, explain := range []func(answer.Answer) (answer.Meaning, bool){vernemq.Explain, weave.Explain} {
		if m, known := explain(a); known {
			return errors.New(m.Meaning)
		}
	}
	return nothing(a)
}

// nothing is the error of a command that no dialect knows.
func nothing(a answer.Answer) error {
	said := strings.TrimSpace(a.Stderr)
	if said == "" {
		said = strings.TrimSpace(a.Stdout)
	}
	if said == "" {
		return fmt.Errorf("it ended with exit status %d and said nothing", a.Exit)
	}
	last := said[strings.LastIndexByte(said, '\n')+1:]
	return fmt.Errorf("it ended with exit status %d: %s", a.Exit, last)
}

// judge makes a sentence of a failure: where, what, why.
func judge(where string, err error, a answer.Answer) error {
	if err == nil {
		return nil
	}
	code := ops.Failed
	var no *answer.Refusal
	if errors.As(err, &no) && no.Kind == answer.TimedOut {
		code = ops.Unseen
	}
	soon := no != nil && (no.Kind == vernemq.NotReady || no.Kind == vernemq.NotResponding)
	return &ops.Error{Code: code, Msg: fmt.Sprintf("`%s` on %s: %v", a.Command(), where, err), Fix: "diagnose", Cause: err, Soon: soon}
}

// sentence turns an error of the connection or of the engine into one that a
// person can act on. Where nothing came back, the outcome is unknown.
func sentence(err error, n regions.Node) error {
	if err == nil {
		return nil
	}
	var own *ops.Error
	if errors.As(err, &own) {
		return err
	}
	code, fix := ops.Failed, "diagnose "+n.Name
	var e *engine.Error
	if errors.As(err, &e) && (e.Blind == facts.TooLate || e.Blind == facts.Unreachable || e.Unknown) {
		code = ops.Unseen
	}
	return &ops.Error{Code: code, Msg: err.Error(), Fix: fix, Cause: err}
}

// printed is everything that a command printed.
func printed(a answer.Answer) string {
	if a.Stdout != "" && a.Stderr != "" && !strings.HasSuffix(a.Stdout, "\n") {
		return a.Stdout + "\n" + a.Stderr
	}
	return a.Stdout + a.Stderr
}

// shown are the words for a reader, to whom a script of several lines says
// nothing in the middle of a sentence.
func shown(ws []secret.Word) []string {
	words := make([]string, len(ws))
	for i, w := range ws {
		if words[i] = w.String(); strings.Contains(words[i], "\n") {
			words[i] = "<script>"
		}
	}
	return words
}
