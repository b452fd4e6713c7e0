package commands

import (
	"fmt"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "ping",
	Summary: "Measure the round trips between the containers over weave",
	Help: `Sends three echo requests from each container of the target to the weave address
of every other node and shows the mean round-trip time: rows send, columns
answer. "lost" means that nothing came back, "?" that it could not be tried.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"ping", "the whole matrix"},
		{"ping cn", "from cn to everybody"},
	},
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{Pings: true}, Fleet: true} },
	View: viewPing,
})

func viewPing(r ops.Request, w ops.World) (View, error) {
	heading := []string{"FROM \\ TO"}
	for _, n := range w.Fleet.Nodes() {
		heading = append(heading, n.Name)
	}
	rows := [][]string{heading}
	verdict := checks.OK
	var notes string
	for _, from := range r.Nodes {
		row := []string{from.Name}
		for _, to := range w.Fleet.Nodes() {
			cell, v, note := pingCell(w.Seen.Pings, from.Name, to.Name)
			row, verdict = append(row, cell), graver(verdict, v)
			notes += note
		}
		rows = append(rows, row)
	}
	return View{Text: table(rows) + notes, Data: w.Seen.Pings, Verdict: verdict}, nil
}

func pingCell(pings []facts.Ping, from, to string) (cell string, v checks.Verdict, note string) {
	if from == to {
		return "-", checks.OK, ""
	}
	for _, p := range pings {
		if p.From != from || p.To != to {
			continue
		}
		e, ok := p.Echo.Get()
		switch {
		case !ok:
			return "?", checks.Unknown, fmt.Sprintf("%s -> %s: %s\n", from, to, p.Echo.Why())
		case e.Received == 0:
			return "lost", checks.Bad, fmt.Sprintf("%s -> %s: %d sent, nothing came back. Type: diagnose %s\n", from, to, e.Sent, to)
		case e.Received < e.Sent:
			return fmt.Sprintf("%s %d/%d", ms(e.Avg), e.Received, e.Sent), checks.OK, ""
		default:
			return ms(e.Avg), checks.OK, ""
		}
	}
	return "?", checks.Unknown, fmt.Sprintf("%s -> %s: not tried\n", from, to)
}

// ms writes a duration in milliseconds with two significant places.
func ms(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.2f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.0f ms", float64(d)/1e6)
}
