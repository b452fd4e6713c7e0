package commands

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// cookieOn is another cookie in the files of nodes.
func cookieOn(cookie string, names ...string) func(*facts.Fleet, *regions.Fleet) {
	return func(w *facts.Fleet, f *regions.Fleet) {
		for _, name := range names {
			lineOn(name, "distributed_cookie = value-of-VERNEMQ_COOKIE", "distributed_cookie = "+cookie)(w, f)
		}
	}
}

var everywhere = []string{"cn-1", "sg-1", "us-1", "eu-1"}

// Another cookie for all: every broker stops before the first file is written,
// and nothing is final, so that a failure anywhere undoes it everywhere.
func TestAnotherCookieIsForAllAtOnce(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	cookieOn("hunter2", everywhere...)(&w, f)
	p, err := planOf(t, f, w, "conf push all")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "conf-push-another-cookie.txt", p.String())
	phase := map[string]int{"ops.TryContainer": 0, "ops.StopContainer": 1, "ops.PutFiles": 2, "ops.StartContainer": 3}
	last := 0
	for _, s := range p.Steps {
		if now, counts := phase[kindOf(s.Do)]; counts && now < last {
			t.Errorf("%s comes too late", s.Title)
		} else if counts {
			last = now
		}
		if s.Final {
			t.Errorf("%s is final", s.Title)
		}
	}
	if !slices.Equal(p.Locks, []string{"cn", "sg", "us", "eu"}) {
		t.Errorf("locks %v", p.Locks)
	}
	if strings.Contains(p.String(), "hunter2") || strings.Contains(p.String(), "value-of") {
		t.Error("a cookie is shown")
	}
}

// The undo of the first stop comes last, and proves all; an earlier one that
// fails keeps nobody else stopped.
func TestAnotherCookieIsUndoneOnAll(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	cookieOn("hunter2", everywhere...)(&w, f)
	p, err := planOf(t, f, w, "conf push all")
	if err != nil {
		t.Fatal(err)
	}
	stops := 0
	for _, s := range p.Steps {
		if _, is := s.Do.(ops.StopContainer); !is {
			continue
		}
		var proven []string
		for _, r := range s.Restore {
			if !r.MayFail {
				proven = append(proven, r.Node)
			} else if r.Node != s.Node {
				t.Errorf("%s: %s belongs to another node", s.Title, r.Title)
			}
		}
		proven = slices.Compact(proven)
		if stops == 0 && !slices.Equal(proven, everywhere) || stops > 0 && proven != nil || len(s.Restore) < 2 {
			t.Errorf("%s proves %v", s.Title, proven)
		}
		if _, starts := s.Undo.(ops.StartContainer); !starts {
			t.Errorf("the undo of %s is %v", s.Title, s.Undo)
		}
		stops++
	}
	if stops != 4 {
		t.Errorf("%d stops", stops)
	}
}

// One that has it already is stopped and started all the same: its broker may
// still run with the one before.
func TestAnotherCookieThatOneHasAlready(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	cookieOn("hunter2", "sg-1", "us-1", "eu-1")(&w, f)
	p, err := planOf(t, f, w, "conf push all")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, s := range p.Steps {
		count[kindOf(s.Do)]++
	}
	if count["ops.StopContainer"] != 4 || count["ops.StartContainer"] != 4 || count["ops.PutFiles"] != 3 || count["ops.TryContainer"] != 3 {
		t.Errorf("%v\n%s", count, p)
	}
}

// One whose file alone says another is put right while the others serve.
func TestAnotherCookieByHand(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	cookieOn("hunter2", "cn-1")(&w, f)
	for _, line := range []string{"conf push cn", "conf push all"} {
		p, err := planOf(t, f, w, line)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Steps {
			if _, stops := s.Do.(ops.StopContainer); stops && s.Node != "cn-1" {
				t.Errorf("%s: %s", line, s.Title)
			}
		}
		if !strings.Contains(p.String(), "cn-1 needs a restart for distributed_cookie") {
			t.Errorf("%s: %s", line, p)
		}
	}
}

// A deploy goes node by node, so it refuses another cookie beside members that
// do not have it.
func TestDeployKeepsTheCookie(t *testing.T) {
	for name, tt := range map[string]struct {
		world   func(*regions.Fleet) facts.Fleet
		change  func(*facts.Fleet, *regions.Fleet)
		line    string
		refused bool
	}{
		"of all":       {deployed, cookieOn("hunter2", everywhere...), "deploy all", true},
		"of a part":    {deployed, cookieOn("hunter2", "cn-1", "us-1"), "deploy cn --image airdroid/vernemq:2.1.3", true},
		"of one alone": {deployed, cookieOn("hunter2", "cn-1"), "deploy cn", false},
		"of others":    {deployed, cookieOn("hunter2", "us-1"), "deploy cn --image airdroid/vernemq:1.6.2", false},
		"of a cluster of one": {deployed, func(w *facts.Fleet, f *regions.Fleet) {
			empty(w, f, "sg-1", "us-1", "eu-1")
			sees(w, f, "cn-1")
			cookieOn("hunter2", "cn-1")(w, f)
		}, "deploy cn", false},
		"of containers of the runbook": {runbook, cookieOn("hunter2", everywhere...), "deploy all", true},
	} {
		t.Run(name, func(t *testing.T) {
			f := fleet(t)
			w := tt.world(f)
			tt.change(&w, f)
			p, err := planOf(t, f, w, tt.line)
			if !tt.refused && (err != nil || p.Empty()) || tt.refused && (ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), "conf push all changes it everywhere at once") || len(p.Steps) > 0) {
				t.Errorf("%v; %d steps", err, len(p.Steps))
			}
		})
	}
}

// Nor does a node join members that have another cookie.
func TestDeployJoinsWithTheCookieOfTheMembers(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	empty(&w, f, "eu-1")
	if p, err := planOf(t, f, w, "deploy eu"); err != nil || p.Empty() {
		t.Fatal(err)
	}
	cookieOn("hunter2", "cn-1", "us-1")(&w, f)
	p, err := planOf(t, f, w, "deploy eu")
	if ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), "another distributed_cookie than cn-1, us-1 are seen to have, and could not join them") || len(p.Steps) > 0 {
		t.Errorf("%v; %d steps", err, len(p.Steps))
	}
}

// kindOf is the type of an action.
func kindOf(a ops.Action) string { return fmt.Sprintf("%T", a) }
