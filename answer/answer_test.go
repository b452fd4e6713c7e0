package answer_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"vmqbot/answer"
)

func TestAnswer(t *testing.T) {
	for _, c := range []struct {
		argv          []string
		tool, command string
	}{
		{nil, "", ""},
		{[]string{"weave"}, "weave", "weave"},
		{[]string{"vmq-admin", "cluster", "show"}, "vmq-admin", "vmq-admin cluster show"},
		{[]string{"", "x"}, "", " x"},
	} {
		a := answer.Answer{Argv: c.argv}
		if a.Tool() != c.tool || a.Command() != c.command {
			t.Errorf("%q: %q, %q", c.argv, a.Tool(), a.Command())
		}
	}
}

// A refusal is an error that callers tell by its kind, also when wrapped.
func TestRefusal(t *testing.T) {
	r := answer.Refuse(answer.NotFound, "No such container: cn", "there is no container %s here: %d%% sure", "cn", 100)
	var got *answer.Refusal
	err := fmt.Errorf("attaching: %w", r)
	if !errors.As(err, &got) || got.Kind != answer.NotFound || got.Raw != "No such container: cn" {
		t.Errorf("%+v", got)
	}
	if err.Error() != "attaching: there is no container cn here: 100% sure" {
		t.Errorf("%s", err)
	}
}

// The kinds are compared by tests, metrics and scripts: they do not change,
// and no two are the same.
func TestKindsAreStable(t *testing.T) {
	want := map[answer.Kind]bool{"garbled": true, "usage": true, "not found": true, "not running": true, "refused": true, "timed out": true, "forbidden": true}
	for _, k := range []answer.Kind{answer.Garbled, answer.Usage, answer.NotFound, answer.Down, answer.Refused, answer.TimedOut, answer.Forbidden} {
		if !want[k] {
			t.Errorf("%q is new or there twice", k)
		}
		delete(want, k)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

func TestMeaningAsJSON(t *testing.T) {
	for want, m := range map[string]answer.Meaning{
		`{"tool":"weave","verb":"ps","meaning":"x","facts":{"entries":[]}}`: {Tool: "weave", Verb: "ps", Meaning: "x", Facts: map[string][]int{"entries": {}}},
		`{"tool":"weave","verb":"ps","meaning":"x"}`:                        {Tool: "weave", Verb: "ps", Meaning: "x"},
	} {
		if b, err := json.Marshal(m); err != nil || string(b) != want {
			t.Errorf("%s, %v, want %s", b, err, want)
		}
	}
}
