package gate_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"vmqbot/gate"
)

var cn1 = netip.MustParseAddr("10.0.0.1")

// lines are what gates write.
var lines = []struct {
	line  string
	state gate.State
}{
	{"waiting starts=0 crashes=0 exit=-1 for=10.0.0.1/32", gate.State{Phase: gate.Waiting, Exit: gate.Unknown, Address: cn1}},
	{"waiting starts=4 crashes=2 exit=137 for=10.0.0.1/32", gate.State{Phase: gate.Waiting, Starts: 4, Crashes: 2, Exit: 137, Address: cn1}},
	{"starting starts=1 crashes=0 exit=-1 for=own", gate.State{Phase: gate.Starting, Starts: 1, Exit: gate.Unknown}},
	{"starting starts=1 crashes=0 exit=0 for=adopted", gate.State{Phase: gate.Starting, Starts: 1, Adopted: true}},
	{"running starts=12 crashes=3 exit=1 for=own", gate.State{Phase: gate.Running, Starts: 12, Crashes: 3, Exit: 1}},
	{"running starts=0 crashes=0 exit=-1 for=adopted", gate.State{Phase: gate.Running, Exit: gate.Unknown, Adopted: true}},
	{"backoff starts=6 crashes=6 exit=255 for=30s", gate.State{Phase: gate.BackOff, Starts: 6, Crashes: 6, Exit: 255, Pause: 30 * time.Second}},
	{"backoff starts=1 crashes=1 exit=137 for=1s", gate.State{Phase: gate.BackOff, Starts: 1, Crashes: 1, Exit: 137, Pause: time.Second}},
	{"held starts=2 crashes=0 exit=0 for=hold", gate.State{Phase: gate.Held, Starts: 2}},
	{"stopping starts=2 crashes=0 exit=0 for=term", gate.State{Phase: gate.Stopping, Starts: 2}},
}

func TestParseState(t *testing.T) {
	for _, c := range lines {
		for _, end := range []string{"", "\n", "\r\n", "\n\n"} {
			if got, err := gate.ParseState(c.line + end); err != nil || got != c.state {
				t.Errorf("%q: %+v %v", c.line+end, got, err)
			}
		}
		if got := c.state.String(); got != c.line {
			t.Errorf("%+v is told as %q", c.state, got)
		}
	}
}

// What is cut short, garbled or somebody else's is refused, with a way to look.
func TestParseStateRefuses(t *testing.T) {
	odd := []string{
		"no word from the gate in /dev/shm/vmqbot-gate", "OCI runtime exec failed: exec failed: unable to start container process",
		"running", "running starts=1 crashes=0 exit=-1", "running starts=1 crashes=0 exit=-1 for=", "running starts=1 crashes=0 exit=-1 for=rent",
		"Running starts=1 crashes=0 exit=-1 for=own", "walking starts=1 crashes=0 exit=-1 for=own", " starts=1 crashes=0 exit=-1 for=own",
		"running starts=1  crashes=0 exit=-1 for=own", " running starts=1 crashes=0 exit=-1 for=own", "running starts=1 crashes=0 exit=-1 for=own again",
		"running crashes=0 starts=1 exit=-1 for=own", "running starts=01 crashes=0 exit=-1 for=own", "running starts=+1 crashes=0 exit=-1 for=own",
		"running starts=-1 crashes=0 exit=-1 for=own", "running starts=1 crashes=-1 exit=-1 for=own", "running starts=1 crashes=0 exit=-2 for=own",
		"running starts=1 crashes=0 exit=256 for=own", "running starts=99999999999 crashes=0 exit=-1 for=own", "running starts= crashes=0 exit=-1 for=own",
		"waiting starts=0 crashes=0 exit=-1 for=own", "waiting starts=0 crashes=0 exit=-1 for=10.0.0.1", "waiting starts=0 crashes=0 exit=-1 for=10.0.0.1/24",
		"waiting starts=0 crashes=0 exit=-1 for=::1/32", "backoff starts=1 crashes=1 exit=0 for=0s", "backoff starts=1 crashes=1 exit=0 for=31s",
		"backoff starts=1 crashes=1 exit=0 for=4", "backoff starts=1 crashes=1 exit=0 for=s", "backoff starts=1 crashes=1 exit=0 for=04s",
		"held starts=1 crashes=0 exit=0 for=term", "stopping starts=1 crashes=0 exit=0 for=hold", "held starts=1 crashes=0 exit=0 for=holdrunning starts=1",
	}
	for _, c := range lines {
		for i := range len(c.line) {
			odd = append(odd, c.line[:i])
			if i > 0 {
				odd = append(odd, c.line[i:])
			}
		}
		odd = append(odd, c.line+"\n"+c.line, strings.Replace(c.line, "s=", "s:", 1))
	}
	for _, line := range odd {
		got, err := gate.ParseState(line)
		if err == nil || got != (gate.State{}) {
			t.Errorf("%q was read as %+v", line, got)
		} else if !strings.Contains(err.Error(), "docker exec") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", line, err)
		}
	}
	if _, err := gate.ParseState(strings.Repeat("x", 5000)); err == nil || len(err.Error()) > 400 {
		t.Errorf("a long one: %v", err)
	}
}

// What is understood is told in the same words, and no beginning of it is.
func FuzzParseState(f *testing.F) {
	for _, c := range lines {
		f.Add(c.line)
		f.Add(c.line + "\n")
	}
	f.Fuzz(func(t *testing.T, line string) {
		s, err := gate.ParseState(line)
		if err != nil {
			return
		}
		said := s.String()
		if strings.TrimRight(line, "\r\n") != said {
			t.Fatalf("%q was read as %q", line, said)
		}
		for i := range len(said) {
			if cut, err := gate.ParseState(said[:i]); err == nil {
				t.Fatalf("%q, the beginning of %q, was read as %+v", said[:i], said, cut)
			}
		}
	})
}
