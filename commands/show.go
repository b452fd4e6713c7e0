package commands

import (
	"fmt"
	"slices"
	"strings"

	"vmqbot/cells"
	"vmqbot/checks"
)

// table sets rows in columns, two blanks apart; the first row is the heading.
func table(rows [][]string) string {
	var widths []int
	for _, r := range rows {
		for i, c := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], cells.Width(c))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		var line strings.Builder
		for i, c := range r {
			line.WriteString("  " + cells.Pad(c, widths[i]))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

func upper(words []string) []string {
	up := make([]string, len(words))
	for i, w := range words {
		up[i] = strings.ToUpper(w)
	}
	return up
}

// graver returns the verdict that matters more to a reader: Bad before
// Unknown before OK.
func graver(a, b checks.Verdict) checks.Verdict {
	order := []checks.Verdict{checks.OK, checks.Unknown, checks.Bad}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// worst is the gravest verdict of all; nothing judged is Unknown.
func worst(obs []checks.Observation) checks.Verdict {
	if len(obs) == 0 {
		return checks.Unknown
	}
	v := checks.OK
	for _, o := range obs {
		v = graver(v, told(o))
	}
	return v
}

// told is an observation's verdict as a reader is told it. That a host does
// not answer is a finding of the check host, which alerts may fire on; about
// the node it means that nobody knows.
func told(o checks.Observation) checks.Verdict {
	if o.Check == "host" && o.Verdict == checks.Bad {
		return checks.Unknown
	}
	return o.Verdict
}

// headline is the one sentence on top.
func headline(obs []checks.Observation) string {
	var bad, unknown, nodes []string
	for _, o := range obs {
		nodes = with(nodes, o.Node)
		switch {
		case told(o) == checks.Bad:
			bad = with(bad, o.Node)
		case told(o) == checks.Unknown && !follows(o):
			unknown = with(unknown, o.Node)
		}
	}
	unknown = slices.DeleteFunc(unknown, func(n string) bool { return slices.Contains(bad, n) })
	switch {
	case len(bad) > 0 && len(unknown) > 0:
		return fmt.Sprintf("%s bad, %s not fully seen", list(bad), list(unknown))
	case len(bad) > 0:
		return list(bad) + " bad"
	case len(unknown) > 0:
		return list(unknown) + " not fully seen"
	case worst(obs) != checks.OK:
		return list(nodes) + " not fully checked, because of another node"
	default:
		return fmt.Sprintf("all is well on %s", count(len(nodes), "node"))
	}
}

func with(names []string, n string) []string {
	if slices.Contains(names, n) {
		return names
	}
	return append(names, n)
}

func list(names []string) string {
	if len(names) == 1 {
		return names[0] + " is"
	}
	return strings.Join(names, ", ") + " are"
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// troubles are the causes, one line each: what was seen and what to type.
// What is unknown only because its parent is not OK says nothing new.
func troubles(obs []checks.Observation) string {
	var b strings.Builder
	for _, v := range []checks.Verdict{checks.Bad, checks.Unknown} {
		for _, f := range findings(obs, v) {
			if follows(f.Observation) {
				continue
			}
			fmt.Fprintf(&b, "%s  %s %s: %s\n", strings.ToUpper(v.String()), f.where(), f.Check, f.Evidence)
			if f.Repair != "" {
				fmt.Fprintf(&b, "     type: %s\n", f.Repair)
			} else if f.NoRepair != "" {
				fmt.Fprintf(&b, "     by hand: %s\n", f.NoRepair)
			}
		}
	}
	return b.String()
}

// follows reports that a check was not run because one that it needs is not
// OK: it says nothing new.
func follows(o checks.Observation) bool {
	return o.Verdict == checks.Unknown && strings.HasPrefix(o.Evidence, "not checked:")
}

// trim takes the full stop off a sentence that goes into another one.
func trim(sentence string) string { return strings.TrimRight(sentence, ". \n") }
