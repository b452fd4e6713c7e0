package commands

import (
	"fmt"
	"strings"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/vernemq"
)

var _ = register(Command{
	Name:    "admin",
	Summary: "Ask vmq-admin what it only reads, and print the answer as it came",
	Help: `Runs one command of vmq-admin in the container of each node of the target and
prints what it said. What may be asked is a list: ` + strings.Join(vernemq.Readings(), ", ") + `.
Everything else is refused, and so are secrets and the contents of messages;
what changes something has a verb of its own (join, leave, conf push). Options of
vmq-admin stand behind "--". vmq-admin gives up after a minute.`,
	Target: NeedsTarget,
	Words:  []Word{{Name: "COMMAND", Help: "a command of vmq-admin that only reads, as cluster show", Rest: true, Form: readingForm}},
	Examples: []Example{
		{"admin cn -- cluster show", "the members as cn sees them"},
		{"admin cn-1 -- session show --client_id --queue_size --limit=20", "twenty sessions with what waits for them"},
	},
	Look: func(r ops.Request) Look { return Look{Facts: facts.Need{Admin: r.Args["COMMAND"]}} },
	View: viewSaid,
})

// readingForm says what is wrong with a line of vmq-admin.
func readingForm(line string) string {
	argv, err := vernemq.Reading(line)
	if err != nil {
		return "is refused: " + err.Error()
	}
	for _, w := range argv {
		if key := strings.TrimLeft(w, "-"); regions.IsSecret(key, "") {
			return "is refused: " + key + " is a secret"
		}
	}
	return ""
}

// viewSaid prints what each node said, as it came.
func viewSaid(r ops.Request, w ops.World) (View, error) {
	var b strings.Builder
	verdict := checks.OK
	data := map[string]facts.Seen[facts.Said]{}
	for _, n := range r.Nodes {
		seen := w.Seen.Nodes[n.Name].Said
		data[n.Name] = seen
		said, ok := seen.Get()
		if !ok {
			verdict = graver(verdict, checks.Unknown)
			fmt.Fprintf(&b, "==> %s: not seen: %s\n", n.Name, notSeen(w, n, seen.Why()))
			continue
		}
		fmt.Fprintf(&b, "==> %s: %s\n%s", n.Name, strings.Join(said.Argv, " "), keeping(ended(said.Stdout), r.Args["grep"]))
		b.WriteString(ended(said.Stderr))
		if said.Exit != 0 {
			verdict = graver(verdict, checks.Bad)
			fmt.Fprintf(&b, "exit status %d. Type: diagnose %s\n", said.Exit, n.Name)
		}
	}
	return View{Text: b.String(), Data: data, Verdict: verdict, Raw: true}, nil
}

// notSeen prefers the reason nearest to the host: that a container does not run
// says more than that nothing could be run in it.
func notSeen(w ops.World, n regions.Node, why string) string {
	for _, o := range checks.Judge(w.Fleet, w.Seen, []regions.Node{n}, "host", "docker", "container") {
		if o.Verdict != checks.OK && !follows(o) {
			return o.Evidence
		}
	}
	return why
}

// ended closes the last line.
func ended(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

// keeping keeps the lines that hold a text, whatever the case of its letters.
func keeping(text, want string) string {
	if want == "" {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if hasText(line, want) {
			b.WriteString(line)
		}
	}
	return b.String()
}

var grepFlag = Flag{Name: "grep", Text: "TEXT", Help: "only the lines that hold this text, in capitals or not"}
