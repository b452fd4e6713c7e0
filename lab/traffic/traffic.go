// Package traffic is what clients do while a fleet is changed: between every
// ordered pair of regions somebody connects anew and publishes one message
// with QoS 1, ten times a second, for a subscriber with a persistent session
// in the other region. It counts what was refused, what was acknowledged and
// what arrived.
package traffic

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Region is one broker as clients reach it.
type Region struct {
	Name    string
	Address string // of its MQTT port, host:port
}

// Options say what the traffic is. Only Regions is required.
type Options struct {
	Regions  []Region
	Every    time.Duration // between two messages of a pair; 100 ms
	Size     int           // of a message's payload in bytes; 100
	Patience time.Duration // for one connection with its message, from dialing to PUBACK; 5 s
	Warmup   time.Duration // for the first message of every pair; 30 s
	Settle   time.Duration // for messages that are still under way at the end; 20 s
	Limit    time.Duration // publishing ends by itself after this; 30 min
}

// inFlight is how many connections of one pair may be open at once.
const inFlight = 64

func (o Options) withDefaults() (Options, error) {
	if len(o.Regions) < 2 {
		return o, errors.New("traffic flows between regions; name two at least")
	}
	for i, r := range o.Regions {
		if slices.ContainsFunc(o.Regions[:i], func(other Region) bool { return other.Name == r.Name }) {
			return o, fmt.Errorf("the region %s is there twice", r.Name)
		}
	}
	for _, d := range []struct {
		value     *time.Duration
		otherwise time.Duration
	}{{&o.Every, 100 * time.Millisecond}, {&o.Patience, 5 * time.Second}, {&o.Warmup, 30 * time.Second},
		{&o.Settle, 20 * time.Second}, {&o.Limit, 30 * time.Minute}} {
		if *d.value < 0 {
			return o, fmt.Errorf("%v is no time to wait", *d.value)
		}
		if *d.value == 0 {
			*d.value = d.otherwise
		}
	}
	if o.Every < 10*time.Millisecond {
		return o, fmt.Errorf("one message every %v is a load test; 10ms is the least", o.Every)
	}
	o.Size = max(o.Size, 0)
	if o.Size == 0 {
		o.Size = 100
	}
	return o, nil
}

// Run is traffic that flows. Stop ends it.
type Run struct {
	options     Options
	nonce       string
	tally       *tally
	pairs       []*pair
	subscribers []*subscriber
	quit        context.CancelFunc // ends the subscribers
	hush        context.CancelFunc // ends the publishing
	over        <-chan struct{}
	publishing  sync.WaitGroup
	listening   sync.WaitGroup
}

// Start connects the subscribers and returns when a message of every pair has
// arrived; only what is published from then on counts. The traffic goes on
// until Stop, until ctx ends, or for Options.Limit.
func Start(ctx context.Context, options Options) (*Run, error) {
	options, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	r := &Run{options: options, nonce: rand.Text()[:8], tally: &tally{troubles: map[string]*Trouble{}}}
	listen, quit := context.WithCancel(ctx)
	r.quit = quit
	for _, to := range options.Regions {
		s := r.subscriber(to)
		r.subscribers = append(r.subscribers, s)
		r.listening.Go(func() { s.man(listen) })
		for _, from := range options.Regions {
			if from.Name != to.Name {
				r.pairs = append(r.pairs, &pair{from: from, to: to, topic: r.topic(from.Name, to.Name), tally: r.tally, warm: make(chan struct{})})
			}
		}
	}
	slices.SortFunc(r.pairs, func(a, b *pair) int { return strings.Compare(a.from.Name+" "+a.to.Name, b.from.Name+" "+b.to.Name) })
	if err := r.warmUp(listen); err != nil {
		quit()
		r.listening.Wait()
		return nil, errors.Join(err, r.leave())
	}
	flow, hush := context.WithTimeout(listen, options.Limit)
	r.hush = hush
	r.tally.begin()
	r.over = flow.Done()
	for i, p := range r.pairs {
		// One after the other, not all at once.
		first := options.Every * time.Duration(i) / time.Duration(len(r.pairs))
		r.publishing.Go(func() {
			select {
			case <-time.After(first):
				r.flow(flow, p)
			case <-flow.Done():
			}
		})
	}
	return r, nil
}

// Over is closed when publishing has ended, by Options.Limit at the latest.
func (r *Run) Over() <-chan struct{} { return r.over }

func (r *Run) topic(from, to string) string { return "lab/traffic/" + r.nonce + "/" + from + "/" + to }

// flow publishes the pair's messages on time, however long each takes.
func (r *Run) flow(ctx context.Context, p *pair) {
	var open sync.WaitGroup
	defer open.Wait()
	// A client comes back under its name, as real ones do; the one that has been
	// away for the longest is next.
	free := make(chan int, inFlight)
	for client := range inFlight {
		free <- client
	}
	tick := time.NewTicker(r.options.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		var client int
		select {
		case client = <-free:
		default:
			p.skip()
			continue
		}
		n := p.next()
		open.Go(func() {
			defer func() { free <- client }()
			p.note(n, r.dialog(p, strconv.Itoa(client), n))
		})
	}
}

// warmUp publishes until every pair's first message has arrived.
func (r *Run) warmUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.options.Warmup)
	defer cancel()
	errs := make([]error, len(r.pairs))
	var all sync.WaitGroup
	for i, p := range r.pairs {
		all.Go(func() { errs[i] = r.first(ctx, p) })
	}
	all.Wait()
	return errors.Join(errs...)
}

func (r *Run) first(ctx context.Context, p *pair) error {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		said := r.dialog(p, "warm", warm)
		select {
		case <-p.warm:
			return nil
		case <-tick.C:
		case <-ctx.Done():
			if said.trouble == "" {
				said.trouble = "acknowledged"
			}
			return fmt.Errorf("no message came from %s to %s before the traffic began, within %v; the last one: %s; look at both with lab status",
				p.from.Name, p.to.Name, r.options.Warmup, said.trouble)
		}
	}
}

// More returns when n more messages from one region to another were acknowledged
// than at its call; "any" takes all. It fails when publishing ends before, or ctx.
func (r *Run) More(ctx context.Context, from, to string, n int64) error {
	claim, err := ParseClaim([]string{"acknowledged", from, to, "-ge", "0"})
	if err != nil {
		return err
	}
	_, before, err := claim.Holds(r.report())
	if err != nil {
		return err
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		_, have, err := claim.Holds(r.report())
		if err != nil || have >= before+n {
			return err
		}
		select {
		case <-tick.C:
		case <-r.over:
			return fmt.Errorf("publishing ended when %d of %d messages from %s to %s were acknowledged", have-before, n, from, to)
		case <-ctx.Done():
			return fmt.Errorf("%d of %d messages from %s to %s were acknowledged: %w", have-before, n, from, to, ctx.Err())
		}
	}
}

// Stop ends the publishing, waits for messages that are under way, at most
// Options.Settle, takes the subscribers' sessions away, and tells what happened.
// The error is about the sessions only; the report is whole.
func (r *Run) Stop() (Report, error) {
	r.hush()
	r.publishing.Wait()
	r.tally.end()
	deadline := time.Now().Add(r.options.Settle)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for r.missing() > 0 && time.Now().Before(deadline) {
		<-tick.C
	}
	r.quit()
	r.listening.Wait()
	report := r.report()
	return report, r.leave()
}

// missing counts acknowledged messages that have not arrived.
func (r *Run) missing() (n int) {
	for _, p := range r.pairs {
		n += p.counts().Lost
	}
	return n
}
