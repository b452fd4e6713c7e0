package commands

import (
	"fmt"
	"slices"
	"strings"
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
answer. "lost" means that nothing came back, "?" that it could not be tried.

--sizes sends larger packets as well, which nobody on the way may cut up, and --size
those of one size: bytes inside, 28 less than the packet. "stalls" means that small
ones came back and these did not: something on the way takes smaller packets than
weave believes, so logins work and messages hang (F12). "over 1376" means that the
sender knows that the way takes no more than that, which is no failure: it sends
smaller ones. Where the ping of the image is busybox's, which cannot keep packets
whole, weave's word counts for that.`,
	Target: OptionalTarget,
	Flags: []Flag{
		{Name: "sizes", Help: "also with 500, 1348 and 1410 bytes: what passes, and what stalls"},
		{Name: "size", Help: "also with so many bytes", Number: true, Min: 0, Max: 65507},
	},
	Examples: []Example{
		{"ping", "the whole matrix"},
		{"ping cn", "from cn to everybody"},
		{"ping cn --sizes", "whether large packets pass as well"},
		{"ping eu --size 1300", "whether these do"},
	},
	Look: func(r ops.Request) Look { return Look{Facts: facts.Need{Pings: true, Sizes: sizesOf(r)}, Fleet: true} },
	View: viewPing,
})

// sizesOf are the sizes that are tried: far below what any way takes, weave's
// largest in the kernel (1376), and its largest in sleeve (1438).
func sizesOf(r ops.Request) (s facts.Sizes) {
	if r.Flag("sizes") {
		s = facts.Sizes{500, 1348, 1410}
	}
	if n := r.Number("size"); !slices.Contains(s[:], n) {
		s[3] = n
	}
	return s
}

func viewPing(r ops.Request, w ops.World) (View, error) {
	text, verdict := pingMatrix(r, w, w.Seen.Pings, func(_, _ string) bool { return false })
	all := w.Seen.Pings
	for _, size := range sizesOf(r) {
		if size == 0 {
			continue
		}
		var sized []facts.Ping
		for _, p := range w.Seen.Sized {
			if p.Size == size {
				sized = append(sized, uncut(w, p))
			}
		}
		more, v := pingMatrix(r, w, sized, func(from, to string) bool {
			_, echo, _ := pingCell(w.Seen.Pings, from, to)
			return echo == checks.OK
		})
		text += fmt.Sprintf("\n%d bytes (packets of %d), whole on the way:\n%s", size, size+28, more)
		verdict, all = graver(verdict, v), append(slices.Clip(all), sized...)
	}
	return View{Text: text, Data: all, Verdict: verdict}, nil
}

// uncut says of a ping that cannot keep packets whole only what it can know: the
// kernel keeps those whole that it believes to fit, and what fits is weave's word.
// Two nodes of one host have no weave between them.
func uncut(w ops.World, p facts.Ping) facts.Ping {
	e, ok := p.Echo.Get()
	from, _ := w.Fleet.Node(p.From)
	to, _ := w.Fleet.Node(p.To)
	if !ok || !e.MayBeCut || from.Beside(to) {
		return p
	}
	switch c, _ := w.Seen.Carried(p.From, p.To); {
	case c.MTU == 0:
		p.Echo = facts.Missed[facts.Echo](facts.Absent, "the ping of its image cannot keep packets whole, and weave does not say what fits. Type: network status "+p.From)
	case p.Size+28 > c.MTU:
		p.Echo = facts.Saw(facts.Echo{TooLong: c.MTU})
	}
	return p
}

// pingMatrix is one table: rows send, columns answer. Small says whether small
// packets come back, so that what is lost here stalls.
func pingMatrix(r ops.Request, w ops.World, pings []facts.Ping, small func(from, to string) bool) (string, checks.Verdict) {
	heading := []string{"FROM \\ TO"}
	for _, n := range w.Fleet.Nodes() {
		heading = append(heading, n.Name)
	}
	rows := [][]string{heading}
	verdict := checks.OK
	var notes strings.Builder
	for _, from := range r.Nodes {
		row := []string{from.Name}
		for _, to := range w.Fleet.Nodes() {
			cell, v, note := pingCell(pings, from.Name, to.Name)
			if cell == "lost" && small(from.Name, to.Name) {
				cell = "stalls"
				note = fmt.Sprintf("%s -> %s: small packets come back and these do not (F12). By hand: let the way between the hosts take larger packets, or set a smaller network.mtu in the fleet file, and in a window, on every host: weave reset, network up, reattach\n", from.Name, to.Name)
			}
			row, verdict = append(row, cell), graver(verdict, v)
			notes.WriteString(note)
		}
		rows = append(rows, row)
	}
	return table(rows) + notes.String(), verdict
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
		case e.TooLong > 0 && p.Size > 0:
			return fmt.Sprintf("over %d", e.TooLong), checks.OK, ""
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
