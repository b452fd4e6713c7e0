package facts

import (
	"encoding/json"
	"testing"
)

func TestSeen(t *testing.T) {
	for _, c := range []struct {
		name  string
		seen  Seen[int]
		ok    bool
		blind Blind
		why   string
		json  string
	}{
		{"a fact", Saw(7), true, "", "", `7`},
		{"a fact that is zero is still a fact", Saw(0), true, "", "", `0`},
		{"the zero value was not looked at", Seen[int]{}, false, NotAsked, "not looked at",
			`{"unseen":"not looked at","why":"not looked at"}`},
		{"missed with a reason", Missed[int](TooLate, "no answer in 5s"), false, TooLate, "no answer in 5s",
			`{"unseen":"timed out","why":"no answer in 5s"}`},
		{"missed without a sentence", Missed[int](Down, ""), false, Down, "not running",
			`{"unseen":"not running","why":"not running"}`},
		{"missed without a kind", Missed[int]("", ""), false, NotAsked, "not looked at",
			`{"unseen":"not looked at","why":"not looked at"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, ok := c.seen.Get(); ok != c.ok || c.seen.OK() != c.ok {
				t.Errorf("ok: got %v and %v, want %v", ok, c.seen.OK(), c.ok)
			}
			if c.seen.Blind() != c.blind || c.seen.Why() != c.why {
				t.Errorf("got %q, %q; want %q, %q", c.seen.Blind(), c.seen.Why(), c.blind, c.why)
			}
			if b, err := json.Marshal(c.seen); err != nil || string(b) != c.json {
				t.Errorf("got %s, %v; want %s", b, err, c.json)
			}
		})
	}
}

func TestNeedsJoin(t *testing.T) {
	got := Need{Broker: AskPing | AskView, LogLines: 20}.And(Need{Broker: AskPing | AskSwitches, Crossings: true, LogLines: 5})
	if want := (Need{Broker: AskPing | AskView | AskSwitches, Crossings: true, LogLines: 20}); got != want || got.Broker.Has(AskListeners) || !got.Broker.Has(AskPing|AskSwitches) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
