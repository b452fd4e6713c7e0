package sim

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"vmqbot/lab/world"
)

// start switches everything on and makes the nodes one cluster.
func (f *Fleet) start(ctx context.Context) error {
	began := time.Now()
	if err := each(ctx, f.hosts, func(ctx context.Context, h *host) error { return h.boot(ctx) }); err != nil {
		return err
	}
	if f.o.Bare {
		return nil
	}
	if err := f.heal(ctx); err != nil {
		return err
	}
	if n := len(f.regions()); n > fewNodes {
		f.said("%d nodes, each a broker of its own, after %.1f s", n, time.Since(began).Seconds())
		return nil
	}
	f.said("every node sees all others after %.1f s", time.Since(began).Seconds())
	return nil
}

// heal does what is missing, all hosts at once, then joins the nodes.
func (f *Fleet) heal(ctx context.Context) error {
	if err := each(ctx, f.regions(), f.launch); err != nil {
		return err
	}
	if err := each(ctx, f.regions(), f.broker); err != nil {
		return err
	}
	return f.cluster(ctx, f.regions())
}

// launch starts weave on a host, with all others as peers; in a large fleet
// with a few, so that its price grows with the hosts and not with their pairs.
func (f *Fleet) launch(ctx context.Context, h *host) error {
	if c, ok := h.engine.Find("weave"); ok && c.Running() {
		return nil
	}
	argv := []string{"weave", "launch", "--no-dns"}
	peers := f.regions()
	if len(peers) > fewNodes {
		argv = append(argv, "--no-discovery")
		peers = peers[:1]
	}
	for _, p := range peers {
		if p != h {
			argv = append(argv, p.site.IP.String())
		}
	}
	return h.do(ctx, argv...)
}

// fewNodes is up to how many nodes all are joined with all.
const fewNodes = 12

// broker makes the host's broker run as a person of the runbook makes it: with
// its three folders on the host, its address, and its cluster port.
func (f *Fleet) broker(ctx context.Context, h *host) error {
	if err := h.writeConf(); err != nil {
		return err
	}
	for _, argv := range [][]string{brokerRun(h.site), attachArgs(h.site)} {
		if err := h.do(ctx, argv...); err != nil {
			return err
		}
	}
	return f.bind(ctx, h)
}

// brokerRun creates the container as the lab does.
func brokerRun(s Site) []string {
	return []string{"docker", "run", "--detach", "--name", s.Container, "--hostname", s.Container, "--restart", "unless-stopped",
		"--publish", "1883:1883", "--publish", "1889:1889", "--publish", "1900:1900",
		"--volume", world.ConfDir + ":/etc/vernemq", "--volume", world.LogDir + ":/var/log/vernemq", "--volume", world.DataDir + ":/var/lib/vernemq", world.BrokerImage}
}

func attachArgs(s Site) []string {
	return []string{"weave", "attach", s.Address.String(), s.Container}
}

// bind waits until the broker listens for clients, which is the end of its
// start, and restarts it inside its container when it was there before its
// address.
func (f *Fleet) bind(ctx context.Context, h *host) error {
	up := func() bool { return h.listens("0.0.0.0:1883") }
	if err := f.until(ctx, h.site.Node+" listens for clients", up); err != nil {
		return err
	}
	cluster := h.site.Address.Addr().String() + ":44053"
	if h.listens(cluster) {
		return nil
	}
	if err := h.do(ctx, "docker", "exec", h.site.Container, "vernemq", "restart"); err != nil {
		return err
	}
	return f.until(ctx, h.site.Node+" has its cluster port", func() bool { return h.listens(cluster) })
}

// listens reports whether something in the broker's container listens there.
func (h *host) listens(address string) bool {
	c, ok := h.engine.Find(h.site.Container)
	if !ok || c.Space() == nil {
		return false
	}
	return c.Space().Listens(address)
}

// cluster joins the nodes to the first one and returns when each sees all.
func (f *Fleet) cluster(ctx context.Context, hosts []*host) error {
	if len(hosts) > fewNodes {
		return nil
	}
	for _, h := range hosts[1:] {
		var refused error
		err := f.until(ctx, h.site.Node+" joins "+hosts[0].site.Node, func() bool {
			refused = f.join(ctx, h, hosts[0])
			return refused == nil
		})
		if err != nil {
			return fmt.Errorf("%s: %w: %w", h.site.Name, err, refused)
		}
	}
	return each(ctx, hosts, func(ctx context.Context, h *host) error {
		return f.until(ctx, fmt.Sprintf("%s sees %d running nodes and dials the others", h.site.Node, len(hosts)), func() bool {
			return h.dials() == len(hosts)-1 && strings.Count(f.view(ctx, h), `"Running":true`) == len(hosts)
		})
	})
}

// join makes a node a member of another's cluster, where it is none yet. On a busy
// machine a broker that listens may still lack its commands, or its peer's answer.
func (f *Fleet) join(ctx context.Context, h, to *host) error {
	if strings.Contains(f.view(ctx, h), to.site.NodeName()) {
		return nil
	}
	out, err := h.ask(ctx, "docker", "exec", h.site.Container, "vmq-admin", "cluster", "join", "discovery-node="+to.site.NodeName())
	if err == nil && !strings.Contains(out, "Done") { // an old vmq-admin refuses with exit status 0
		err = fmt.Errorf("join said %q", out)
	}
	return err
}

// view is what a node says of its cluster; "" when it says nothing.
func (f *Fleet) view(ctx context.Context, h *host) string {
	out, err := h.ask(ctx, "docker", "exec", h.site.Container, "vmq-admin", "cluster", "show", "--format=json")
	if err != nil {
		return ""
	}
	return out
}

// dials is to how many other cluster ports the broker has a connection.
func (h *host) dials() int {
	c, ok := h.engine.Find(h.site.Container)
	if !ok || c.Space() == nil {
		return 0
	}
	n := 0
	for line := range strings.Lines(c.Space().TCP()) {
		fields := strings.Fields(line)
		if len(fields) > 3 && strings.HasSuffix(fields[2], ":AC15") && fields[3] == "01" {
			n++
		}
	}
	return n
}

// until waits for something that a machine does by itself.
func (f *Fleet) until(ctx context.Context, what string, ok func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(max(time.Duration(f.o.Pace*f.haste()*float64(100*time.Millisecond)), 5*time.Millisecond))
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("waited until %s: %w", what, ctx.Err())
		}
	}
	return nil
}

// do runs a program on the host that must succeed.
func (h *host) do(ctx context.Context, argv ...string) error {
	_, err := h.ask(ctx, argv...)
	return err
}

// ask runs a program on the host that must succeed, and returns what it printed.
func (h *host) ask(ctx context.Context, argv ...string) (string, error) {
	var out, said bytes.Buffer
	exit, err := h.run(ctx, Streams{Out: &out, Err: &said}, argv...)
	if err == nil && exit != 0 {
		err = fmt.Errorf("%q: exit status %d: %s%s", argv, exit, out.String(), said.String())
	}
	return out.String(), err
}
