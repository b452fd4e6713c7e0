package alerts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/regions"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func fleet(t testing.TB) *regions.Fleet {
	t.Helper()
	f, err := regions.Load("example.yaml", []byte(regions.Example), func(_, ref string) (string, error) { return "value-of-" + ref, nil })
	if err != nil {
		t.Fatal(err)
	}
	f.Checks.Sweep = 30 * time.Second
	return f
}

// play is a fleet over time: a test says what a look finds at each moment, and
// reads what was said and ordered.
type play struct {
	t      testing.TB
	fleet  *regions.Fleet
	book   alerts.Book
	wishes []alerts.Wish
	around func(time.Duration, *alerts.Look)
	heals  func(time.Duration, alerts.Order) (after time.Duration, why string)
	at     time.Duration
	log    []string
	ops    map[alerts.Op]int
	orders []alerts.Order
	ending map[string]end
	texts  []string
}

type end struct {
	at  time.Duration
	why string
}

func newPlay(t testing.TB) *play {
	return &play{t: t, fleet: fleet(t), ops: map[alerts.Op]int{}, ending: map[string]end{}}
}

func (p *play) now() time.Time { return noon.Add(p.at) }

// look is what one look finds: "ip cn-1 bad", "mqtt cn-1 sg-1 unknown", or, where
// it is milder than the check, "host cn-1 bad:warning".
func (p *play) look(found ...string) []alerts.Say {
	var all []checks.Observation
	for _, line := range found {
		f := strings.Fields(line)
		o := checks.Observation{Check: f[0], Node: f[1], Evidence: "evidence of " + strings.TrimSuffix(line, ":warning")}
		if len(f) == 4 {
			o.Peer = f[2]
		}
		verdict, severity, _ := strings.Cut(f[len(f)-1], ":")
		if err := o.Verdict.UnmarshalText([]byte(verdict)); err != nil {
			p.t.Fatal(err)
		}
		if severity == "warning" {
			o.Severity = checks.Warning
		}
		n, _ := p.fleet.Node(o.Node)
		o.Region = n.Region
		if o.Verdict == checks.Bad && (o.Check == "ip" || o.Check == "port") {
			o.Repair = "reattach " + o.Node
		}
		all = append(all, o)
	}
	l := alerts.Look{Fleet: p.fleet, Found: all, Now: p.now(), Around: alerts.Around{Wishes: alerts.Heard(p.wishes)}}
	if p.around != nil {
		p.around(p.at, &l)
	}
	for node, e := range p.ending {
		if p.at >= e.at {
			p.book = p.book.Ended(node, "4f2a91", e.why, p.now())
			delete(p.ending, node)
		}
	}
	var says []alerts.Say
	var orders []alerts.Order
	p.book, says, orders = alerts.Turn(p.book, l)
	for _, o := range orders {
		p.orders = append(p.orders, o)
		e := end{at: p.at}
		if p.heals != nil {
			var after time.Duration
			after, e.why = p.heals(p.at, o)
			e.at += after
		}
		p.ending[o.Node] = e
		p.log = append(p.log, fmt.Sprintf("%8s order %s (%d)", p.at, o.Line, o.Number))
	}
	for _, s := range says {
		p.ops[s.Op]++
		p.texts = append(p.texts, string(s.Op)+" "+s.Text)
		p.log = append(p.log, fmt.Sprintf("%8s %s %s/%d %s %s%s", p.at, s.Op, s.Group, s.Episode, s.ID.Key.Where(), s.Whom, s.Text))
	}
	return says
}

// run looks for a while: every 30 s, and as soon as doubt wants it.
func (p *play) run(until time.Duration, world func(at time.Duration) []string) {
	for p.at < until {
		p.look(world(p.at)...)
		step := p.fleet.Checks.Sweep
		if soon, ok := p.book.Recheck(); ok {
			step = min(step, soon)
		}
		for _, e := range p.ending {
			step = max(min(step, e.at-p.at), time.Second)
		}
		p.at += step
	}
}

// wants holds what was said in all, and how often something was repaired.
func (p *play) wants(post, update, thread, page, stop, orders int) {
	p.t.Helper()
	got := [...]int{p.ops[alerts.Post], p.ops[alerts.Update], p.ops[alerts.Thread], p.ops[alerts.Page], p.ops[alerts.StopPage], len(p.orders)}
	if want := [...]int{post, update, thread, page, stop, orders}; got != want {
		p.t.Errorf("post, update, thread, page, stop-page, orders: %v, want %v\n%s", got, want, strings.Join(p.log, "\n"))
	}
}

func (p *play) says(text string) {
	p.t.Helper()
	if !slices.ContainsFunc(p.texts, func(s string) bool { return strings.Contains(s, text) }) {
		p.t.Errorf("nobody said %q:\n%s", text, strings.Join(p.log, "\n"))
	}
}

func (p *play) phase(key string) alerts.Alert {
	p.t.Helper()
	k, ok := alerts.ParseKey(key)
	if !ok {
		p.t.Fatalf("%q is no key", key)
	}
	return p.book.Alerts[k]
}

// badFrom is a node whose address is lost at some time and for some time.
func ipBad(node string, from, until time.Duration) func(time.Duration) []string {
	return func(at time.Duration) []string {
		verdict := "ok"
		if at >= from && at < until {
			verdict = "bad"
		}
		return []string{"ip " + node + " " + verdict}
	}
}
