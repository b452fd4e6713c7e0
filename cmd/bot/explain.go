package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"vmqbot/answer"
	"vmqbot/explain"
	"vmqbot/ops"
)

const explainFix = "bot explain --command 'weave status peers' --exit 0 < ANSWER"

// maxAnswer is the most that is read of one pasted answer, in bytes.
const maxAnswer = 16 << 20

// explainFlags are the options of bot explain.
type explainFlags struct {
	command string
	exit    int
	stderr  string
	json    bool
	files   []string
	given   map[string]bool
}

// explain reads one answer from standard input, or kept runs from files.
func (p *process) explain(args []string) error {
	f, err := p.parseExplain(args)
	if errors.Is(err, flag.ErrHelp) {
		_, err = fmt.Fprint(p.stdout, usage)
		return err
	}
	if err != nil {
		return err
	}
	if len(f.files) > 0 {
		return p.explainFiles(f)
	}
	a, err := p.pasted(f)
	if err != nil {
		return err
	}
	return p.sayMeaning("", a, f)
}

// parseExplain takes flags before, between and after the files.
func (p *process) parseExplain(args []string) (explainFlags, error) {
	f := explainFlags{given: map[string]bool{}}
	fs := p.flags("explain")
	fs.StringVar(&f.command, "command", "", "")
	fs.IntVar(&f.exit, "exit", 0, "")
	fs.StringVar(&f.stderr, "stderr", "", "")
	fs.BoolVar(&f.json, "json", false, "")
	for {
		err := fs.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			return f, err
		}
		if err != nil {
			return f, ops.Errorf(ops.Invalid, explainFix, "explain: %v.", err)
		}
		if fs.NArg() == 0 {
			break
		}
		f.files, args = append(f.files, fs.Arg(0)), fs.Args()[1:]
	}
	fs.Visit(func(fl *flag.Flag) { f.given[fl.Name] = true })
	return f, f.check()
}

func (f explainFlags) check() error {
	const highest = 255 // of an exit status
	switch {
	case len(f.files) > 0 && f.given["command"]:
		return ops.Errorf(ops.Invalid, explainFix, "explain takes --command or files, not both.")
	case len(f.files) > 0 && (f.given["exit"] || f.given["stderr"]):
		return ops.Errorf(ops.Invalid, "bot explain FILE.txtar", "explain takes --exit and --stderr with --command only: a file says both itself.")
	case len(f.files) == 0 && strings.TrimSpace(f.command) == "":
		return ops.Errorf(ops.Invalid, explainFix, "explain wants --command and an answer on standard input, or files.")
	case f.exit < 0 || f.exit > highest:
		return ops.Errorf(ops.Invalid, explainFix, "explain: --exit wants an exit status from 0 to %d, not %d.", highest, f.exit)
	}
	return nil
}

func (p *process) pasted(f explainFlags) (answer.Answer, error) {
	argv, err := explain.Command(f.command)
	if err != nil {
		fmt.Fprintf(p.stderr, "bot: not recognized: %v.\n", err)
		return answer.Answer{}, errSilent(ops.Failed.Exit())
	}
	a := answer.Answer{Argv: argv, Exit: f.exit}
	if f.stderr != "" {
		b, err := os.ReadFile(f.stderr) //nolint:gosec // the user names the file
		if err != nil {
			return a, ops.Errorf(ops.Invalid, explainFix, "The file with the error output cannot be read: %v.", err)
		}
		a.Stderr = string(b)
	}
	stdout, err := io.ReadAll(io.LimitReader(p.stdin, maxAnswer+1))
	if err != nil {
		return a, fmt.Errorf("reading the answer from standard input: %w", err)
	}
	if len(stdout) > maxAnswer {
		return a, ops.Errorf(ops.Invalid, explainFix, "The answer on standard input is longer than %d MiB.", maxAnswer>>20)
	}
	a.Stdout = string(stdout)
	return a, nil
}

// explainFiles says each file's meaning. One that is not recognized makes the
// exit status 1, one that cannot be read 2; the others are still said.
func (p *process) explainFiles(f explainFlags) error {
	worst := 0
	for _, name := range f.files {
		worst = max(worst, p.explainFile(name, f))
	}
	if worst > 0 {
		return errSilent(worst)
	}
	return nil
}

func (p *process) explainFile(name string, f explainFlags) (exit int) {
	src, err := os.ReadFile(name) //nolint:gosec // the user names the file
	if err != nil {
		fmt.Fprintf(p.stderr, "bot: the file cannot be read: %v.\n", err)
		return ops.Invalid.Exit()
	}
	a, err := explain.Archive(src)
	if err != nil {
		fmt.Fprintf(p.stderr, "bot: %s is not recognized: %v.\n", name, err)
		return ops.Failed.Exit()
	}
	if err := p.sayMeaning(name, a, f); err != nil {
		return ops.Failed.Exit()
	}
	return 0
}

// meaningLine is one line of --json; of several files it names the file.
type meaningLine struct {
	File string `json:"file,omitempty"`
	answer.Meaning
}

func (p *process) sayMeaning(name string, a answer.Answer, f explainFlags) error {
	m, ok := explain.Meaning(a)
	if !ok {
		if name != "" {
			name += ": "
		}
		fmt.Fprintf(p.stderr, "bot: %sthe answer of %q is not recognized: %s.\n", name, explain.Name(a), explain.Doubt(a))
		return errSilent(ops.Failed.Exit())
	}
	several := len(f.files) > 1
	if !several {
		name = ""
	}
	if f.json {
		enc := json.NewEncoder(p.stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(meaningLine{name, m})
	}
	if several {
		name += ": "
	}
	_, err := fmt.Fprintf(p.stdout, "%s%s %s: %s\n", name, m.Tool, m.Verb, m.Meaning)
	return err
}
