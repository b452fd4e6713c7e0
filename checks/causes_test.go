package checks_test

import (
	"slices"
	"testing"

	"vmqbot/checks"
)

func TestCauses(t *testing.T) {
	for name, want := range map[string][]string{
		"host": nil, "nothing that exists": nil,
		"ip":      {"container", "docker", "host"},
		"cluster": {"broker", "container", "docker", "host", "ip", "loop", "port"},
		"mqtt":    {"broker", "channel", "container", "docker", "host", "ip", "loop", "port"},
	} {
		got := checks.Causes(name)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// TestNothingCausesItself: or two alerts would keep each other from being told.
func TestNothingCausesItself(t *testing.T) {
	for _, c := range checks.All() {
		causes := checks.Causes(c.Name)
		if slices.Contains(causes, c.Name) {
			t.Errorf("%s causes itself: %v", c.Name, causes)
		}
		for _, name := range causes {
			if _, ok := checks.Find(name); !ok {
				t.Errorf("%s is caused by %s, which is no check", c.Name, name)
			}
		}
	}
}

// TestWhatClosedACheckIsNamed: the story is told there, and not twice.
func TestWhatClosedACheckIsNamed(t *testing.T) {
	w := healthy()
	w.addresses("cn-1", "127.0.0.1")
	for name, want := range map[string]string{"ip": "", "port": "ip", "channel": "ip"} {
		if o := checks.One(w.fleet, w.seen, w.node(t, "cn-1"), name); o.Closed != want || o.Severity != checks.Critical {
			t.Errorf("%s: closed by %q, %s", name, o.Closed, o.Severity)
		}
	}
}
