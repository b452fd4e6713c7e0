package probe

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"vmqbot/facts"
)

// pair is one cell of the matrix.
type pair struct {
	from, to *station
	topic    string
	arrived  chan time.Duration // the first arrival's own way, once

	mu   sync.Mutex
	sent []time.Time // when each attempt was published
}

func (p *pair) cross(ctx context.Context, limit time.Duration) facts.Seen[time.Duration] {
	for _, end := range []struct {
		*station
		doing string
	}{{p.from, "publish at "}, {p.to, "receive at "}} {
		<-end.ready // man always closes it, at the latest when ctx ends
		if end.err != nil {
			return facts.Missed[time.Duration](end.blind, "cannot "+end.doing+end.point.Node+": "+end.err.Error())
		}
	}
	up := time.NewTimer(limit)
	defer up.Stop()
	tick := time.NewTicker(again)
	defer tick.Stop()
	var tokens []mqtt.Token
	for {
		tokens = append(tokens, p.publish())
		select {
		case took := <-p.arrived:
			return facts.Saw(took)
		case <-tick.C:
		case <-up.C:
			return p.lost(tokens)
		case <-ctx.Done():
			return facts.Missed[time.Duration](facts.Failed, fmt.Sprintf("the look ended before a message from %s could be given up at %s.", p.from.point.Node, p.to.point.Node))
		}
	}
}

func (p *pair) publish() mqtt.Token {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, time.Now())
	return p.from.client.Publish(p.topic, 1, false, strconv.Itoa(len(p.sent)-1))
}

// hear notes how long the attempt that arrived was under way; later attempts
// of the same pair say nothing new.
func (p *pair) hear(payload string) {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	n, err := strconv.Atoi(payload)
	if err != nil || n < 0 || n >= len(p.sent) {
		return
	}
	select {
	case p.arrived <- now.Sub(p.sent[n]):
	default:
	}
}

// lost says what became of messages that did not arrive. Nothing is known
// about the way across when the broker at one end took nothing in.
func (p *pair) lost(tokens []mqtt.Token) facts.Seen[time.Duration] {
	acked := 0
	for _, t := range tokens {
		select {
		case <-t.Done():
			if t.Error() == nil {
				acked++
			}
		default:
		}
	}
	for _, s := range []*station{p.from, p.to} {
		if !s.client.IsConnectionOpen() {
			return facts.Missed[time.Duration](facts.Failed, "the broker at "+s.point.Node+" ended the connection of the probe: look at its log.")
		}
	}
	return facts.Missed[time.Duration](facts.TooLate, fmt.Sprintf(
		"%d messages were published at %s, %d of them acknowledged, and none arrived at %s.", len(tokens), p.from.point.Node, acked, p.to.point.Node))
}
