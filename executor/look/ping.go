package look

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"vmqbot/answer"
	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/secret"
)

// pingsAtOnce bounds the pings of one container that run at the same time.
const pingsAtOnce = 8

// pings measures the way from this node's container to every other node's
// weave address: with the container's own ping or, where its image has none,
// with the host's inside the container's network namespace.
func (v view) pings(ctx context.Context, nodes []regions.Node) []facts.Ping {
	var found []facts.Ping
	for _, to := range nodes {
		if to.Name != v.node.Name {
			found = append(found, facts.Ping{From: v.node.Name, To: to.Name})
		}
	}
	addr := map[string]string{}
	for _, n := range nodes {
		addr[n.Name] = n.Address.Addr().String()
	}
	var all sync.WaitGroup
	room := make(chan struct{}, pingsAtOnce)
	for i := range found {
		all.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			found[i].Echo = v.echo(ctx, addr[found[i].To])
		})
	}
	all.Wait()
	return found
}

func (v view) echo(ctx context.Context, to string) facts.Seen[facts.Echo] {
	c, ok := v.seen.Container.Get()
	if !ok {
		return facts.Missed[facts.Echo](v.seen.Container.Blind(), v.seen.Container.Why())
	}
	if !c.Running || c.PID == 0 {
		return facts.Missed[facts.Echo](facts.Down, "the container "+c.Name+" on "+v.name+" is "+c.State+".")
	}
	argv := []string{"ping", "-c", "3", "-W", "1", "-i", "0.2", to}
	a, err := v.docker.Exec(ctx, c.Name, secret.Words(argv...), nil)
	if err != nil {
		return missed[facts.Echo](err)
	}
	if e, ok := readEcho(a.Stdout); ok {
		return facts.Saw(e)
	}
	argv = append([]string{"nsenter", "-t", strconv.Itoa(c.PID), "-n"}, argv...)
	if v.node.SSH.Sudo {
		argv = append([]string{"sudo", "-n"}, argv...)
	}
	b, err := v.host.Run(ctx, secret.Words(argv...), nil)
	if err != nil {
		return missed[facts.Echo](err)
	}
	if e, ok := readEcho(b.Stdout); ok {
		return facts.Saw(e)
	}
	return facts.Missed[facts.Echo](facts.Failed, "no ping in the container ("+firstLine(a)+") and none through its host ("+firstLine(b)+"): install iputils-ping on "+v.name+".")
}

var (
	echoCount = regexp.MustCompile(`(?m)^(\d+) packets transmitted, (\d+) (?:packets )?received`)
	echoTimes = regexp.MustCompile(`(?m)^(?:rtt|round-trip) min/avg/max(?:/mdev)? = ([\d.]+)/([\d.]+)/([\d.]+)`)
)

// readEcho reads the summary of iputils' and busybox's ping; without one there
// was no ping.
func readEcho(out string) (facts.Echo, bool) {
	m := echoCount.FindStringSubmatch(out)
	if m == nil {
		return facts.Echo{}, false
	}
	var e facts.Echo
	e.Sent, _ = strconv.Atoi(m[1])
	e.Received, _ = strconv.Atoi(m[2])
	if e.Received == 0 {
		return e, true
	}
	t := echoTimes.FindStringSubmatch(out)
	if t == nil {
		return facts.Echo{}, false
	}
	e.Min, e.Avg, e.Max = millis(t[1]), millis(t[2]), millis(t[3])
	return e, true
}

func millis(s string) time.Duration {
	f, _ := strconv.ParseFloat(s, 64)
	return time.Duration(f * float64(time.Millisecond))
}

// firstLine is what a failed command said, for a sentence.
func firstLine(a answer.Answer) string {
	for line := range strings.Lines(a.Stderr + "\n" + a.Stdout) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return "exit status " + strconv.Itoa(a.Exit)
}
