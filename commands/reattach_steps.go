package commands

import (
	"fmt"
	"time"

	"vmqbot/facts"
	"vmqbot/network"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/vernemq"
)

func attach(w ops.World, n regions.Node) ops.Step {
	driver, err := network.Of(w.Fleet)
	if err != nil {
		panic("a validated fleet names no such driver: " + err.Error())
	}
	give, err := driver.Attach(n)
	if err != nil {
		panic("a validated fleet has no such node: " + err.Error())
	}
	return ops.Step{
		Title: fmt.Sprintf("Attach %s to the container of %s", n.Address, n.Name), Node: n.Name,
		Do: give, Verify: []string{"ip"}, Timeout: attachTimeout,
		NoUndo: "the address is the planned one; to take it away again would only break more",
	}
}

// bind gets the cluster port bound on the planned address, mildest means
// first. A broker that waits in a gate binds by itself once the address is
// there; then the proof is OK before the step and the step is skipped.
func bind(r ops.Request, w ops.World, n regions.Node) []ops.Step {
	var steps []ops.Step
	if brokerGone(w, n) {
		steps = append(steps, startBroker(n))
	}
	steps = append(steps, ops.Step{
		Title: "Wait until the broker of " + n.Name + " answers", Node: n.Name,
		Do: ops.Wait{For: "vernemq ping to say pong"}, Verify: []string{"broker"}, Timeout: 90 * time.Second,
	})
	if trapped(w, n) {
		steps = append(steps, freePort(n)...)
	}
	inPlace := rebind(w, n, r.Flag("drop-clients"))
	if r.Flag("drop-clients") {
		return append(append(steps, inPlace), restartListeners(n)...)
	}
	inPlace.Fix = "reattach " + n.Name + " --drop-clients"
	return append(steps, inPlace)
}

// brokerGone reports that no broker runs in a container that has been up for
// a while: the runbook's containers run only a shell after a restart. One
// that has just started, or that waits in a gate, starts its broker itself.
func brokerGone(w ops.World, n regions.Node) bool {
	seen := w.Seen.Nodes[n.Name]
	broker, ok := seen.Broker.Get()
	if !ok || !noProcess(broker.Process) {
		return false
	}
	c, _ := seen.Container.Get()
	host, _ := seen.Host.Get()
	_, gated := c.Labels["vmqbot.gate"]
	return c.Running && !gated && host.Clock.Sub(c.StartedAt) > 30*time.Second
}

// noProcess reports that somebody looked and no broker runs: Docker listed the
// container's processes, and none is one, or there is no container.
func noProcess(p facts.Seen[facts.Process]) bool {
	return !p.OK() && (p.Blind() == facts.Down || p.Blind() == facts.Absent)
}

func startBroker(n regions.Node) ops.Step {
	return ops.Step{
		Title: "Start the broker of " + n.Name, Node: n.Name,
		Do: ops.Exec{Container: n.Container, Argv: secret.Words(vernemq.Start()...)}, Verify: []string{"broker"}, Timeout: 90 * time.Second,
		MayFail: true, NoUndo: "the broker belongs running",
	}
}

// trapped reports that an MQTT listener sits on the cluster port: somebody
// used "listener start", which says Done (vernemq-real.md E2 d).
func trapped(w ops.World, n regions.Node) bool {
	broker, _ := w.Seen.Nodes[n.Name].Broker.Get()
	listeners, _ := broker.Listeners.Get()
	for _, l := range listeners {
		if l.Port == regions.ClusterPort && l.Type != "vmq" {
			return true
		}
	}
	return false
}

func freePort(n regions.Node) []ops.Step {
	at := n.ClusterAddr()
	return []ops.Step{
		{
			Title: "Stop the MQTT listener that sits on the cluster port of " + n.Name, Node: n.Name,
			Do:      ops.Exec{Container: n.Container, Argv: mustWords(vernemq.StopListener(at))},
			MayFail: true, NoUndo: "no client belongs on the cluster port", Timeout: attachTimeout,
		},
		{
			Title: "Delete that listener", Node: n.Name,
			Do:      ops.Exec{Container: n.Container, Argv: mustWords(vernemq.DeleteListener(at))},
			MayFail: true, NoUndo: "no client belongs on the cluster port", Timeout: attachTimeout,
		},
	}
}

func rebind(w ops.World, n regions.Node, harsherFollows bool) ops.Step {
	release := n.Release
	if broker, ok := w.Seen.Nodes[n.Name].Broker.Get(); ok {
		if p, ok := broker.Process.Get(); ok && p.Root != "" {
			release = p.Root
		}
	}
	if release == "" {
		release = "/usr/lib/vernemq"
	}
	name, err := vernemq.ParseNodeName(n.ErlangName())
	if err != nil {
		panic("a validated fleet has no such node: " + err.Error())
	}
	before, after, err := vernemq.Rebind(release, name, n.ClusterAddr())
	if err != nil {
		panic("a validated fleet has no such node: " + err.Error())
	}
	argv := append(secret.Words(before...), secret.Hidden(n.Cookie.Reveal()))
	return ops.Step{
		Title: fmt.Sprintf("Bind %s in place", n.ClusterAddr()), Node: n.Name,
		Do:     ops.Exec{Container: n.Container, Argv: append(argv, secret.Words(after...)...), Judge: ops.Rebound},
		Verify: []string{"port"}, Timeout: 20 * time.Second, MayFail: harsherFollows,
		NoUndo: "no client is dropped, and the port belongs bound",
	}
}

func restartListeners(n regions.Node) []ops.Step {
	return []ops.Step{
		{
			Title: "Stop the listeners of " + n.Name, Node: n.Name, Drops: true,
			Do:     ops.Exec{Container: n.Container, Argv: secret.Words(vernemq.StopNode()...)},
			Verify: []string{"port"}, StopOnly: true, Timeout: 30 * time.Second,
			Undo: ops.Exec{Container: n.Container, Argv: secret.Words(vernemq.StartNode()...)},
		},
		{
			Title: "Start them again: they bind the cluster port", Node: n.Name,
			Do:     ops.Exec{Container: n.Container, Argv: secret.Words(vernemq.StartNode()...)},
			Verify: []string{"port"}, Timeout: 60 * time.Second, NoUndo: "the listeners belong open",
		},
	}
}

// proofs are the waits that end only when messages cross. The address was there
// before: without it the container is down or has been started again meanwhile,
// and nobody gives it back while this waits.
func proofs(n regions.Node, peers []string) []ops.Step {
	if len(peers) == 0 {
		return nil
	}
	wait := func(check, what string, timeout time.Duration) ops.Step {
		return ops.Step{
			Title: "Prove " + what, Node: n.Name, Among: peers,
			Do: ops.Wait{For: what}, Verify: []string{check}, GiveUp: []string{"container", "ip"}, Timeout: timeout,
		}
	}
	// Channels and messages are proven together: a connection whose far end died
	// with its host looks established until something is sent through it.
	through := wait("channel", "the data channels and an MQTT message, both ways", 90*time.Second)
	through.Verify = []string{"channel", "mqtt"}
	return []ops.Step{wait("cluster", "the node in every view", 60*time.Second), through}
}

// mustWords takes a builder's words. The fleet was validated, so a builder
// that refuses them is a bug and not the user's mistake.
func mustWords(argv []string, err error) []ops.Word {
	if err != nil {
		panic("a validated fleet made an invalid command: " + err.Error())
	}
	return secret.Words(argv...)
}
