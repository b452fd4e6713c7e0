package guard

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"vmqbot/facts"
)

var config = Config{
	Cluster: "release", Region: "cn", Node: "cn-1", Container: "vernemq-release-cn-1", Address: netip.MustParsePrefix("10.0.0.1/24"),
	Present: 90 * time.Second, Grace: 10 * time.Second,
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func container(state string, pid int) facts.Seen[facts.Container] {
	return facts.Saw(facts.Container{Name: config.Container, State: state, Running: state != "exited", PID: pid})
}

func has(addresses ...string) facts.Seen[facts.Netns] {
	n := facts.Netns{PID: 42}
	for _, a := range append(addresses, "127.0.0.1") {
		n.Addresses = append(n.Addresses, netip.MustParseAddr(a))
	}
	return facts.Saw(n)
}

func TestDecide(t *testing.T) {
	running, lost := container("running", 42), has()
	long := Mind{Missing: noon.Add(-time.Hour)}
	for _, c := range []struct {
		name string
		mind Mind
		see  Sight
		want Word
	}{
		{"the address is there", long, Sight{Container: running, Netns: has("10.0.0.1")}, Attached},
		{"an address of Docker's is not the one", long, Sight{Container: running, Netns: has("172.17.0.2")}, Attach},
		{"it has another one of the same network", long, Sight{Container: running, Netns: has("10.0.0.2", "172.17.0.2")}, Stranger},
		{"it has both", long, Sight{Container: running, Netns: has("10.0.0.1", "10.0.0.2")}, Attached},
		{"it has just gone", Mind{}, Sight{Container: running, Netns: lost}, Waiting},
		{"it has been gone for almost long enough", Mind{Missing: noon.Add(-9 * time.Second)}, Sight{Container: running, Netns: lost}, Waiting},
		{"it has been gone for long enough", Mind{Missing: noon.Add(-10 * time.Second)}, Sight{Container: running, Netns: lost}, Attach},
		{"a bot has looked a moment ago", long, Sight{Container: running, Netns: lost, Bot: noon.Add(-89 * time.Second)}, BotsTurn},
		{"a bot has not looked for three sweeps", long, Sight{Container: running, Netns: lost, Bot: noon.Add(-90 * time.Second)}, Attach},
		{"a bot looked in what is now the future", long, Sight{Container: running, Netns: lost, Bot: noon.Add(time.Hour)}, Attach},
		{"Docker does not answer", long, Sight{Container: facts.Missed[facts.Container](facts.Down, "no Docker"), Netns: lost}, Unseen},
		{"nobody looked", long, Sight{}, Unseen},
		{"the table was cut", long, Sight{Container: running, Netns: facts.Missed[facts.Netns](facts.Unreadable, "cut")}, Unseen},
		{"there is no container", long, Sight{Container: facts.Missed[facts.Container](facts.Absent, "none"), Netns: lost}, NotRunning},
		{"it is stopped", long, Sight{Container: container("exited", 0), Netns: lost}, NotRunning},
		{"it is paused", long, Sight{Container: container("paused", 42), Netns: lost}, NotRunning},
		{"it restarts by itself", long, Sight{Container: container("restarting", 0), Netns: lost}, NotRunning},
		{"it has no process yet", long, Sight{Container: container("running", 0), Netns: lost}, NotRunning},
		{"the first attempt is just over", Mind{Missing: long.Missing, Tries: []time.Time{noon.Add(-29 * time.Second)}}, Sight{Container: running, Netns: lost}, Pausing},
		{"the first pause is over", Mind{Missing: long.Missing, Tries: []time.Time{noon.Add(-30 * time.Second)}}, Sight{Container: running, Netns: lost}, Attach},
		{"the fourth attempt waits eight minutes", Mind{Missing: long.Missing, Tries: []time.Time{noon.Add(-40 * time.Minute), noon.Add(-30 * time.Minute), noon.Add(-7 * time.Minute)}}, Sight{Container: running, Netns: lost}, Pausing},
		{"attempts of yesterday do not count", Mind{Missing: long.Missing, Tries: []time.Time{noon.Add(-61 * time.Minute)}}, Sight{Container: running, Netns: lost}, Attach},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got, why := Decide(config, c.mind, c.see, noon)
			if got != c.want || why == "" {
				t.Errorf("got %q (%s), want %q", got, why, c.want)
			}
		})
	}
}

