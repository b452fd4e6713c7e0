package control_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"vmqbot/checks"
	"vmqbot/control"
	"vmqbot/ops"
	"vmqbot/regions"
)

// written is a follower of logs that are written by the test.
type written struct {
	say   func(n regions.Node, hear func(ops.Heard))
	ended sync.WaitGroup
}

func (w *written) Follow(ctx context.Context, n regions.Node, _ ops.Tail, hear func(ops.Heard)) {
	w.ended.Add(1)
	defer w.ended.Done()
	w.say(n, hear)
	<-ctx.Done()
}

// A verb that goes on does so on every node at once until whoever asked has seen
// enough, which is no failure; what it shows is redacted.
func TestFollowingEndsWithWhoAsked(t *testing.T) {
	r := newRig(t)
	r.Redactor = r.Fleet.Redactor()
	ctx, cancel := context.WithCancel(t.Context())
	var shown strings.Builder
	w := &written{say: func(n regions.Node, hear func(ops.Heard)) {
		hear(ops.Heard{Node: n.Name, File: "console.log", Lines: []string{"it says value-of-VERNEMQ_COOKIE"}, Begin: true})
	}}
	r.Follower = w
	c, req := r.parse("logs all -f")
	nodes := 0
	res, err := r.Do(ctx, c, req, control.Door{Role: ops.Admin, Show: func(text string) {
		shown.WriteString(text)
		if nodes++; nodes == len(r.Fleet.Nodes()) {
			cancel()
		}
	}})
	w.ended.Wait() // nobody goes on behind the caller's back
	if err != nil || res.View == nil || res.View.Verdict != checks.OK || r.looks != 0 {
		t.Errorf("%+v, %d looks: %v", res, r.looks, err)
	}
	if strings.Contains(shown.String(), "value-of") || !strings.Contains(shown.String(), "it says [redacted]") {
		t.Errorf("a secret of a log was shown:\n%s", shown.String())
	}
	for _, n := range r.Fleet.Nodes() {
		if !strings.Contains(shown.String(), n.Name+" "+n.Container+" console.log") {
			t.Errorf("%s was not followed:\n%s", n.Name, shown.String())
		}
	}
}

// Where nobody could see it or end it, it is refused with what to type instead.
func TestFollowingIsRefusedAtOtherDoors(t *testing.T) {
	r := newRig(t)
	_, err := r.do("logs cn -f")
	var said *ops.Error
	if !errors.As(err, &said) || said.Code != ops.Refused || said.Fix != "bot run --config fleet.yaml -- logs cn -f" || r.looks != 0 {
		t.Errorf("%d looks, %v", r.looks, err)
	}
}
