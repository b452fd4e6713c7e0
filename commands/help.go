package commands

import (
	"fmt"
	"strings"

	"vmqbot/checks"
	"vmqbot/ops"
)

func init() { // not a var: the view reads the registry, which would be an initialisation cycle
	register(Command{
		Name:    "help",
		Summary: "Explain a verb, or list them all",
		Help:    `Without an argument it lists every verb; with one it explains that verb.`,
		Words:   []Word{{Name: "VERB", Help: "the verb to explain", Optional: true, Verb: true}},
		Examples: []Example{
			{"help", "every verb"},
			{"help reattach", "one verb, whole"},
		},
		Look: func(ops.Request) Look { return Look{None: true} },
		View: viewHelp,
	})
}

// Doc is one verb for readers; help prints it and the documents hold it.
type Doc struct {
	Verb     string    `json:"verb"`
	Usage    string    `json:"usage"`
	Summary  string    `json:"summary"`
	Help     string    `json:"help"`
	Role     string    `json:"role"`
	Changes  bool      `json:"changes"`
	Examples []Example `json:"examples"`
}

func doc(c *Command) Doc {
	return Doc{Verb: c.Name, Usage: c.Usage(), Summary: c.Summary, Help: c.Help, Role: c.Role.String(), Changes: c.Changes(), Examples: c.Examples}
}

func viewHelp(r ops.Request, w ops.World) (View, error) {
	if verb := r.Args["VERB"]; verb != "" {
		c := registry[verb]
		return View{Text: c.manual(), Data: doc(c), Verdict: checks.OK}, nil
	}
	var yours, others [][]string
	var docs []Doc
	for _, c := range All() {
		docs = append(docs, doc(c))
		if w.May == nil {
			yours = append(yours, []string{c.Usage(), c.Summary})
		} else if why := w.May(c.Name); why == nil {
			yours = append(yours, []string{c.Usage(), c.Summary})
		} else {
			others = append(others, []string{c.Name, why.Error()})
		}
	}
	text := table(yours)
	if len(others) > 0 {
		text += "\nNot yours here:\n" + table(others)
	}
	text += "\nTARGET is " + strings.Join(targets(w.Fleet), ", ") + ". help VERB explains one.\n"
	return View{Text: text, Data: docs, Verdict: checks.OK}, nil
}

// manual is one verb's page.
func (c *Command) manual() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n  %s.\n\n", c.Usage(), c.Summary)
	for line := range strings.Lines(c.Help + "\n") {
		b.WriteString(strings.TrimRight("  "+line, " \n") + "\n")
	}
	var rows [][]string
	for _, wd := range c.Words {
		rows = append(rows, []string{wd.Name, wd.Help})
	}
	for _, f := range c.Flags {
		help := f.Help
		if f.Number {
			help += fmt.Sprintf(" (%d to %d, by default %d)", f.Min, f.Max, f.Default)
		}
		rows = append(rows, []string{f.Usage(), help})
	}
	if len(rows) > 0 {
		b.WriteString("\n" + table(rows))
	}
	b.WriteString("\n")
	var examples [][]string
	for _, e := range c.Examples {
		examples = append(examples, []string{e.Line, e.Says})
	}
	b.WriteString(table(examples))
	if c.Changes() {
		fmt.Fprintf(&b, "\n  It changes something: needs the role %s, shows its plan first, and asks.\n", c.Role)
	}
	return b.String()
}
