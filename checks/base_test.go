package checks_test

import (
	"testing"
	"time"

	"vmqbot/facts"
	"vmqbot/regions"
)

func missHost(b facts.Blind, why string) func(*world) {
	return func(w *world) { w.blind("cn-1", b, why) }
}

func TestHost(t *testing.T) {
	const unseen = "cn cannot be seen from here"
	table(t, "host", []row{
		{name: "it answers", verdict: fine, evidence: "cn.example.net answers in 30ms"},
		{name: "no route to it", broken: missHost(facts.Unreachable, "no route to host"), verdict: wrong,
			evidence: "ssh to cn.example.net: no route to host", effect: unseen, byHand: "nothing is done to a host that cannot be seen"},
		{name: "it accepts the connection and says nothing", broken: missHost(facts.TooLate, "no answer in 10s."), verdict: wrong,
			evidence: "no answer in 10s", effect: unseen, byHand: "up and reachable"},
		{name: "it shows another key", broken: missHost(facts.BadHostKey, "the key is not the one in known_hosts"), verdict: wrong,
			evidence: "the key is not the one", effect: unseen, byHand: "find out why the key of cn.example.net changed before you trust it"},
		{name: "nobody ever trusted its key", broken: missHost(facts.NewHostKey, "known_hosts does not name it"), verdict: wrong,
			evidence: "known_hosts does not name it", effect: unseen, byHand: "add it to known_hosts"},
		{name: "it lets nobody in", broken: missHost(facts.LoginDenied, "no key accepted"), verdict: wrong,
			evidence: "no key accepted", effect: unseen, byHand: "authorized_keys of ops on cn.example.net"},
		{name: "the key file on our side is broken", broken: missHost(facts.Failed, "id_ed25519 is no key"), verdict: unknown, evidence: "id_ed25519 is no key"},
		{name: "it was not looked at", broken: func(w *world) { delete(w.seen.Nodes, "cn-1") }, verdict: unknown, evidence: "not looked at"},
	})
}

func missDocker(b facts.Blind, why string) func(*world) {
	return func(w *world) {
		w.at("cn-1", func(n *facts.Node) { n.Docker = facts.Missed[facts.Docker](b, why) })
	}
}

func TestDocker(t *testing.T) {
	table(t, "docker", []row{
		{name: "it answers", verdict: fine, evidence: "Docker 20.10.24 answers"},
		{name: "it is stopped", broken: missDocker(facts.Down, "connection refused"), verdict: wrong,
			evidence: "Docker on cn.example.net does not answer: connection refused", effect: "has lost its weave address", byHand: "systemctl start docker, then reattach cn-1"},
		{name: "it hangs", broken: missDocker(facts.TooLate, "no answer in 10s"), verdict: wrong,
			evidence: "no answer in 10s", effect: "nothing can be repaired", byHand: "journalctl -u docker"},
		{name: "we may not ask it", broken: missDocker(facts.Denied, "permission denied"), verdict: unknown, evidence: "add user ops to the group docker"},
		{name: "its answer is garbled", broken: missDocker(facts.Unreadable, "unexpected EOF"), verdict: unknown, evidence: "unexpected EOF"},
		{name: "the host is not seen", broken: func(w *world) { w.unsee("cn-1") }, verdict: unknown, evidence: "not checked: host is bad"},
	})
}

func inState(state string, edit func(*facts.Container)) func(*world) {
	return func(w *world) {
		w.container("cn-1", func(c *facts.Container) {
			c.State, c.Running, c.PID = state, false, 0
			if edit != nil {
				edit(c)
			}
		})
	}
}

