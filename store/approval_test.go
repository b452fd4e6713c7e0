package store_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vmqbot/ops"
)

func request(id string) ops.Approval {
	return ops.Approval{
		ID: id, Op: "4f2a91", Actor: "slack:U0ANA", Requester: ops.Caller{Door: "slack", User: "U0ANA", Team: "T01", Place: "C01"},
		Line: "deploy eu", PlanHash: strings.Repeat("ab", 32), Plan: "Deploy eu\n", State: ops.Open, Card: "C01/1",
		Needs: []ops.Need{{Region: "eu", From: []string{"S0ONCALL"}, Count: 1}}, Created: noon, Expires: noon.Add(time.Hour), Version: 1,
	}
}

func TestAnApprovalIsKeptWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	s := open(t, path, newClock())
	want := request("one")
	must(t, s.AddApproval(t.Context(), want))
	if err := s.AddApproval(t.Context(), want); err == nil {
		t.Error("the same id was taken twice")
	}
	want.Votes, want.State, want.By = []ops.Vote{{By: "U0BOB", For: []int{0}, At: noon}}, ops.Granted, "U0BOB"
	want.Why, want.BreakGlass, want.Card, want.Ended, want.Version = "fire", true, "C01/2", noon, 2
	won, err := s.SwapApproval(t.Context(), want)
	if !won || err != nil {
		t.Fatal(won, err)
	}
	other := open(t, path, newClock()) // another process, or this one after a restart
	got, err := other.Approval(t.Context(), "one")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%+v\n%+v", err, got, want)
	}
	_, err = other.Approval(t.Context(), "two")
	says(t, err, ops.Invalid, "There is no such request for approval in this store; nothing was done. Type: history")
}

func TestWaitingApprovals(t *testing.T) {
	s, _ := fresh(t)
	for i, state := range []ops.Consent{ops.Open, ops.Granted, ops.Denied, ops.Withdrawn, ops.Expired, ops.Spent} {
		a := request(fmt.Sprint(state))
		a.State, a.Created = state, noon.Add(-time.Duration(i)*time.Minute)
		must(t, s.AddApproval(t.Context(), a))
	}
	all, err := s.WaitingApprovals(t.Context())
	if err != nil || len(all) != 2 || all[0].ID != "granted" || all[1].ID != "open" {
		t.Errorf("%v %+v", err, all)
	}
}

// TestAHundredDecideAndOneWins: two handles on one file stand for two
// processes.
func TestAHundredDecideAndOneWins(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	a, b := open(t, path, newClock()), open(t, path, newClock())
	must(t, a.AddApproval(t.Context(), request("one")))
	var wins atomic.Int32
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			s := a
			if i%2 == 1 {
				s = b
			}
			next := request("one")
			next.State, next.By, next.Version = ops.Granted, fmt.Sprint("U0", i), 2
			won, err := s.SwapApproval(t.Context(), next)
			if err != nil {
				t.Error(err)
			}
			if won {
				wins.Add(1)
			}
		})
	}
	wg.Wait()
	if wins.Load() != 1 {
		t.Errorf("%d won", wins.Load())
	}
}

func TestAKeyIsClaimedOnceAnHour(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	clock := newClock()
	a, b := open(t, path, clock), open(t, path, clock)
	var firsts atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			s := a
			if i%2 == 1 {
				s = b
			}
			first, err := s.Claim(t.Context(), "slash/123.456", time.Hour)
			if err != nil {
				t.Error(err)
			}
			if first {
				firsts.Add(1)
			}
		})
	}
	wg.Wait()
	if firsts.Load() != 1 {
		t.Errorf("%d were first", firsts.Load())
	}
	clock.turn(time.Hour)
	if first, err := a.Claim(t.Context(), "slash/123.456", time.Hour); !first || err != nil {
		t.Errorf("after the hour: %t %v", first, err)
	}
}

func TestEventsAreReadNewestFirst(t *testing.T) {
	s, _ := fresh(t)
	writeAudit(t, s, 5)
	must(t, s.Append(t.Context(), ops.AuditEvent{Op: "0b77c2", At: noon, Actor: "slack:U0EVE", Type: "refused", Detail: "x"}))
	all, err := s.Events(t.Context(), 3, "")
	if err != nil || len(all) != 3 || all[0].Seq != 6 || all[2].Seq != 4 {
		t.Errorf("%v %+v", err, all)
	}
	one, err := s.Events(t.Context(), 9, "0b77c2")
	if err != nil || len(one) != 1 || one[0].Type != "refused" || len(one[0].Hash) != 64 {
		t.Errorf("%v %+v", err, one)
	}
}
