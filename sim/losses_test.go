package sim

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// loss is one row of what was seen on real hosts (facts/lab.md, "What was
// seen"), done on sg: what becomes of the container's weave address, of the
// traffic, and how it shows.
type loss struct {
	event  string
	do     []string // verbs and commands on the host, in their order
	lost   bool     // the address
	exited bool     // the container does not run afterwards
	events []string // that Docker tells of the container, in this order, others between them
	of     string   // the container they are of; the broker's
	cut    bool     // Docker's stream of events ends: unexpected EOF
	silent bool     // nothing passes, though the address is there
	mend   []string // what brings the traffic back; attach where the address was lost
}

const (
	brokerSG  = "vernemq-release-sg-1"
	addressSG = "10.0.0.2"
)

var losses = []loss{
	{event: "docker restart", do: []string{"exec sg docker restart " + brokerSG}, lost: true, events: []string{"kill", "die", "stop", "start", "restart"}},
	{event: "docker stop, start", do: []string{"exec sg docker stop " + brokerSG, "exec sg docker start " + brokerSG}, lost: true, events: []string{"kill", "die", "stop", "start"}},
	{event: "PID 1 killed under a restart policy", do: []string{"first process of " + brokerSG}, lost: true, events: []string{"die", "start"}},
	{event: "dockerd stopped and started", do: []string{"exec sg service docker restart"}, lost: true, cut: true},
	{event: "dockerd killed", do: []string{"exec sg service docker kill", "exec sg service docker start"}, lost: true, exited: true, cut: true},
	{event: "the host restarted", do: []string{"host restart sg"}, lost: true}, // and docker events with it, which runs there: it may say so or not
	{event: "the router restarted", do: []string{"exec sg docker restart weave"}, events: []string{"die", "start"}, of: "weave"},
	{event: "the router killed", do: []string{"first process of weave"}, events: []string{"die", "start"}, of: "weave"},
	{event: "weave stop, and launch", do: []string{"exec sg weave stop"}, silent: true, mend: []string{"exec sg weave launch --no-dns 10.78.0.11 10.78.0.13 10.78.0.14"}},
	{event: "weave reset", do: []string{"exec sg weave reset"}, lost: true, mend: []string{"exec sg weave launch --no-dns 10.78.0.11 10.78.0.13 10.78.0.14"}},
	{event: "the host frozen", do: []string{"host pause sg"}, silent: true, mend: []string{"host unpause sg"}},
}

