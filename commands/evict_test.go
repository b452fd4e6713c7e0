package commands

import (
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/vernemq"
)

// haunted is a healthy fleet whose views name more.
func haunted(f *regions.Fleet, more ...vernemq.Member) facts.Fleet {
	w := factstest.Healthy(f)
	for _, n := range f.Nodes() {
		factstest.Edit(&w, n.Name, func(n *facts.Node) {
			b, _ := n.Broker.Get()
			view, _ := b.View.Get()
			b.View = facts.Saw(append(view, more...))
			n.Broker = facts.Saw(b)
		})
	}
	return w
}

func evict(t *testing.T, line string, f *regions.Fleet, w facts.Fleet) (ops.Plan, error) {
	t.Helper()
	c, r, err := Parse(strings.Fields(line), f)
	if err != nil {
		t.Fatal(err)
	}
	return c.Plan(r, ops.World{Fleet: f, Seen: w})
}

func TestEvict(t *testing.T) {
	f := fleet(t)
	old, older := vernemq.Member{Node: "VerneMQ@10.0.0.9"}, vernemq.Member{Node: "VerneMQ@10.0.0.8"}
	p, err := evict(t, "evict", f, haunted(f, old))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "evict-a-ghost.txt", p.String())
	if p, err = evict(t, "evict", f, haunted(f, old, older)); err != nil {
		t.Fatal(err)
	}
	golden(t, "evict-two-ghosts.txt", p.String())
	if first, again := p.Steps[0].Do.(ops.Exec).Judge, p.Steps[2].Do.(ops.Exec).Judge; first != ops.Leaving || again != ops.Left {
		t.Errorf("the first leave, which times out, is judged by %q, and the second by %q", first, again)
	}
	if !p.Steps[0].MayFail || p.Steps[2].MayFail || len(p.Steps[2].Verify) > 0 {
		t.Error("with two ghosts the first leaves time out, and the second ones must be done whatever the views say")
	}
	if p, err = evict(t, "evict VerneMQ@10.0.0.9", f, haunted(f, old, older)); err != nil || strings.Contains(p.String(), "10.0.0.8") {
		t.Errorf("the one that is named: %v\n%s", err, p)
	}
	if p, err = evict(t, "evict", f, haunted(f)); err != nil || !p.Empty() {
		t.Errorf("none is there: %v\n%s", err, p)
	}
}

func TestEvictRefuses(t *testing.T) {
	f := fleet(t)
	old := vernemq.Member{Node: "VerneMQ@10.0.0.9"}
	runs := old
	runs.Running = true
	down := haunted(f, old)
	factstest.Edit(&down, "sg-1", func(n *facts.Node) {
		b, _ := n.Broker.Get()
		view, _ := b.View.Get()
		view[2].Running = false
		b.View = facts.Saw(view)
		n.Broker = facts.Saw(b)
	})
	dark := haunted(f, old)
	factstest.Edit(&dark, "us-1", func(n *facts.Node) {
		b, _ := n.Broker.Get()
		b.View = facts.Missed[[]vernemq.Member](facts.TooLate, "no answer")
		n.Broker = facts.Saw(b)
	})
	for _, row := range []struct {
		name, line string
		w          facts.Fleet
		code       ops.Code
		want       string
	}{
		{"one that runs", "evict", haunted(f, runs), ops.Failed, "cn-1, sg-1, us-1, eu-1 see it running"},
		{"while another one is down", "evict", down, ops.Failed, "sg-1 sees us-1 not running: a leave now would hang"},
		{"while one cannot tell", "evict", dark, ops.Unseen, "us-1 counts as a member cannot be seen"},
		{"one of ours", "evict VerneMQ@10.0.0.1", haunted(f), ops.Refused, "is cn-1 of the fleet file"},
		{"a name that no word can be", "evict", haunted(f, vernemq.Member{Node: "a b"}), ops.Failed, "Nothing was done"},
	} {
		p, err := evict(t, row.line, f, row.w)
		if err == nil || ops.CodeOf(err) != row.code || !strings.Contains(err.Error(), row.want) || !p.Empty() {
			t.Errorf("%s: got %v, want %s", row.name, err, row.want)
		}
	}
	if _, _, err := Parse([]string{"evict", "cn-1"}, f); err == nil {
		t.Error("a node's own name is taken for VerneMQ's")
	}
}
