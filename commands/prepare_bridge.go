package commands

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/dockerconf"
	"vmqbot/facts"
	"vmqbot/network"
	"vmqbot/ops"
	"vmqbot/regions"
)

// revertAfter is how long the host waits for the bot's word before it takes the
// change back: longer than Docker needs to restart with its containers.
const revertAfter = 10 * time.Minute

// restartTime leaves Docker time to come back: it waits for weave's plugin.
const restartTime = 3 * time.Minute

// rooms are networks that Docker may have, in the order in which they are tried.
var rooms = []string{
	"172.26.0.1/16", "172.27.0.1/16", "172.28.0.1/16", "172.29.0.1/16", "172.30.0.1/16", "172.31.0.1/16",
	"192.168.240.1/20", "192.168.224.1/20", "10.201.0.1/16", "10.202.0.1/16", "10.203.0.1/16",
}

// bridge moves Docker's own network out of the way of what the host must reach.
// moved says that it restarts Docker, with a daemon.json that is right altogether.
func (d *preparation) bridge(n regions.Node, setup facts.Setup) (moved bool, err error) {
	is := judge(d.w, n)
	switch o := is("bridge"); o.Verdict {
	case checks.OK:
		if setup.Armed {
			d.p.Steps = append(d.p.Steps, confirm(n)...)
		}
		return false, nil
	case checks.Unknown:
		d.p.Notes = append(d.p.Notes, n.Name+": whether Docker's network is in the way is not known: "+trim(o.Evidence))
		return false, nil
	case checks.Bad:
		d.p.Notes = append(d.p.Notes, n.Name+": "+trim(o.Evidence))
	}
	if !d.defaultClashes(n) {
		d.p.Notes = append(d.p.Notes, n.Name+": it is a network that somebody made: docker network rm, and make it anew; prepare moves Docker's own one only")
		return false, nil
	}
	c, sets, err := d.elsewhere(n, setup)
	if err != nil {
		return true, err
	}
	d.price(n, c, setup)
	return true, d.move(n, setup, c, sets)
}

// defaultClashes reports that docker0 itself is in the way.
func (d *preparation) defaultClashes(n regions.Node) bool {
	m, _ := d.w.Seen.Nodes[n.Name].Machine.Get()
	nets, _ := m.Networks.Get()
	return slices.ContainsFunc(nets, func(net facts.Network) bool {
		return net.Name == "bridge" && slices.ContainsFunc(net.Subnets, func(p netip.Prefix) bool { return len(checks.InTheWay(d.w.Fleet, d.w.Seen, n, p)) > 0 })
	})
}

// free reports a network that is in nobody's way: neither of this host, nor of
// what the other hosts route.
func (d *preparation) free(n regions.Node, p netip.Prefix) bool {
	m, _ := d.w.Seen.Nodes[n.Name].Machine.Get()
	nets, _ := m.Networks.Get()
	taken := slices.ContainsFunc(nets, func(net facts.Network) bool {
		return net.Name != "bridge" && slices.ContainsFunc(net.Subnets, p.Overlaps)
	}) ||
		slices.ContainsFunc(m.Routes, func(r facts.Route) bool { return r.Dev != "docker0" && r.To.Overlaps(p) })
	if taken || len(checks.InTheWay(d.w.Fleet, d.w.Seen, n, p)) > 0 {
		return false
	}
	for _, peer := range d.w.Fleet.OtherHosts(n) {
		m, _ := d.w.Seen.Nodes[peer.Name].Machine.Get()
		for _, r := range m.Routes {
			if !checks.Inner(r.Dev) && r.To.Overlaps(p) {
				return false
			}
		}
	}
	return true
}

// elsewhere is the daemon.json with another network, and what it sets.
func (d *preparation) elsewhere(n regions.Node, setup facts.Setup) (c dockerconf.Conf, sets string, err error) {
	c, flags, _ := checks.DaemonConf(setup)
	for _, key := range []string{"bip", "bridge", "default-address-pools", "live-restore"} {
		if _, set := flags[key]; set {
			return c, "", ops.Errorf(ops.Refused, "prepare "+n.Name, "%s: dockerd's command line sets %s, and Docker does not start when daemon.json sets it too. Take it out of the unit file, restart Docker in a window, then prepare again.", n.Name, key)
		}
	}
	var words []string
	var found []netip.Prefix
	for _, room := range rooms {
		if p := netip.MustParsePrefix(room); d.free(n, p.Masked()) {
			found = append(found, p)
		}
	}
	if own, err := netip.ParsePrefix(c.Text("bip")); err == nil && d.free(n, own.Masked()) {
		words = append(words, "bip "+own.String()+" (it is there and was not applied)")
	} else if len(found) > 1 {
		c, words = c.With("bip", found[0].String()), append(words, "bip "+found[0].String())
		found = found[1:]
	}
	if len(words) == 0 || len(found) == 0 {
		return c, "", ops.Errorf(ops.Refused, "prepare "+n.Name, "%s: every network that prepare knows for Docker (%s) is in somebody's way. Write bip and default-address-pools by hand.", n.Name, strings.Join(rooms, ", "))
	}
	if !c.Has("default-address-pools") {
		pool := found[0].Masked()
		c = c.With("default-address-pools", []map[string]any{{"base": pool.String(), "size": 24}})
		words = append(words, "default-address-pools "+pool.String()+" by 24")
	}
	if judge(d.w, n)("daemon").Verdict == checks.Bad {
		c, words = boundLogs(c), append(words, logWords)
	}
	return c, strings.Join(words, ", "), nil
}

