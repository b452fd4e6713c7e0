package traffic

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestAQuietRunLosesNothing(t *testing.T) {
	c := start(t, once, "cn", "sg", "us")
	options := c.options()
	options.Patience = time.Minute // a busy machine is no trouble of the brokers'
	r := c.begin(t, options)
	flowed(t, r, 20)
	if c.sessions("cn") != 1 {
		t.Errorf("%d subscribers at cn", c.sessions("cn"))
	}
	report := stop(t, r)
	n := report.Total
	if n.Connects < 120 || n.Published != n.Connects || n.Acknowledged != n.Connects || n.Received != n.Connects {
		t.Errorf("not every message was published, acknowledged and received: %+v", n)
	}
	if n.Refused+n.Unreachable+n.Cut+n.Silent+n.Lost+n.Duplicates+n.SubscribeFailures+len(report.Troubles) > 0 {
		t.Errorf("a quiet run has troubles: %+v", report)
	}
	if len(report.Pairs) != 6 || report.Pairs[0].From != "cn" || report.Pairs[0].To != "sg" || report.Pairs[0].Received == 0 {
		t.Errorf("pairs: %+v", report.Pairs)
	}
	if n.LongestGap <= 0 || n.Gap() > 5*time.Second {
		t.Errorf("the longest gap is %v", n.Gap())
	}
	for name := range c.brokers {
		until(t, "the sessions to be gone", func() bool { return c.sessions(name) == 0 })
	}
}

// The signature of a cluster port that is not bound: acknowledged and gone.
func TestADeadColumnIsLostAndCounted(t *testing.T) {
	var dead atomic.Bool
	c := start(t, func(from, to string) int {
		if dead.Load() && to == "cn" {
			return 0
		}
		return once(from, to)
	}, "cn", "sg", "us")
	o := c.options()
	o.Settle = 300 * time.Millisecond
	r := c.begin(t, o)
	flowed(t, r, 10)
	dead.Store(true)
	flowed(t, r, 30)
	report := stop(t, r)
	for _, p := range report.Pairs {
		if into := p.To == "cn"; into != (p.Lost > 10) || p.Lost != p.Acknowledged-p.Received {
			t.Errorf("%s to %s: %+v", p.From, p.To, p.Counts)
		} else if into && (p.LostTo < p.LostFrom || p.LostTo > report.Seconds) {
			t.Errorf("%s to %s: lost from %v to %v of %v s", p.From, p.To, p.LostFrom, p.LostTo, report.Seconds)
		}
	}
	if n := report.Total; n.Lost == 0 || n.Lost != n.Acknowledged-n.Received || n.Refused > 0 {
		t.Errorf("in all: %+v", n)
	}
}

func TestWhatComesTwiceIsADuplicate(t *testing.T) {
	c := start(t, func(from, to string) int { return 2 * once(from, to) }, "cn", "sg")
	r := c.begin(t, c.options())
	flowed(t, r, 10)
	until(t, "the second copies", func() bool { return r.pairs[0].counts().Duplicates > 5 })
	if n := stop(t, r).Total; n.Received != n.Acknowledged || n.Lost > 0 {
		t.Errorf("duplicates are counted as messages: %+v", n)
	}
}

// A broker that is away for a moment: its publishers find nobody, its
// subscriber comes back, and what waited for it there arrives.
func TestARegionThatIsAway(t *testing.T) {
	c := start(t, once, "cn", "sg")
	o := c.options()
	o.Settle = time.Second
	r := c.begin(t, o)
	flowed(t, r, 10)
	c.shut("cn")
	p := r.pairs[0]
	if p.from.Name != "cn" {
		t.Fatalf("the first pair is from %s", p.from.Name)
	}
	until(t, "refused connections", func() bool { return p.counts().Unreachable > 5 })
	c.open(t, "cn", p.from.Address)
	until(t, "the subscriber of cn to be back", func() bool {
		r.tally.mu.Lock()
		defer r.tally.mu.Unlock()
		return r.subscribers[0].seen.Connects > 1
	})
	have := p.counts().Acknowledged
	until(t, "cn to publish again", func() bool { return p.counts().Acknowledged > have+5 })
	report := stop(t, r)
	// This broker may lose a message or two in the moment in which the session
	// goes over to the new connection.
	if report.Total.Lost > 2 || report.Total.Refused > 0 || report.Pairs[1].Unreachable > 0 {
		t.Errorf("%+v", report)
	}
	if s := report.Subscribers[0]; s.At != "cn" || s.Connects < 2 || s.SubscribeFailures > 0 {
		t.Errorf("the subscriber: %+v", s)
	}
	if len(report.Troubles) == 0 || report.Troubles[0].At != "cn" || report.Troubles[0].Last < report.Troubles[0].First {
		t.Errorf("troubles: %+v", report.Troubles)
	}
	if report.Pairs[1].Gap() < 100*time.Millisecond {
		t.Errorf("the gap into cn is %v", report.Pairs[1].Gap())
	}
}

