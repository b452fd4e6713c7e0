package broker

import (
	"context"
	"math/rand/v2"
	"time"
)

// exchangeRequest is what one node tells another every few seconds: whom it
// takes for a member, and a sum of each part of its metadata.
type exchangeRequest struct {
	Members map[string]member `json:"members"`
	Sums    []uint64          `json:"sums"`
}

// exchangeAnswer names the parts in which the two differ.
type exchangeAnswer struct {
	Members map[string]member `json:"members"`
	Differ  []int             `json:"differ"`
}

// compareRequest is the version of each key in the parts that differ.
type compareRequest struct {
	Parts  []int              `json:"parts"`
	Digest map[string]version `json:"digest"`
}

// compareAnswer brings what the asker lacks and asks for what it has newer.
type compareAnswer struct {
	Entries []entry  `json:"entries"`
	Want    []string `json:"want"`
}

// exchangeLoop makes up for what broadcasts missed.
func (a *app) exchangeLoop() {
	for {
		every := a.n.timing().Exchange
		t := time.NewTimer(every/2 + time.Duration(rand.Int64N(int64(every)+1)))
		select {
		case <-t.C:
		case <-a.ctx.Done():
			t.Stop()
			return
		}
		for _, p := range a.view.each() {
			a.exchange(p.name)
		}
	}
}

func (a *app) exchange(node string) {
	ctx, cancel := context.WithTimeout(a.ctx, a.n.opt.Timing.Exchange)
	defer cancel()
	var ans exchangeAnswer
	if err := a.view.call(ctx, node, "exchange", exchangeRequest{a.members.state(), a.meta.sums()}, &ans); err != nil {
		return
	}
	if a.mergeMembers(ans.Members) != nil || len(ans.Differ) == 0 {
		return
	}
	var diff compareAnswer
	if err := a.view.call(ctx, node, "compare", compareRequest{ans.Differ, a.meta.digest(ans.Differ)}, &diff); err != nil {
		return
	}
	if a.acceptAll(node, diff.Entries) != nil {
		return
	}
	if p := a.view.peer(node); p != nil && len(diff.Want) > 0 {
		if l := p.linked(); l != nil {
			_ = l.Cast("meta", a.meta.pick(diff.Want)) // the next exchange repeats it
		}
	}
}

func (a *app) answerExchange(from string, r exchangeRequest) (any, error) {
	if err := a.hear(from, r.Members); err != nil {
		return nil, err
	}
	return exchangeAnswer{a.members.state(), a.meta.differ(r.Sums)}, nil
}

func (a *app) answerCompare(from string, r compareRequest) (any, error) {
	if !a.members.has(from) {
		return nil, errStranger
	}
	send, want := a.meta.newer(r.Parts, r.Digest)
	return compareAnswer{send, want}, nil
}

func (a *app) mergeMembers(state map[string]member) error {
	changed, err := a.members.merge(state)
	if changed {
		a.n.log.info("vmq_cluster:recheck", "cluster state changed: %v", a.members.names())
	}
	return err
}

// acceptAll takes metadata from a member.
func (a *app) acceptAll(from string, list []entry) error {
	if !a.members.has(from) {
		return errStranger
	}
	for _, e := range list {
		if _, err := a.meta.accept(e); err != nil {
			return err
		}
	}
	return nil
}
