package commands

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
)

// TestStatusAsksTheBrokerNothing, as its help says, and none of its checks is
// without what it reads.
func TestStatusAsksTheBrokerNothing(t *testing.T) {
	c, _ := Find("status")
	if l := c.Look(ops.Request{}); l.Facts != (facts.Need{}) || !l.Fleet {
		t.Errorf("status looks for %+v", l)
	}
	for _, name := range glance {
		if k, ok := checks.Find(name); !ok || k.Facts != (facts.Need{}) {
			t.Errorf("%s cannot be judged from a bare look", name)
		}
	}
}

// TestARowCountsItsOwn: what one walk counts is what a walk for each cell would.
func TestARowCountsItsOwn(t *testing.T) {
	f := fleet(t)
	rapid.Check(t, func(t *rapid.T) {
		obs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) checks.Observation {
			return checks.Observation{
				Check: rapid.SampledFrom(glance).Draw(t, "check"), Node: rapid.SampledFrom(f.Nodes()).Draw(t, "node").Name,
				Verdict: checks.Verdict(rapid.IntRange(0, 2).Draw(t, "verdict")),
			}
		}), 0, 60).Draw(t, "observations")
		all := tallies(obs)
		for _, n := range f.Nodes() {
			cells := marks(all, n)
			for i, name := range glance {
				good, count, verdict := 0, 0, checks.OK
				for _, o := range obs {
					if o.Node != n.Name || o.Check != name {
						continue
					}
					count++
					if o.Verdict == checks.OK {
						good++
					}
					verdict = graver(verdict, told(o))
				}
				want := "-"
				switch {
				case count == 0:
				case verdict == checks.Unknown:
					want = "?"
				case count > 1:
					want = fmt.Sprintf("%s %d/%d", verdict, good, count)
				default:
					want = verdict.String()
				}
				if cells[i] != want {
					t.Fatalf("%s %s: %q, want %q", n.Name, name, cells[i], want)
				}
			}
		}
	})
}