func TestContainer(t *testing.T) {
	const refuse = "clients cannot connect to cn-1"
	table(t, "container", []row{
		{name: "it runs", verdict: fine, evidence: "vernemq-release-cn-1 is up since 2026-11-23 13:00:00 UTC"},
		{name: "it runs, and Docker restarted it", broken: func(w *world) {
			w.container("cn-1", func(c *facts.Container) { c.RestartCount = 3 })
		}, verdict: fine, evidence: "restarted 3 times by Docker"},
		{name: "it runs, and one of its processes was killed", broken: func(w *world) {
			w.container("cn-1", func(c *facts.Container) { c.OOMKilled = true })
		}, verdict: fine, evidence: "killed for lack of memory"},
		{name: "it ended", broken: inState("exited", func(c *facts.Container) { c.ExitCode = 143 }), verdict: wrong,
			evidence: "vernemq-release-cn-1 is exited, exit 143", effect: refuse, repair: "reattach cn-1 --start"},
		{name: "it was killed for lack of memory", broken: inState("exited", func(c *facts.Container) { c.ExitCode, c.OOMKilled = 137, true }), verdict: wrong,
			evidence: "exit 137, a process in it was killed for lack of memory", effect: refuse, repair: "reattach cn-1 --start"},
		{name: "it was never started", broken: inState("created", nil), verdict: wrong, evidence: "is created", effect: refuse, repair: "reattach cn-1 --start"},
		{name: "it starts again and again", broken: inState("restarting", func(c *facts.Container) {
			c.Running, c.RestartCount, c.ExitCode = true, 12, 1
		}), verdict: wrong, evidence: "does not stay up: started 12 times, last exit 1", effect: refuse, byHand: "logs cn-1"},
		{name: "it is paused", broken: inState("paused", func(c *facts.Container) { c.Running, c.PID = true, 1000 }), verdict: wrong,
			evidence: "is paused", effect: refuse, byHand: "docker unpause vernemq-release-cn-1 on cn.example.net"},
		{name: "Docker cannot remove it", broken: inState("dead", nil), verdict: wrong, evidence: "is dead", effect: refuse, byHand: "docker rm -f"},
		{name: "there is none", broken: func(w *world) {
			w.at("cn-1", func(n *facts.Node) { n.Container = facts.Missed[facts.Container](facts.Absent, "no such container") })
		}, verdict: wrong, evidence: "want container vernemq-release-cn-1 running, there is none", effect: refuse, repair: "deploy cn-1"},
		{name: "its description is garbled", broken: func(w *world) {
			w.at("cn-1", func(n *facts.Node) {
				n.Container = facts.Missed[facts.Container](facts.Unreadable, "unexpected end of JSON")
			})
		}, verdict: unknown, evidence: "unexpected end of JSON"},
		{name: "its description is empty", broken: inState("", nil), verdict: unknown, evidence: "not known here"},
		{name: "it runs without a process", broken: inState("running", func(c *facts.Container) { c.Running = true }), verdict: unknown, evidence: "names no process"},
		{name: "a state of a Docker to come", broken: inState("hibernating", nil), verdict: unknown, evidence: `"hibernating"`},
		{name: "no container is planned", broken: func(w *world) { w.plan("cn-1", func(n *regions.Node) { n.Container = "" }) }, verdict: unknown, evidence: "names no container"},
		{name: "Docker does not answer", broken: missDocker(facts.Down, ""), verdict: unknown, evidence: "not checked: docker is bad"},
	})
}

func clockAt(d time.Duration) func(*world) {
	return func(w *world) {
		w.at("cn-1", func(n *facts.Node) { change(&n.Host, func(h *facts.Host) { h.Clock = now.Add(d) }) })
	}
}

func TestClock(t *testing.T) {
	table(t, "clock", []row{
		{name: "it agrees", verdict: fine, evidence: "within 5s"},
		{name: "it is 5 s off, which the look's own time explains", broken: clockAt(5*time.Second + 50*time.Millisecond), verdict: fine, evidence: "within 5s"},
		{name: "it is ahead", broken: clockAt(6 * time.Second), verdict: wrong, evidence: "is 6s ahead of ours", effect: "no message is lost by it", byHand: "chronyc makestep", row: "F35"},
		{name: "it is behind", broken: clockAt(-3 * time.Hour), verdict: wrong, evidence: "is 3h0m0s behind ours", effect: "TLS logins may fail", byHand: "chronyc", row: "F35"},
		{name: "it was not read", broken: func(w *world) {
			w.at("cn-1", func(n *facts.Node) { n.Host = facts.Saw(facts.Host{RTT: time.Millisecond}) })
		}, verdict: unknown, evidence: "was not read"},
		{name: "our own is not known", broken: func(w *world) { w.seen.At = time.Time{} }, verdict: unknown, evidence: "was not read"},
	})
}

func TestVeth(t *testing.T) {
	table(t, "veth", []row{
		{name: "none is left over", verdict: fine, evidence: "no interface of a dead container"},
		{name: "Docker was killed and left one", broken: func(w *world) {
			w.at("cn-1", func(n *facts.Node) {
				change(&n.Host, func(h *facts.Host) { h.StaleVeths = []string{"vethwepl4711", "vethwepl4712"} })
			})
		}, verdict: wrong, evidence: "vethwepl4711, vethwepl4712 on cn.example.net", effect: "may exist twice", byHand: "ip link delete vethwepl4711"},
		{name: "the host is not seen", broken: func(w *world) { w.unsee("cn-1") }, verdict: unknown, evidence: "not checked: host is bad"},
	})
}
