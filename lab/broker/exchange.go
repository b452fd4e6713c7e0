package broker

import (
	"context"
	"math/rand/v2"
	"time"
)

// exchangeRequest is what one node tells another every few seconds: whom it
// takes for a member, and which metadata it has.
type exchangeRequest struct {
	Members map[string]member  `json:"members"`
	Digest  map[string]version `json:"digest"`
}

// exchangeAnswer brings what the asker lacks and asks for what it has newer.
type exchangeAnswer struct {
	Members map[string]member `json:"members"`
	Entries []entry           `json:"entries"`
	Want    []string          `json:"want"`
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
	ctx, cancel := context.WithTimeout(a.ctx, a.n.timing().Exchange)
	defer cancel()
	var ans exchangeAnswer
	req := exchangeRequest{Members: a.members.state(), Digest: a.meta.digest()}
	if err := a.view.call(ctx, node, "exchange", req, &ans); err != nil {
		return
	}
	if a.mergeMembers(ans.Members) != nil || a.acceptAll(node, ans.Entries) != nil {
		return
	}
	if p := a.view.peer(node); p != nil && len(ans.Want) > 0 {
		if l := p.linked(); l != nil {
			_ = l.Cast("meta", a.meta.pick(ans.Want)) // the next exchange repeats it
		}
	}
}

func (a *app) answerExchange(from string, r exchangeRequest) (any, error) {
	if err := a.hear(from, r.Members); err != nil {
		return nil, err
	}
	send, want := a.meta.newer(r.Digest)
	return exchangeAnswer{Members: a.members.state(), Entries: send, Want: want}, nil
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
