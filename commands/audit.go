package commands

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"vmqbot/checks"
	"vmqbot/ops"
)

var operationID = regexp.MustCompile(`^[0-9a-f]{6}$`)

var _ = register(Command{
	Name:    "audit",
	Summary: "List who asked, decided and did what",
	Help: `Lists the last lines of the audit, newest first: requests, refusals with their
reason, plans by their hash, approvals, steps and results. The audit is a chain of
hashes: bot audit verify walks it. It touches no host.`,
	Flags: []Flag{
		{Name: "n", Help: "how many lines", Number: true, Default: 30, Min: 1, Max: 1000},
		{Name: "op", Text: "ID", Help: "one operation only", Form: func(w string) string {
			if !operationID.MatchString(w) {
				return "is no operation's identity: six digits from 0 to f, as history shows them"
			}
			return ""
		}},
	},
	Examples: []Example{
		{"audit", "the last 30 lines"},
		{"audit --op 4f2a91", "everything about one operation"},
	},
	Role: ops.Operator,
	Look: func(r ops.Request) Look { return Look{None: true, Audit: r.Number("n")} },
	View: viewAudit,
})

func viewAudit(_ ops.Request, w ops.World) (View, error) {
	if len(w.Audit) == 0 {
		return View{Text: "The audit holds no such line.\n", Data: []ops.AuditEvent{}, Verdict: checks.OK}, nil
	}
	rows := [][]string{{"LINE", "WHEN (UTC)", "WHO", "OPERATION", "WHAT", "DETAIL"}}
	for _, e := range w.Audit {
		rows = append(rows, []string{fmt.Sprint(e.Seq), e.At.UTC().Format("2006-01-02 15:04:05"), e.Actor, e.Op, e.Type, auditDetail(e)})
	}
	return View{Text: table(rows), Data: w.Audit, Verdict: checks.OK}, nil
}

// auditDetail is the first line of an entry, with the reason where it has one:
// why the glass was broken, why somebody was refused or refused.
func auditDetail(e ops.AuditEvent) string {
	detail, more, _ := strings.Cut(e.Detail, "\n")
	switch e.Type {
	case "plan":
		detail = detail[:min(8, len(detail))] + " " + firstLine(more)
	case "refused":
		if why := firstLine(more); why != "" {
			detail += ": " + why
		}
	case "request":
		if by := firstLine(more); strings.HasPrefix(by, "approved by ") || strings.HasPrefix(by, "glass broken by ") {
			detail += ", " + by
		}
	default:
		for line := range strings.Lines(more) {
			if why, ok := strings.CutPrefix(line, "reason "); ok {
				detail += ", because: " + cmp.Or(strings.TrimSpace(why), "no reason")
			}
		}
	}
	return trim(detail)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
