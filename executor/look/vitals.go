package look

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vmqbot/answer"
	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/vernemq"
)

// mostHooks bounds the webhooks that one look calls.
const mostHooks = 16

// inside asks everything that is asked in the container in one command: the
// vitals or the counters alone, the pings, or both. What the host tells of
// itself is not among it.
func (v view) inside(ctx context.Context, r *round, i int) {
	need, hooks := r.need, v.hooks()
	argv := []string{"sh", "-c", insideScript, "vmqbot-inside"}
	switch {
	case need.Vitals:
		argv = append(argv, "mc", v.metricsAt(), confFile, strconv.Itoa(len(hooks)))
		for _, h := range hooks {
			argv = append(argv, h.Host, strconv.Itoa(h.Port))
		}
	case need.Counters:
		argv = append(argv, "m", v.metricsAt(), "-", "0")
	default:
		argv = append(argv, "-", "-", "-", "0")
	}
	var requests []request
	if need.Pings {
		requests = requestsTo(r.peers(v.node), need.Sizes)
		for _, p := range requests {
			argv = append(argv, p.word())
		}
	}
	a, err := v.docker.Exec(ctx, v.node.Container, secret.Words(argv...), nil)
	said, whole := parts(a.Stdout)
	if err == nil && !whole {
		if len(said) > 0 { // the broker's file, with its secrets, may be in the rest
			a.Stdout = ""
		}
		err = &blindness{facts.Failed, "no shell in the container " + v.node.Container + " on " + v.name + " looked around in it to the end (" + firstLine(a) + ")."}
	}
	switch {
	case need.Vitals:
		v.seen.Vitals = v.vitals(said, err, hooks)
	case need.Counters:
		v.seen.Vitals = v.counters(said, err)
	}
	if need.Pings {
		<-r.base[i]
		r.pings[i] = v.pings(ctx, requests, said, err)
	}
}

// hooks are the planned webhooks, each place once.
func (v view) hooks() []regions.Webhook {
	var one []regions.Webhook
	for _, h := range v.node.Webhooks() {
		if len(one) < mostHooks && !slices.ContainsFunc(one, func(o regions.Webhook) bool { return o.Addr() == h.Addr() }) {
			one = append(one, h)
		}
	}
	return one
}

// metricsAt is where the broker serves its counters inside the container.
func (v view) metricsAt() string {
	at := "127.0.0.1:8888"
	if own, ok := regions.ListenerAddr(v.node.Conf["listener.http.default"].Reveal()); ok {
		if at = own.String(); own.Addr().IsUnspecified() {
			at = "127.0.0.1:" + strconv.Itoa(int(own.Port()))
		}
	}
	return "http://" + at + "/metrics"
}

// vitals reads the answer. Disks and certificates are not in it.
func (v view) vitals(said map[string]part, err error, hooks []regions.Webhook) facts.Seen[facts.Vitals] {
	var d facts.Vitals
	if err != nil {
		d.Metrics, d.Conf = missed[vernemq.Metrics](err), missed[secret.Text](err)
	} else {
		d.Metrics, d.Conf = v.metrics(said["0 metrics"]), v.conf(said["0 conf"])
	}
	for n, h := range hooks {
		if d.Hooks == nil {
			d.Hooks = map[string]facts.Seen[facts.Dial]{}
		}
		d.Hooks[h.Addr()] = v.dialed(said, err, n+1)
	}
	return facts.Saw(d)
}

// counters are the vitals of which nothing else was asked.
func (v view) counters(said map[string]part, err error) facts.Seen[facts.Vitals] {
	if err != nil {
		return facts.Saw(facts.Vitals{Metrics: missed[vernemq.Metrics](err)})
	}
	return facts.Saw(facts.Vitals{Metrics: v.metrics(said["0 metrics"])})
}

// metrics reads either form in which the counters come.
func (v view) metrics(p part) facts.Seen[vernemq.Metrics] {
	if !strings.Contains(p.text, "{") {
		return saw(vernemq.ParseMetrics(answer.Answer{Argv: vernemq.ShowMetrics(), Stdout: p.text, Exit: p.status}))
	}
	samples, err := vernemq.ParsePrometheus(p.text)
	if err != nil {
		return missed[vernemq.Metrics](err)
	}
	return facts.Saw(vernemq.SumMetrics(samples))
}

func (v view) conf(p part) facts.Seen[secret.Text] {
	if p.status != 0 {
		blind := facts.Failed
		if strings.Contains(p.text, "No such file") {
			blind = facts.Absent
		}
		return facts.Missed[secret.Text](blind, fmt.Sprintf("%s in %s on %s cannot be read: look with `docker exec %[2]s ls -l %[1]s`.", confFile, v.node.Container, v.name))
	}
	return facts.Saw(secret.New(p.text))
}

// dialed reads whether the container reached a place.
func (v view) dialed(said map[string]part, err error, n int) facts.Seen[facts.Dial] {
	if err != nil {
		return missed[facts.Dial](err)
	}
	p, found := said[strconv.Itoa(n)+" hook"]
	switch {
	case found && p.status == 0:
		return facts.Saw(facts.Dial{Connected: true})
	case found && p.status == 1:
		return facts.Saw(facts.Dial{Says: words(p.text)})
	case found && p.status == 9:
		return facts.Missed[facts.Dial](facts.Failed, "nothing in "+v.node.Container+" on "+v.name+" can call a port: its image has no bash, no curl and no nc.")
	}
	return facts.Missed[facts.Dial](facts.Unreadable, "what the call from "+v.node.Container+" on "+v.name+" came to is not understood: "+words(p.text))
}

// words is what a program complained, as one short line: its own name and that
// of the script, which bash puts in front, tell nobody anything.
func words(text string) string {
	line := firstLine(answer.Answer{Stderr: text})
	for _, head := range []string{"connect: ", "nc: "} {
		if _, rest, found := strings.Cut(line, head); found {
			line = rest
		}
	}
	return line[:min(len(line), 200)]
}