// What could not be seen neither begins nor ends the waiting; an address that was
// back does end it.
func TestTheWaiting(t *testing.T) {
	running := container("running", 42)
	m, _, _ := Decide(config, Mind{}, Sight{Container: running, Netns: has()}, noon)
	m, _, _ = Decide(config, m, Sight{}, noon.Add(5*time.Second))
	if m.Missing != noon {
		t.Fatalf("a look that saw nothing moved it: %v", m.Missing)
	}
	if _, w, _ := Decide(config, m, Sight{Container: running, Netns: has()}, noon.Add(10*time.Second)); w != Attach {
		t.Errorf("after ten seconds it is %q", w)
	}
	m, _, _ = Decide(config, m, Sight{Container: running, Netns: has("10.0.0.1")}, noon.Add(6*time.Second))
	if _, w, _ := Decide(config, m, Sight{Container: running, Netns: has()}, noon.Add(11*time.Second)); w != Waiting {
		t.Errorf("it was back in between, and is %q", w)
	}
}

// A clock that is set back by a day stops nothing for a day.
func TestTheClockIsSetBack(t *testing.T) {
	s := Sight{Container: container("running", 42), Netns: has()}
	m := Mind{Missing: noon, Tries: []time.Time{noon}}
	back := noon.Add(-24 * time.Hour)
	m, w, _ := Decide(config, m, s, back)
	if w != Waiting {
		t.Fatalf("right after it is %q", w)
	}
	if _, w, _ := Decide(config, m, s, back.Add(31*time.Second)); w != Attach {
		t.Errorf("half a minute later it is %q", w)
	}
}

func TestConfig(t *testing.T) {
	got, err := ParseConfig([]byte(config.Text()))
	if err != nil || got != config {
		t.Fatalf("%+v, %v", got, err)
	}
	for name, change := range map[string]func(string) string{
		"an unknown key":          func(s string) string { return strings.Replace(s, `"cluster"`, `"cluser"`, 1) },
		"it was cut":              func(s string) string { return s[:len(s)-1] },
		"something behind it":     func(s string) string { return s + "{}" },
		"a node with a path":      func(s string) string { return strings.Replace(s, `"cn-1"`, `"../cn-1"`, 1) },
		"an option for Docker":    func(s string) string { return strings.Replace(s, `"vernemq-release-cn-1"`, `"--privileged"`, 1) },
		"no address":              func(s string) string { return strings.Replace(s, `10.0.0.1/24`, ``, 1) },
		"IPv6":                    func(s string) string { return strings.Replace(s, `10.0.0.1/24`, `fe80::1/64`, 1) },
		"no grace":                func(s string) string { return strings.Replace(s, `10000000000`, `0`, 1) },
		"a relative lock folder":  func(s string) string { return strings.Replace(s, `"address"`, `"lock_dir":"run","address"`, 1) },
		"never waits for the bot": func(s string) string { return strings.Replace(s, `90000000000`, `-1`, 1) },
	} {
		if text := change(config.Text()); text == config.Text() {
			t.Errorf("%s: the test changes nothing", name)
		} else if c, err := ParseConfig([]byte(text)); err == nil {
			t.Errorf("%s: it was read as %+v", name, c)
		}
	}
}

// However a state is cut, it is refused.
func TestAStateThatWasCut(t *testing.T) {
	whole := `{"config":` + quoted(config.Text()) + `,"program":"ab","version":"v","pid":7,"began":"2026-03-01T12:00:00Z","looked":"2026-03-01T12:00:00Z","word":"attached","why":"w","given":1,"runs":false}`
	if s, err := ParseState([]byte(whole)); err != nil || s.PID != 7 || s.Given != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
	for i := range whole {
		if _, err := ParseState([]byte(whole[:i])); err == nil {
			t.Errorf("cut at %d it was read", i)
		}
	}
	if _, err := ParseState([]byte(whole + "x")); err == nil {
		t.Error("what stands behind it was not noticed")
	}
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(config.Text()))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ParseConfig(text)
		if err != nil {
			return
		}
		again, err := ParseConfig([]byte(c.Text()))
		if err != nil || again != c {
			t.Errorf("%+v became %+v: %v", c, again, err)
		}
	})
}
