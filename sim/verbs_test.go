package sim

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"vmqbot/executor"
	"vmqbot/facts"
	"vmqbot/regions"
)

// place is a fleet and its verbs as one types them.
type place struct {
	*Fleet
	t *testing.T
}

// bare is a fleet of hosts with Docker and nothing else, which is up at once.
func bare(t *testing.T) *place {
	t.Helper()
	f, err := Up(t.Context(), Options{Dir: t.TempDir(), Pace: 0.05, Bare: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return &place{f, t}
}

// say does a verb; the words are separated by blanks.
func (p *place) say(line string) (stdout, stderr string, exit int) {
	p.t.Helper()
	var out, said bytes.Buffer
	exit = p.Do(p.t.Context(), Streams{Out: &out, Err: &said}, strings.Fields(line)...)
	return out.String(), said.String(), exit
}

// ok does a verb that must succeed.
func (p *place) ok(line string) string {
	p.t.Helper()
	out, said, exit := p.say(line)
	if exit != 0 {
		p.t.Fatalf("%s: exit %d: %s%s", line, exit, out, said)
	}
	return out
}

// fails does one that must not.
func (p *place) fails(line string) {
	p.t.Helper()
	if out, _, exit := p.say(line); exit == 0 {
		p.t.Errorf("%s succeeds: %s", line, out)
	}
}

// why is why the bot does not see a node's host; "" when it does. It asks over a
// connection of its own.
func (p *place) why(node string) string {
	p.t.Helper()
	fleet := load(p.t, p.Fleet)
	hosts := executor.Open(fleet, executor.Options{Home: filepath.Dir(p.FleetFile())})
	defer hosts.Close() //nolint:errcheck // only looked
	n, ok := fleet.Node(node)
	if !ok {
		p.t.Fatalf("there is no node %s", node)
	}
	return hosts.Looker.Look(p.t.Context(), []regions.Node{n}, facts.Need{}).Nodes[n.Name].Host.Why()
}

var pingTime = regexp.MustCompile(`time=([0-9.]+) ms`)

// far is how long a packet from cn to sg and back takes, in ms.
func (p *place) far() float64 {
	p.t.Helper()
	m := pingTime.FindStringSubmatch(p.ok("exec cn ping -c 1 -W 5 10.78.0.12"))
	if m == nil {
		p.t.Fatal("ping tells no time")
	}
	ms, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		p.t.Fatal(err)
	}
	return ms
}

// TestWrongWordsOfVerbs: one line each, exit status 2, and what to type.
func TestWrongWordsOfVerbs(t *testing.T) {
	p := bare(t)
	for line, want := range map[string]string{
		"frobnicate":         `there is no verb "frobnicate"; type help`,
		"exec":               "a host and a program are wanted; type exec [-i] HOST PROGRAM ARGS...",
		"exec hk true":       `there is no host "hk"; there are jump, cn, sg, us, eu`,
		"host":               "what, and which host; type host start|stop",
		"host explode cn":    `"explode"; type host start|stop`,
		"host stop hk":       `there is no host "hk"`,
		"cut cn":             "two hosts are wanted; type cut HOST PEER",
		"cut cn hk":          `there is no host "hk"`,
		"delay cn sg":        "a time like 100ms is wanted",
		"delay cn sg soon":   "a time like 100ms is wanted",
		"delay cn sg -1s":    "a time like 100ms is wanted",
		"lose cn sg":         "0 to 100 percent are wanted",
		"lose cn sg 101":     "0 to 100 percent are wanted",
		"corrupt cn":         "a host and a program are wanted; type corrupt HOST weave|vmq-admin",
		"corrupt cn docker":  `"docker" is neither weave nor vmq-admin`,
		"corrupt jump weave": "jump has no broker",
		"claim jump":         "jump has no broker",
		"claim":              "one host is wanted",
		"mend":               "one host is wanted; type mend HOST",
		"mend cn sg":         "one host is wanted",
		"fill":               "one host is wanted; type fill HOST",
		"disk cn":            "a host, a folder and a size are wanted",
		"disk cn /data lots": "a size like 700m is wanted",
		"refuse":             "one host is wanted; type refuse HOST",
		"rekey cn sg":        "one host is wanted; type rekey HOST [--restore]",
		"empty":              "hosts are wanted, or all; type empty HOST...|all",
		"empty jump":         "jump has no broker",
		"runbook cn hk":      `there is no host "hk"`,
		"exec cn nosuch":     "nosuch on cn: not found",
	} {
		out, said, exit := p.say(line)
		code := 2
		if line == "exec cn nosuch" {
			code = 1
		}
		if exit != code || out != "" || !strings.HasPrefix(said, "sim: ") || !strings.Contains(said, want) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: exit %d, %q %q; want %q", line, exit, out, said, want)
		}
	}
	if help := p.ok(""); help != p.ok("help") || strings.Count(help, "\n") != len(verbs) {
		t.Errorf("help:\n%s", help)
	}
}

