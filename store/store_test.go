package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"vmqbot/ops"
	"vmqbot/store"
)

// noon is when the tests happen.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// handClock is turned by hand.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) After(time.Duration) <-chan time.Time { return nil }

func (c *handClock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newClock() *handClock { return &handClock{now: noon} }

func open(t testing.TB, path string, clock ops.Clock) *store.Store {
	t.Helper()
	if elsewhere != nil {
		return elsewhere(t, path, clock)
	}
	s, err := store.Open(t.Context(), path, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func fresh(t testing.TB) (*store.Store, *handClock) {
	t.Helper()
	c := newClock()
	return open(t, filepath.Join(t.TempDir(), "vmqbot.db"), c), c
}

// must fails the test when something that cannot go wrong does.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// says compares an error with the code and the sentence that a person gets.
func says(t testing.TB, err error, code ops.Code, sentence string) {
	t.Helper()
	var e *ops.Error
	if !errors.As(err, &e) || e.Code != code || !strings.Contains(err.Error(), sentence) {
		t.Errorf("got %v (%s), want %s: %s", err, ops.CodeOf(err), code, sentence)
	}
}

// reattach is an operation as control writes it.
func reattach(id string) ops.Operation {
	return ops.Operation{
		ID: id, Actor: "terminal:ana", Line: "reattach cn", Locks: []string{"cn"}, PlanHash: strings.Repeat("ab", 32),
		Plan: "Reattach cn\n 1. Attach 10.0.0.1/24\n", State: ops.Running, Created: noon,
	}
}

func attach(op string, seq int) ops.StepRecord {
	return ops.StepRecord{
		Op: op, Seq: seq, Node: "cn-1", Title: "Attach 10.0.0.1/24",
		Do: "$ weave attach 10.0.0.1/24 vernemq-release-cn-1", Undo: "$ weave detach vernemq-release-cn-1",
		State: ops.Running, Started: noon,
	}
}

func TestAnOperationIsRememberedWhole(t *testing.T) {
	s, _ := fresh(t)
	ctx := t.Context()
	want := reattach("4f2a91")
	must(t, s.SaveOperation(ctx, want))
	sameOperation(t, s, want)

	want.State, want.Reason, want.Ended = ops.Broken, "port 44053 is not bound", noon.Add(1234567891*time.Nanosecond)
	want.Locks, want.Remarks = nil, []string{"7 bytes by us-1.", "It's \"lost\"\n."}
	must(t, s.SaveOperation(ctx, want))
	sameOperation(t, s, want)
}

func sameOperation(t *testing.T, s *store.Store, want ops.Operation) {
	t.Helper()
	got, err := s.Operation(t.Context(), want.ID)
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func TestStepsAreWrittenBeforeAndAfter(t *testing.T) {
	s, _ := fresh(t)
	ctx := t.Context()
	must(t, s.SaveOperation(ctx, reattach("4f2a91")))
	must(t, s.SaveOperation(ctx, reattach("other1")))
	first, second := attach("4f2a91", 1), attach("4f2a91", 2)
	second.Undo = ""
	must(t, s.SaveStep(ctx, second))
	must(t, s.SaveStep(ctx, first))
	must(t, s.SaveStep(ctx, attach("other1", 1)))
	first.State, first.Digest, first.Ended = ops.Done, strings.Repeat("0f", 32), noon.Add(time.Second)
	must(t, s.SaveStep(ctx, first))

	got, err := s.Steps(ctx, "4f2a91")
	must(t, err)
	if want := []ops.StepRecord{first, second}; !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	if none, err := s.Steps(ctx, "nobody"); err != nil || len(none) != 0 {
		t.Errorf("an operation without steps has %v, %v", none, err)
	}
	if err := s.SaveStep(ctx, attach("nobody", 1)); err == nil {
		t.Error("a step of an operation that was never saved is taken")
	}
}

func TestHistoryIsNewestFirst(t *testing.T) {
	s, _ := fresh(t)
	ctx := t.Context()
	for i, id := range []string{"a", "b", "c", "d"} {
		op := reattach(id)
		op.Created = noon.Add(time.Duration(i/2) * time.Minute) // c and d are the newest, at one instant
		must(t, s.SaveOperation(ctx, op))
	}
	for limit, want := range map[int]string{3: "d c b", 1: "d", 9: "d c b a", 0: "", -1: ""} {
		got, err := s.Operations(ctx, limit)
		must(t, err)
		var ids []string
		for _, op := range got {
			ids = append(ids, op.ID)
		}
		if strings.Join(ids, " ") != want {
			t.Errorf("the newest %d are %v, want %s", limit, ids, want)
		}
	}
	_, err := s.Operation(ctx, "4f2a91")
	says(t, err, ops.Invalid, `There is no operation "4f2a91". Type: history`)
}

func TestCancel(t *testing.T) {
	s, _ := fresh(t)
	ctx := t.Context()
	for state, sentence := range map[ops.State]string{
		ops.Pending: "", ops.Running: "",
		ops.Undoing:   "Operation x has failed and is being undone, so there is nothing left to cancel. Type: history",
		ops.Done:      "Operation x has ended already (done), so there is nothing left to cancel. Type: history",
		ops.Cancelled: "Operation x has ended already (cancelled), so there is nothing left to cancel. Type: history",
		ops.Unknown:   "Operation x has ended already (unknown), so there is nothing left to cancel. Type: history",
	} {
		op := reattach("x")
		op.State = state
		must(t, s.SaveOperation(ctx, op))
		switch err := s.RequestCancel(ctx, "x", "terminal:bob"); {
		case sentence != "":
			says(t, err, ops.Invalid, sentence)
		case err != nil:
			t.Errorf("%s cannot be cancelled: %v", state, err)
		}
	}
	says(t, s.RequestCancel(ctx, "nobody", "terminal:bob"), ops.Invalid, `There is no operation "nobody".`)
}

func TestTheFirstWhoCancelsIsRemembered(t *testing.T) {
	s, _ := fresh(t)
	ctx := t.Context()
	op := reattach("x")
	must(t, s.SaveOperation(ctx, op))
	if by, err := s.CancelRequested(ctx, "x"); by != "" || err != nil {
		t.Errorf("nobody asked, and it says %q, %v", by, err)
	}
	must(t, s.RequestCancel(ctx, "x", "terminal:bob"))
	must(t, s.RequestCancel(ctx, "x", "terminal:eve"))
	op.Reason = "saved again by its runner"
	must(t, s.SaveOperation(ctx, op))
	if by, err := s.CancelRequested(ctx, "x"); by != "terminal:bob" || err != nil {
		t.Errorf("bob asked first, and it says %q, %v", by, err)
	}
	_, err := s.CancelRequested(ctx, "nobody")
	says(t, err, ops.Invalid, `There is no operation "nobody".`)
}

func TestOutputOfToolsIsKept(t *testing.T) {
	s, _ := fresh(t)
	ctx := t.Context()
	op := reattach("x")
	op.Reason = "quote ' and NUL \x00 and half a letter \xc3 and 中文; DROP TABLE step;--"
	must(t, s.SaveOperation(ctx, op))
	got, err := s.Operation(ctx, "x")
	must(t, err)
	if want := "quote ' and NUL \uFFFD and half a letter \uFFFD and 中文; DROP TABLE step;--"; got.Reason != want {
		t.Errorf("got %q, want %q", got.Reason, want)
	}
}

func TestACancelledContextWritesNothing(t *testing.T) {
	s, _ := fresh(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.SaveOperation(ctx, reattach("x"))
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "no time to save operation x") {
		t.Errorf("got %v", err)
	}
	if _, err := s.Operation(t.Context(), "x"); ops.CodeOf(err) != ops.Invalid {
		t.Errorf("it was written: %v", err)
	}
}
