package checks_test

import (
	"strings"
	"testing"

	"vmqbot/checks"
	"vmqbot/regions"
)

const (
	unknown = checks.Unknown
	fine    = checks.OK
	wrong   = checks.Bad
)

// row is one thing that can be wrong, in plain words, and what its check says.
type row struct {
	name     string
	broken   func(*world)
	where    string // "cn-1" when empty, or a link as "cn-1->sg-1"
	verdict  checks.Verdict
	evidence string // part of it
	effect   string // part of it
	repair   string // the whole command
	byHand   string // part of it
	row      string // "F1"
}

// table runs one check over its rows.
func table(t *testing.T, check string, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			w := healthy()
			if r.broken != nil {
				r.broken(w)
			}
			r.judge(t, w, check)
		})
	}
}

func (r row) judge(t *testing.T, w *world, check string) {
	t.Helper()
	where := r.where
	if where == "" {
		where = "cn-1"
	}
	node, _, _ := strings.Cut(where, "->")
	var got []checks.Observation
	for _, o := range checks.Judge(w.fleet, w.seen, []regions.Node{w.node(t, node)}, check) {
		if o.Where() == where {
			got = append(got, o)
		}
	}
	if len(got) != 1 {
		t.Fatalf("%s at %s: %d observations, want 1", check, where, len(got))
	}
	o := got[0]
	if o.Verdict != r.verdict || !strings.Contains(o.Evidence, r.evidence) {
		t.Errorf("%s at %s is %s: %s\nwant %s: ...%s...", check, where, o.Verdict, o.Evidence, r.verdict, r.evidence)
	}
	if !strings.Contains(o.Effect, r.effect) {
		t.Errorf("effect: got %q\nwant ...%q...", o.Effect, r.effect)
	}
	if o.Repair != r.repair {
		t.Errorf("repair: got %q, want %q", o.Repair, r.repair)
	}
	if !strings.Contains(o.NoRepair, r.byHand) || (r.byHand == "") != (o.NoRepair == "") {
		t.Errorf("by hand: got %q\nwant ...%q...", o.NoRepair, r.byHand)
	}
	if o.Row != r.row {
		t.Errorf("row: got %q, want %q", o.Row, r.row)
	}
	wellSaid(t, w.fleet, o)
	hear(o)
}

// wellSaid is what every observation owes to its reader.
func wellSaid(t *testing.T, f *regions.Fleet, o checks.Observation) {
	t.Helper()
	if o.Evidence == "" || strings.Contains(o.Evidence, "\n") || strings.HasSuffix(o.Evidence, ".") || strings.Contains(o.Evidence, "%!") {
		t.Errorf("%s at %s: evidence %q must be one line without a period", o.Check, o.Where(), o.Evidence)
	}
	if o.Check == "" || o.Region == "" || o.Node == "" {
		t.Errorf("an observation of nobody: %+v", o)
	}
	ways := 0
	for _, s := range []string{o.Repair, o.NoRepair} {
		if s != "" {
			ways++
		}
	}
	if o.Verdict == checks.Bad && (o.Effect == "" || ways != 1) {
		t.Errorf("%s at %s is bad and lacks its effect or its one way out: %+v", o.Check, o.Where(), o)
	}
	if o.Verdict != checks.Bad && o.Effect+o.Repair+o.NoRepair+o.Row != "" {
		t.Errorf("%s at %s is %s and yet has an effect, a repair or a row: %+v", o.Check, o.Where(), o.Verdict, o)
	}
	if o.Repair != "" {
		repairs(t, f, o.Repair)
	}
}
