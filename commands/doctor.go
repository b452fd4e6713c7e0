package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "doctor",
	Summary: "Look at everything that a first day needs, one line each",
	Help: `Asks every check, those of diagnose and those of a first day: ssh reach and host
keys, channels through sshd, Docker and whether weave still speaks its API, copies
of one machine, the plan against the hosts' routes, Docker's networks against what
must be reached, clocks, images, netsplit switches, folders. One line each: fine, or
what is wrong and what to type. bot doctor --config F is the same from a shell.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"doctor", "the whole fleet"},
		{"doctor cn", "one region"},
	},
	Look: func(ops.Request) Look { return Look{Facts: checks.Need(doctored()...), Fleet: true} },
	View: viewDoctor,
})

// doctored are the checks of diagnose and those of a first day.
func doctored() []string { return append(everyCheck(), checks.FirstDay()...) }

func viewDoctor(r ops.Request, w ops.World) (View, error) {
	obs := checks.Judge(w.Fleet, w.Seen, r.Nodes, doctored()...)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", w.Fleet.Cluster, headline(obs))
	for _, c := range checks.All() {
		own := slices.DeleteFunc(slices.Clone(obs), func(o checks.Observation) bool { return o.Check != c.Name || follows(o) })
		if len(own) == 0 {
			continue
		}
		if worst(own) == checks.OK {
			where := ""
			if slices.ContainsFunc(obs, func(o checks.Observation) bool { return o.Check == c.Name && follows(o) }) {
				where = " (where it could be asked: see below)"
			}
			fmt.Fprintf(&b, "%-7s  %-9s  %s%s\n", "fine", c.Name, c.Summary, where)
			continue
		}
		for _, v := range []checks.Verdict{checks.Bad, checks.Unknown} {
			for _, f := range findings(own, v) {
				b.WriteString(f.line())
			}
		}
	}
	b.WriteString(unchecked(obs))
	fmt.Fprintf(&b, "\n%s in %s.\n", count(len(w.Seen.Nodes), "node"), w.Seen.Took.Round(10*time.Millisecond))
	return View{Text: b.String(), Data: judged(r, w, obs), Verdict: worst(obs)}, nil
}

// line is a finding in one line.
func (f *finding) line() string {
	word := "WRONG"
	if told(f.Observation) == checks.Unknown {
		word = "UNSEEN"
	}
	says := fmt.Sprintf("%-7s  %-9s  %s: %s", word, f.Check, f.where(), trim(strings.Join(strings.Fields(f.Evidence), " ")))
	switch {
	case f.Repair != "":
		says += ". Type: " + f.Repair
	case f.NoRepair != "":
		says += ". By hand: " + f.NoRepair
	}
	return says + "\n"
}