// TestWhatTakesTheAddress does every row of the table to a whole fleet: ssh,
// Docker, Weave and brokers together.
func TestWhatTakesTheAddress(t *testing.T) {
	f, err := Up(t.Context(), Options{Dir: t.TempDir(), Pace: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	for _, row := range losses {
		t.Run(row.event, func(t *testing.T) {
			p := &place{f, t}
			p.ok("reset")
			p.passes(true)
			said := p.listen("sg")
			for _, line := range row.do {
				p.happen(line)
			}
			p.holds(row)
			out, ended := said()
			p.tells(row, out, ended)
			if row.event == "the host frozen" {
				p.frozen()
			}
			for _, line := range row.mend {
				p.ok(line)
			}
			p.mended(row)
		})
	}
}

// happen does one line: a verb, or a signal to a container's first process.
func (p *place) happen(line string) {
	p.t.Helper()
	name, found := strings.CutPrefix(line, "first process of ")
	if !found {
		p.ok(line)
		return
	}
	pid := func() string {
		return strings.TrimSpace(p.ok("exec sg docker inspect --format {{.State.Pid}} " + name))
	}
	old := pid()
	p.ok("exec sg kill -9 " + old)
	p.await(name+" has another first process", func() bool { now := pid(); return now != "0" && now != old })
}

// holds wants the address to be where the row says, and weave to look as healthy
// as it does.
func (p *place) holds(row loss) {
	p.t.Helper()
	want := "has " + addressSG
	switch {
	case row.exited:
		want = brokerSG + " does not run"
	case row.lost:
		want = "lacks " + addressSG
	}
	p.await("sg "+want, func() bool {
		return strings.Contains(p.ok("status"), brokerSG+" "+strings.TrimPrefix(want, brokerSG+" "))
	})
	switch {
	case row.event == "weave reset":
	case row.event == "weave stop, and launch":
		if out, said, exit := p.say("exec sg weave status"); exit != 1 || !strings.Contains(out+said, "weave container is not running.") {
			p.t.Errorf("weave status: exit %d, %q %q", exit, out, said)
		}
	case row.lost && !row.exited:
		p.await("weave looks healthy", func() bool {
			return p.established("sg") == 3 && strings.Count(p.ok("exec sg weave status peers"), " established") == 12
		})
		if out := p.ok("exec sg weave ps " + brokerSG); out != "\n" {
			p.t.Errorf("weave ps %s: %q, want an empty line", brokerSG, out)
		}
	}
	if row.lost || row.silent {
		p.passes(false)
	}
}

// tells wants what Docker told of the container, and whether it could go on.
func (p *place) tells(row loss, out, said string) {
	p.t.Helper()
	if cut := strings.Contains(said, "unexpected EOF"); cut != row.cut && row.event != "the host restarted" {
		p.t.Errorf("the stream of events ended with %q", said)
	}
	of := row.of
	if of == "" {
		of = brokerSG
	}
	var told []string
	for line := range strings.Lines(out) {
		if action, name, _ := strings.Cut(strings.TrimSpace(line), " "); name == of {
			told = append(told, action)
		}
	}
	rest := told
	for _, want := range row.events {
		i := slices.Index(rest, want)
		if i < 0 {
			p.t.Errorf("Docker told %v; want %v", told, row.events)
			return
		}
		rest = rest[i+1:]
	}
}

// frozen: a peer that says nothing is believed for a while. On real hosts it was
// there at 23 s and gone by 68 s.
func (p *place) frozen() {
	p.t.Helper()
	began := time.Now()
	if n := p.established("cn"); n != 3 {
		p.t.Errorf("cn sees %d of 3 connections at once", n)
	}
	p.await("cn gives sg up", func() bool { return p.established("cn") == 2 })
	if took := time.Since(began); took < time.Duration(0.05*float64(20*time.Second)) {
		p.t.Errorf("cn gave sg up after %s, at a twentieth of the time", took)
	}
}

// mended wants one attach to be enough where the address was lost, and the
// address alone where it was kept.
func (p *place) mended(row loss) {
	p.t.Helper()
	if row.exited {
		p.ok("exec sg docker start " + brokerSG)
	}
	if row.lost {
		p.ok("exec sg weave attach 10.0.0.2/24 " + brokerSG)
	}
	p.passes(true)
	if !strings.Contains(p.ok("status"), brokerSG+" has "+addressSG) {
		p.t.Errorf("the address is not back:\n%s", p.ok("status"))
	}
}

// passes wants a packet between the containers of cn and sg to come back, in the
// end, or none.
func (p *place) passes(want bool) {
	p.t.Helper()
	ping := func() bool {
		_, _, exit := p.say("exec cn docker exec vernemq-release-cn-1 ping -c 1 -W 0.3 " + addressSG)
		return exit == 0
	}
	if !want {
		if ping() {
			p.t.Errorf("packets reach %s", addressSG)
		}
		return
	}
	p.await("packets reach "+addressSG, ping)
}

func (p *place) established(host string) int {
	p.t.Helper()
	return strings.Count(p.ok("exec "+host+" weave status connections"), " established ")
}

// await waits for what the machines do by themselves, a minute at most.
func (p *place) await(what string, so func() bool) {
	p.t.Helper()
	if err := p.until(p.t.Context(), what, so); err != nil {
		p.t.Fatal(err)
	}
}

// safe is a buffer that may be read while it is written.
type safe struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safe) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *safe) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

var marked = regexp.MustCompile(`(?m)^exec_create: `)

// listen follows Docker's events on a host, "ACTION NAME" in each line, and
// returns when the stream is known to flow. end ends it and returns what was
// told, and what docker said of its end.
func (p *place) listen(host string) (end func() (out, said string)) {
	p.t.Helper()
	ctx, cancel := context.WithCancel(p.t.Context())
	var out, said safe
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.Do(ctx, Streams{Out: &out, Err: &said}, "exec", host, "docker", "events", "--format", "{{.Action}} {{.Actor.Attributes.name}}")
	}()
	p.t.Cleanup(func() { cancel(); <-done })
	p.await("docker events tells", func() bool {
		p.ok(fmt.Sprintf("exec %s docker exec %s true", host, brokerSG))
		return marked.MatchString(out.String())
	})
	return func() (string, string) {
		last := ""
		p.await("docker events tells no more", func() bool {
			was := last
			last = out.String()
			return was == last && last != ""
		})
		cancel()
		<-done
		return out.String(), said.String()
	}
}
