package look

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"vmqbot/answer"
	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/secret"
)

// request is one echo request to a node's weave address; a size is whole on the
// way.
type request struct {
	to   regions.Node
	size int
}

// word is what the script reads: ADDRESS, or ADDRESS/SIZE.
func (r request) word() string {
	if r.size == 0 {
		return r.to.Address.Addr().String()
	}
	return r.to.Address.Addr().String() + "/" + strconv.Itoa(r.size)
}

func requestsTo(peers []regions.Node, sizes facts.Sizes) (all []request) {
	for _, p := range peers {
		all = append(all, request{to: p})
		for _, size := range sizes {
			if size > 0 {
				all = append(all, request{p, size})
			}
		}
	}
	return all
}

// pings measures the way from this node's container to every other node's
// weave address: with the container's own ping, whose words are in said, or
// where its image has none, or one that cannot do it, with the host's, all of
// them in one command inside the container's network namespace. What the host's
// cannot do either stays as the container said it.
func (v view) pings(ctx context.Context, requests []request, said map[string]part, err error) []facts.Ping {
	found := make([]facts.Ping, len(requests))
	why := ""
	for i, r := range requests {
		found[i] = facts.Ping{From: v.node.Name, To: r.to.Name, Size: r.size}
		text := said[nth(i)].text
		switch e, ok := readEcho(text); {
		case err != nil:
			why = err.Error()
		case ok:
			if found[i].Echo = facts.Saw(e); e.MayBeCut && why == "" {
				why = text
			}
		case why == "":
			why = text
		}
	}
	if why == "" {
		return found
	}
	why = firstLine(answer.Answer{Stderr: why})
	said, miss := v.fromHost(ctx, requests, why)
	for i := range found {
		switch e, ok := readEcho(said[nth(i)].text); {
		case ok:
			found[i].Echo = facts.Saw(e)
		case found[i].Echo.OK():
		case miss != nil:
			found[i].Echo = missed[facts.Echo](miss)
		default:
			found[i].Echo = facts.Missed[facts.Echo](facts.Failed, "no ping in the container ("+why+") and none through its host ("+firstLine(answer.Answer{Stderr: said[nth(i)].text})+"): install iputils-ping on "+v.name+".")
		}
	}
	return found
}

// nth is where the script answers a request, which it counts from 1.
func nth(i int) string { return strconv.Itoa(i+1) + " ping" }

// fromHost pings with the host's program. It needs the container's process.
func (v view) fromHost(ctx context.Context, requests []request, why string) (map[string]part, error) {
	c, ok := v.seen.Container.Get()
	if !ok {
		return nil, &blindness{v.seen.Container.Blind(), v.seen.Container.Why()}
	}
	if !c.Running || c.PID == 0 {
		return nil, &blindness{facts.Down, "the container " + c.Name + " on " + v.name + " is " + c.State + "."}
	}
	argv := []string{"nsenter", "-t", strconv.Itoa(c.PID), "-n", "sh", "-c", insideScript, "vmqbot-inside", "-", "-", "-", "0"}
	if v.node.SSH.Sudo {
		argv = append([]string{"sudo", "-n"}, argv...)
	}
	for _, r := range requests {
		argv = append(argv, r.word())
	}
	a, err := v.host.Run(ctx, secret.Words(argv...), nil)
	if err != nil {
		return nil, err
	}
	said, whole := parts(a.Stdout)
	if !whole {
		return nil, &blindness{facts.Failed, "no ping in the container (" + why + ") and none through its host (" + firstLine(a) + "): install iputils-ping on " + v.name + "."}
	}
	return said, nil
}

var (
	echoCount = regexp.MustCompile(`\b(\d+) packets transmitted, (\d+) (?:packets )?received`)
	tooLong   = regexp.MustCompile(`\bmessage too long, mtu[ =](\d+)|\bFrag needed and DF set \(mtu = (\d+)\)`)
	echoTimes = regexp.MustCompile(`\b(?:rtt|round-trip) min/avg/max(?:/mdev)? = ([\d.]+)/([\d.]+)/([\d.]+)`)
)

// mayBeCut is what the script puts before the words of a ping that cannot forbid
// anybody on the way to cut its packets up.
const mayBeCut = "may be cut up:"

// readEcho reads the summary of iputils' and busybox's ping; without one there
// was no ping.
func readEcho(out string) (facts.Echo, bool) {
	m := echoCount.FindStringSubmatch(out)
	if m == nil {
		return facts.Echo{}, false
	}
	e := facts.Echo{MayBeCut: strings.HasPrefix(out, mayBeCut)}
	e.Sent, _ = strconv.Atoi(m[1])
	e.Received, _ = strconv.Atoi(m[2])
	if e.Received == 0 {
		if m := tooLong.FindStringSubmatch(out); m != nil {
			e.TooLong, _ = strconv.Atoi(m[1] + m[2])
		}
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