// TestLines between hosts that are cut, long, and bad.
func TestLines(t *testing.T) {
	p := bare(t)
	near := p.far()
	p.ok("delay cn sg 60ms")
	if ms := p.far(); ms < 120 {
		t.Errorf("%g ms over a line of 60 ms one way; it was %g", ms, near)
	}
	p.ok("mend sg")
	p.ok("lose sg cn 100")
	if ms := p.far(); ms < 200 {
		t.Errorf("%g ms over a line that loses all; TCP would pause", ms)
	}
	p.ok("mend cn")
	p.ok("cut sg cn")
	p.fails("exec cn ping -c 1 -W 1 10.78.0.12")
	p.ok("exec cn ping -c 1 -W 5 10.78.0.13")
	p.ok("mend cn")
	if ms := p.far(); ms > 100 {
		t.Errorf("%g ms after mend", ms)
	}
}

// TestDisks that fill, and one that is small.
func TestDisks(t *testing.T) {
	p := bare(t)
	p.ok("exec cn touch /root/before")
	p.ok("fill cn")
	p.fails("exec cn cp /root/before /proc/self/mounts")
	if out, said, exit := p.say("exec cn mkdir /root/new"); exit == 0 || !strings.Contains(said, "No space left on device") {
		t.Errorf("exit %d, %q %q", exit, out, said)
	}
	if out := p.ok("status"); !strings.Contains(out, "disk full") {
		t.Errorf("status:\n%s", out)
	}
	p.ok("exec sg mkdir /root/new")
	p.ok("mend cn")
	p.ok("exec cn mkdir /root/new")
	p.ok("disk cn /data/server/docker/vernemq/data 100m")
	if out := p.ok("exec cn df -Pk /data/server/docker/vernemq/data"); !strings.Contains(out, " 102400 ") {
		t.Errorf("df of a disk with 100m:\n%s", out)
	}
	p.ok("exec cn umount /data/server/docker/vernemq/data")
	if out := p.ok("exec cn df -Pk /"); strings.Contains(out, " 102400 ") {
		t.Errorf("df after umount:\n%s", out)
	}
}

// TestLogins that are refused, and a host that shows another key: the bot sees
// neither, and says which of the two it is.
func TestLogins(t *testing.T) {
	p := bare(t)
	p.ok("refuse cn")
	if why := p.why("cn-1"); !strings.Contains(why, "does not accept the key") {
		t.Errorf("a refused login is told as %q", why)
	}
	p.ok("exec cn true") // who breaks things stands at the machine
	p.ok("mend cn")
	if why := p.why("cn-1"); why != "" {
		t.Errorf("after mend: %s", why)
	}
	p.ok("rekey cn")
	if why := p.why("cn-1"); !strings.Contains(why, "which is not the one") {
		t.Errorf("another host key is told as %q", why)
	}
	p.ok("rekey cn --restore")
	if why := p.why("cn-1"); why != "" {
		t.Errorf("with the first key: %s", why)
	}
}

// TestPower: off, on, pulled out, frozen.
func TestPower(t *testing.T) {
	p := bare(t)
	for _, c := range []struct {
		verb string
		on   bool
	}{{"stop", false}, {"start", true}, {"kill", false}, {"start", true}, {"restart", true}, {"start", true}, {"stop", false}, {"stop", false}, {"start", true}} {
		p.ok("host " + c.verb + " cn")
		if _, said, exit := p.say("exec cn true"); (exit == 0) != c.on || !c.on && said != "sim: cn is off; switch it on: host start cn\n" {
			t.Errorf("after host %s: exit %d, %q", c.verb, exit, said)
		}
		p.ok("exec sg true")
	}
	p.ok("host pause cn")
	p.fails("exec sg ping -c 1 -W 1 10.78.0.11")
	p.ok("host unpause cn")
	p.ok("exec sg ping -c 1 -W 5 10.78.0.11")
}