func TestARefusedSubscriptionIsCountedAndAskedForAgain(t *testing.T) {
	c := start(t, once, "cn", "sg")
	o := c.options()
	o.Settle = time.Second
	r := c.begin(t, o)
	flowed(t, r, 5)
	c.shut("cn")
	c.denials.Store(1000)
	c.open(t, "cn", r.pairs[0].from.Address)
	until(t, "the refusal", func() bool {
		r.tally.mu.Lock()
		defer r.tally.mu.Unlock()
		return r.subscribers[0].seen.SubscribeFailures > 0
	})
	c.denials.Store(0)
	until(t, "the subscription", func() bool { return c.denials.Load() < 0 })
	report := stop(t, r)
	if n := report.Total.SubscribeFailures; n == 0 || report.Subscribers[0].SubscribeFailures != n || report.Subscribers[1].SubscribeFailures != 0 {
		t.Errorf("%+v", report.Subscribers)
	}
	if text := write(t, report); !strings.Contains(text, `{"at":"cn","what":"the subscriber: SUBACK 0x80","count":`) {
		t.Errorf("the report says %s", text)
	}
}

func TestNothingStartsWhereNothingCrosses(t *testing.T) {
	c := start(t, func(from, to string) int {
		if to == "us" {
			return 0
		}
		return once(from, to)
	}, "cn", "us")
	o := c.options()
	o.Warmup = 4 * time.Second
	_, err := Start(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "no message came from cn to us before the traffic began, within 4s; the last one: acknowledged;") ||
		strings.Contains(err.Error(), "from us to cn") {
		t.Errorf("got %v", err)
	}
	until(t, "the sessions to be gone", func() bool { return c.sessions("cn")+c.sessions("us") == 0 })
	o.Warmup = 500 * time.Millisecond
	o.Regions[1].Address = "127.0.0.1:1"
	if _, err := Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), "from us to cn before the traffic began, within 500ms; the last one: connection refused;") ||
		!strings.Contains(err.Error(), "stays at us") {
		t.Errorf("got %v", err)
	}
}

func TestTheLimitEndsThePublishing(t *testing.T) {
	c := start(t, once, "cn", "sg")
	o := c.options()
	o.Limit = 200 * time.Millisecond
	r := c.begin(t, o)
	select {
	case <-r.Over():
	case <-time.After(20 * time.Second):
		t.Fatal("it goes on")
	}
	if n := stop(t, r).Total; n.Published == 0 || n.Published > 40 {
		t.Errorf("%d messages in 200 ms, one each 10 ms and pair", n.Published)
	}
}

func TestOptionsThatAreRefused(t *testing.T) {
	two := []Region{{"cn", "a:1"}, {"sg", "b:1"}}
	for want, o := range map[string]Options{
		"name two at least":                       {Regions: two[:1]},
		"the region cn is there twice":            {Regions: append(two, two[0])},
		"10ms is the least":                       {Regions: two, Every: time.Millisecond},
		"-1s is no time to wait":                  {Regions: two, Settle: -time.Second},
		"one message every 1µs is a load test; 1": {Regions: two, Every: time.Microsecond},
	} {
		if _, err := Start(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestMoreWaitsForMessages(t *testing.T) {
	c := start(t, once, "cn", "us")
	r, err := Start(t.Context(), Options{Regions: c.regions, Every: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	before := r.report().Total.Acknowledged
	if err := r.More(t.Context(), "any", "us", 20); err != nil {
		t.Error(err)
	}
	if now := r.report().Total.Acknowledged; now < before+20 {
		t.Errorf("%d, then %d", before, now)
	}
	if err := r.More(t.Context(), "cn", "mars", 1); err == nil {
		t.Error("of a region that is not there")
	}
	go r.hush()
	if err := r.More(t.Context(), "cn", "us", 1<<40); err == nil || !strings.Contains(err.Error(), "publishing ended") {
		t.Error(err)
	}
	if _, err := r.Stop(); err != nil {
		t.Error(err)
	}
}
