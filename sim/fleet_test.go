package sim

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// Four regions come up as one healthy cluster, and the verbs do to their brokers
// what they say.
func TestFourRegions(t *testing.T) {
	began := time.Now()
	f, err := Up(t.Context(), Options{Dir: t.TempDir(), Pace: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	t.Logf("up after %s", time.Since(began))
	p := &place{f, t}
	p.wantWhole(4)
	t.Run("half of weave's report", p.halfReport)
	t.Run("half a view", p.halfView)
	t.Run("by the oldest runbook", p.oldest)
	t.Run("empty", p.emptied)
}

// wantWhole wants so many brokers with their addresses.
func (p *place) wantWhole(n int) {
	p.t.Helper()
	if out := p.ok("status"); strings.Count(out, "has 10.0.0.") != n {
		p.t.Errorf("want %d brokers with addresses:\n%s", n, out)
	}
}

// weave's own words are cut as what the bot reads of its API is, of one host only.
func (p *place) halfReport(t *testing.T) {
	whole := func(host string) bool { return json.Valid([]byte(p.ok("exec " + host + " weave report"))) }
	was := len(p.ok("exec cn weave report"))
	p.ok("corrupt cn weave")
	if half := len(p.ok("exec cn weave report")); half > was/2+was/10 || half < was/2-was/10 || whole("cn") {
		t.Errorf("%d of %d bytes; whole %t", half, was, whole("cn"))
	}
	if !whole("sg") {
		t.Error("sg is cut as well")
	}
	p.ok("mend cn")
	if !whole("cn") {
		t.Error("it is cut after mend")
	}
}

func (p *place) halfView(t *testing.T) {
	view := "docker exec vernemq-release-cn-1 vmq-admin cluster show --format=json"
	whole := p.ok("exec cn " + view)
	p.ok("corrupt cn vmq-admin")
	if half := p.ok("exec cn " + view); half != whole[:len(whole)/2] {
		t.Errorf("%q of %q", half, whole)
	}
	if out := p.ok("exec cn docker exec vernemq-release-cn-1 vernemq ping"); out != "pong\n" {
		t.Errorf("ping is cut as well: %q", out)
	}
	p.ok("mend cn")
	if again := p.ok("exec cn " + view); len(again) != len(whole) {
		t.Errorf("after mend: %q", again)
	}
}

// oldest: a shell is the first process, and the data is in the container.
func (p *place) oldest(t *testing.T) {
	p.ok("runbook cn")
	if cmd := p.ok("exec cn docker inspect --format {{.Config.Cmd}} vernemq-release-cn-1"); cmd != "[sh]\n" {
		t.Errorf("its command is %q", cmd)
	}
	p.fails("exec cn ls /data/server/docker/vernemq/data")
	if out := p.ok("exec cn docker exec vernemq-release-cn-1 ls /var/lib/vernemq"); strings.Contains(out, "data\n") || !strings.Contains(out, "meta") {
		t.Errorf("in /var/lib/vernemq lies\n%s", out)
	}
	p.wantWhole(4)
}

// emptied: no broker and nothing of it, until reset.
func (p *place) emptied(t *testing.T) {
	p.ok("empty cn sg")
	p.wantWhole(2)
	if out := p.ok("exec cn ls -A /etc/vernemq"); out != "" {
		t.Errorf("empty leaves %q", out)
	}
	p.ok("host kill us")
	p.ok("reset")
	p.wantWhole(4)
}