// price says what a restart of Docker costs.
func (d *preparation) price(n regions.Node, c dockerconf.Conf, setup facts.Setup) {
	d.p.Notes = append(d.p.Notes, fmt.Sprintf("price: Docker on the host of %s restarts: every container there is away for some seconds and loses its weave address, MQTT clients of the broker reconnect, and nothing crosses to the other hosts until the router is back; do it in a window", n.Name))
	if c.True("live-restore") {
		d.p.Notes = append(d.p.Notes, n.Name+": live-restore would hide the change, so it is off for this restart, and on again afterwards")
	}
	if setup.Armed {
		d.p.Notes = append(d.p.Notes, n.Name+": an earlier change was not confirmed; what was before it is kept for taking back")
	}
	if n.SSH.Jump == "" && len(d.w.Fleet.Peers(n)) > 0 {
		d.p.Notes = append(d.p.Notes, fmt.Sprintf("%s: unless the bot confirms over a new connection within %s, the host takes the change back by itself", n.Name, revertAfter))
	}
}

// move is the change itself, from arming the host to messages that cross.
func (d *preparation) move(n regions.Node, setup facts.Setup, c dockerconf.Conf, sets string) error {
	live := c.True("live-restore")
	if live {
		c = c.With("live-restore", false)
		sets += ", live-restore false for now"
	}
	again, err := d.again(n)
	if err != nil {
		return err
	}
	write := writeConf(n, c, "Give Docker on the host of "+n.Name+" another network", sets)
	write.Verify = nil // a daemon.json that was right before is not what is meant
	write.Undo = ops.Script{Says: "take the change back as the host would, and restart Docker if it was restarted", Text: takeBack, Args: []string{ops.RevertDir, dockerconf.Path}}
	write.Restore = again
	d.p.Steps = append(d.p.Steps, arm(n, d.before(n, setup)), write, ops.Step{
		Title: "Restart Docker", Node: n.Name, Drops: true,
		Do:     ops.Script{Says: "restart Docker", Text: restartScript, Args: []string{ops.RevertDir}},
		Verify: []string{"bridge"}, Timeout: restartTime, NoUndo: "what undoes the step before restarts Docker again",
	})
	d.p.Steps = append(d.p.Steps, confirm(n)...)
	if live {
		d.p.Steps = append(d.p.Steps, writeConf(n, c.With("live-restore", true), "Turn live-restore on again", "live-restore true"), ops.Step{
			Title: "Have Docker read it", Node: n.Name, Do: ops.Script{Says: "have Docker read its daemon.json", Text: reloadScript},
			Timeout: time.Minute, NoUndo: "live-restore belongs on",
		})
	}
	d.p.Steps = append(d.p.Steps, again...)
	for _, m := range d.beside(n) {
		d.p.Steps = append(d.p.Steps, proofs(m, provable(d.p, d.r, d.w, m))...)
		d.p.Locks = with(d.p.Locks, m.Region)
	}
	return nil
}

// before is the daemon.json that is gone back to, "" for the one that is there. Where it
// names no bip it has the one of now: Docker keeps the last address of its bridge in a
// store of its own (libnetwork's local-kv.db; seen with Docker 20.10, which gives a bridge
// that was deleted the same address again), so without a bip the file would be what it
// was, and the network would not.
func (d *preparation) before(n regions.Node, setup facts.Setup) string {
	c, _, wrong := checks.DaemonConf(setup)
	if wrong != "" || c.Has("bip") {
		return ""
	}
	m, _ := d.w.Seen.Nodes[n.Name].Machine.Get()
	nets, _ := m.Networks.Get()
	for _, net := range nets {
		if net.Name == "bridge" && len(net.Subnets) > 0 {
			p := net.Subnets[0].Masked()
			return c.With("bip", netip.PrefixFrom(p.Addr().Next(), p.Bits()).String()).String()
		}
	}
	return ""
}

// beside are the nodes on a host whose containers are there.
func (d *preparation) beside(n regions.Node) (nodes []regions.Node) {
	for _, m := range d.w.Fleet.Nodes() {
		if m.Beside(n) && d.w.Seen.Nodes[m.Name].Container.OK() {
			nodes = append(nodes, m)
		}
	}
	return nodes
}

// again is what makes a host serve again after its Docker restarted: the router,
// then each container with its address, its broker and its port.
func (d *preparation) again(n regions.Node) (steps []ops.Step, err error) {
	report, answers := d.w.Seen.Nodes[n.Name].Weave.Get()
	wait := ops.Step{
		Title: "Wait for the router of " + n.Name, Node: n.Name,
		Do: ops.Wait{For: "weave to be ready"}, Verify: []string{"router"}, Timeout: launchTime,
	}
	switch {
	case answers && report.DNS != nil: // F16: it will never come back as it was launched
		driver, err := network.Of(d.w.Fleet)
		if err != nil {
			return nil, err
		}
		if steps, err = relaunchSteps(driver, launched(d.w), d.w, n); err != nil {
			return nil, err
		}
	case answers:
		steps = append(steps, wait)
	}
	for _, m := range d.beside(n) {
		c, _ := d.w.Seen.Nodes[m.Name].Container.Get()
		steps = append(steps, startContainer(m))
		if !answers {
			continue
		}
		steps = append(steps, attach(d.w, m))
		if _, gated := c.Labels["vmqbot.gate"]; !gated {
			steps = append(steps, startBroker(m))
		}
		steps = append(steps, bind(d.r, d.w, m)...)
	}
	return steps, nil
}
