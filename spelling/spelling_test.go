package spelling_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vmqbot/spelling"
	"vmqbot/walls"
)

func TestWalls(t *testing.T) { walls.Pure(t) }

func TestNearestIsWhatWasMeant(t *testing.T) {
	verbs := []string{"attach", "diagnose", "peers", "ping", "ps", "reattach", "status"}
	for typed, want := range map[string]string{
		"staus":     "status", // a letter is missing
		"statuss":   "status", // one is too many
		"stetus":    "status", // one is wrong
		"pign":      "ping",   // two stand the wrong way round
		"reattach":  "reattach",
		"deattach":  "reattach", // attach is two letters away, and this one
		"attatch":   "attach",
		"frobnicat": "",
		"":          "", // ps is two letters away, and these are all that it has
		"xy":        "",
		"p":         "ps",
		"Ps":        "ps",
	} {
		if got := spelling.Nearest(typed, verbs); got != want {
			t.Errorf("%q was taken for %q, want %q", typed, got, want)
		}
	}
	if got := spelling.Nearest("cn", []string{"sg", "us"}); got != "" {
		t.Errorf("cn was taken for %s", got)
	}
	if got := spelling.Nearest("sgn", []string{"sgx", "sg"}); got != "sgx" {
		t.Errorf("of two that are as near, the second was taken: %s", got)
	}
}

func TestClosestRanksThem(t *testing.T) {
	known := []string{"max_inflight_messages", "allow_anonymous", "allow_multiple_sessions", "log.console"}
	for n, want := range map[int][]string{
		0: {}, 1: {"allow_anonymous"}, 9: {"allow_anonymous", "log.console", "allow_multiple_sessions", "max_inflight_messages"},
	} {
		if got := spelling.Closest("allow_anonymos", known, n); !slices.Equal(got, want) {
			t.Errorf("the %d closest are %q, want %q", n, got, want)
		}
	}
	if got := spelling.Closest("b", []string{"c", "a", "bb"}, 3); !slices.Equal(got, []string{"c", "a", "bb"}) {
		t.Errorf("equals changed places: %q", got)
	}
	if known[0] != "max_inflight_messages" {
		t.Error("the caller's words were sorted")
	}
}

func TestDistanceCountsLetters(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"ab", "ba", 2},
		{"reattach", "attach", 2}, {"Köln", "Koln", 1}, {"日本", "日", 1},
	} {
		if got := spelling.Distance(c.a, c.b); got != c.want {
			t.Errorf("from %q to %q are %d letters, want %d", c.a, c.b, got, c.want)
		}
	}
}

// TestDistanceIsOne: what every measure of distance keeps to.
func TestDistanceIsOne(t *testing.T) {
	word := rapid.StringMatching(`[abc]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		ab := spelling.Distance(a, b)
		if ab != spelling.Distance(b, a) || (ab == 0) != (a == b) || ab > spelling.Distance(a, c)+spelling.Distance(c, b) {
			t.Fatalf("from %q to %q are %d letters", a, b, ab)
		}
		if shared := strings.Repeat("z", 3); spelling.Distance(shared+a, shared+b) != ab {
			t.Fatalf("a beginning that %q and %q share counts", a, b)
		}
	})
}
