package checks_test

import (
	"testing"
	"time"

	"vmqbot/checks"
	"vmqbot/conf"
	"vmqbot/facts"
	"vmqbot/gate"
	"vmqbot/regions"
	"vmqbot/secret"
)

func disks(of map[string]facts.Disk) func(*world) {
	return func(w *world) { w.fares("cn-1", func(v *facts.Vitals) { v.Disks = facts.Saw(of) }) }
}

func noVitals(b facts.Blind, why string) func(*world) {
	return func(w *world) {
		w.at("cn-1", func(n *facts.Node) { n.Vitals = facts.Missed[facts.Vitals](b, why) })
	}
}

func TestDisk(t *testing.T) {
	const gb, mb = 1 << 30, 1 << 20
	table(t, "disk", []row{
		{name: "there is room", verdict: fine, evidence: "60 GB of 100 GB free under /var/lib/docker on cn.example.net"},
		{name: "the fullest counts", broken: disks(map[string]facts.Disk{"/var/lib/docker": {Free: 60 * gb, Total: 100 * gb}, "/data": {Free: 100 * mb, Total: gb}}), verdict: wrong,
			evidence: "100 MB of 1.0 GB free under /data", effect: "can keep no message for clients that are away", byHand: "docker system df", row: "F31"},
		{name: "not yet full", broken: disks(map[string]facts.Disk{"/var/lib/docker": {Free: 4 * gb, Total: 100 * gb}}), verdict: wrong,
			evidence: "4.0 GB of 100 GB free", effect: "no message is lost yet", byHand: "make room on cn.example.net", row: "F31"},
		{name: "a twentieth is enough", broken: disks(map[string]facts.Disk{"/var/lib/docker": {Free: 5 * gb, Total: 100 * gb}}), verdict: fine, evidence: "5.0 GB of 100 GB"},
		{name: "little of much is plenty", broken: disks(map[string]facts.Disk{"/var/lib/docker": {Free: 10 * gb, Total: 4000 * gb}}), verdict: fine, evidence: "10 GB of 4000 GB"},
		{name: "a small disk that is not full", broken: disks(map[string]facts.Disk{"/data": {Free: 300 * mb, Total: 512 * mb}}), verdict: fine, evidence: "300 MB of 512 MB"},
		{name: "a disk without a size", broken: disks(map[string]facts.Disk{"/data": {}}), verdict: unknown, evidence: "has no size"},
		{name: "none was measured", broken: disks(nil), verdict: unknown, evidence: "no disk of cn.example.net was measured"},
		{name: "df hangs", broken: func(w *world) {
			w.fares("cn-1", func(v *facts.Vitals) {
				v.Disks = facts.Missed[map[string]facts.Disk](facts.TooLate, "the disk under /data does not answer.")
			})
		}, verdict: unknown, evidence: "the disk under /data does not answer"},
		{name: "nothing was read", broken: noVitals(facts.TooLate, "no answer in 5s"), verdict: unknown, evidence: "no answer in 5s"},
		{name: "the host is not seen", broken: func(w *world) { w.unsee("cn-1") }, verdict: unknown, evidence: "not checked: host is bad"},
	})
}

// TestAFullDiskIsLoud: an almost full one is not.
func TestAFullDiskIsLoud(t *testing.T) {
	for free, want := range map[int64]checks.Severity{255 << 20: checks.Critical, 256 << 20: checks.Warning} {
		w := healthy()
		disks(map[string]facts.Disk{"/": {Free: free, Total: 40 << 30}})(w)
		if o := checks.One(w.fleet, w.seen, w.node(t, "cn-1"), "disk"); o.Severity != want || o.Verdict != wrong {
			t.Errorf("%d bytes free: %s, %s", free, o.Verdict, o.Severity)
		}
	}
}

// restarted is a container that Docker started again.
func restarted(times int, ago time.Duration) func(*world) {
	return func(w *world) {
		w.container("cn-1", func(c *facts.Container) { c.RestartCount, c.StartedAt = times, now.Add(-ago) })
	}
}

// counts is a past in which Docker's count went like this, one look a minute.
func counts(restarts ...int) func(*world) {
	return func(w *world) {
		w.past("cn-1", len(restarts), time.Minute, func(i int, n *facts.Node) {
			change(&n.Container, func(c *facts.Container) { c.RestartCount = restarts[i] })
		})
	}
}

func TestDockerLoop(t *testing.T) {
	const effect = "clients cannot connect"
	table(t, "loop", []row{
		{name: "once, a moment ago", broken: restarted(1, time.Second), verdict: fine, evidence: "again once"},
		{name: "three times, a year ago", broken: restarted(3, time.Hour), verdict: fine, evidence: "again 3 times"},
		{name: "three times, the last a moment ago", broken: restarted(3, 20*time.Second), verdict: wrong, evidence: "again 3 times, last 20s ago", effect: effect, byHand: "logs cn-1", row: "F22"},
		{name: "and it was killed for lack of memory", broken: and(restarted(5, time.Second), func(w *world) {
			w.container("cn-1", func(c *facts.Container) { c.OOMKilled = true })
		}), verdict: wrong, evidence: "killed for lack of memory", effect: effect, byHand: "logs cn-1", row: "F22"},
		{name: "nobody knows the time", broken: and(restarted(9, 0), func(w *world) {
			w.at("cn-1", func(n *facts.Node) { change(&n.Host, func(h *facts.Host) { h.Clock = time.Time{} }) })
		}), verdict: fine, evidence: "again 9 times"},
		{name: "the watch saw the count stand still", broken: and(counts(7, 7, 7, 7, 7, 7, 7), restarted(7, time.Minute)), verdict: fine, evidence: "again 7 times"},
		{name: "the watch saw it climb", broken: counts(7, 7, 8, 8, 9, 9, 10), verdict: wrong, evidence: "again 3 times within 6m0s", effect: effect, byHand: "logs cn-1", row: "F22"},
		{name: "somebody started it anew in between", broken: counts(7, 8, 8, 0, 0, 1, 1), verdict: fine, evidence: "again once"},
		{name: "the watch has only begun", broken: and(counts(2, 3), restarted(3, time.Second)), verdict: wrong, evidence: "last 1s ago", effect: effect, byHand: "logs cn-1", row: "F22"},
	})
}

func TestOOM(t *testing.T) {
	killed := func(w *world) { w.container("cn-1", func(c *facts.Container) { c.OOMKilled = true }) }
	since := func(looks, from int) func(*world) {
		return func(w *world) {
			w.past("cn-1", looks, time.Minute, func(i int, n *facts.Node) {
				change(&n.Container, func(c *facts.Container) { c.OOMKilled = i >= from })
			})
		}
	}
	table(t, "oom", []row{
		{name: "none was killed", verdict: fine, evidence: "no process of vernemq-release-cn-1"},
		{name: "one was killed", broken: killed, verdict: wrong, evidence: "was killed for lack of memory", effect: "what it had not stored is lost", byHand: "docker stats vernemq-release-cn-1", row: "F30"},
		{name: "the watch saw it come", broken: since(100, 60), verdict: wrong, evidence: "was killed", effect: "lost", byHand: "free -m", row: "F30"},
		{name: "it was long ago", broken: since(100, 10), verdict: fine, evidence: "more than 1h29m0s ago"},
		{name: "the container is gone", broken: inState("exited", nil), verdict: unknown, evidence: "container is bad"},
	})
}

// hooked plans two webhooks, and says what calling them came to.
func hooked(first, second facts.Seen[facts.Dial]) func(*world) {
	return func(w *world) {
		w.plan("cn-1", func(n *regions.Node) {
			n.Conf = map[string]secret.Word{
				"vmq_webhooks.auth.endpoint":  secret.Plain("http://10.77.0.254:9999/auth"),
				"vmq_webhooks.sub.endpoint":   secret.Plain("http://10.77.0.254:9999/sub"),
				"vmq_webhooks.other.endpoint": secret.Hidden("https://user:pass@hooks.example.net/x"),
			}
		})
		w.fares("cn-1", func(v *facts.Vitals) {
			v.Hooks = map[string]facts.Seen[facts.Dial]{"10.77.0.254:9999": first, "hooks.example.net:443": second}
		})
	}
}

func TestWebhook(t *testing.T) {
	reached := facts.Saw(facts.Dial{Connected: true})
	refused := facts.Saw(facts.Dial{Says: "Connection refused."})
	nobody := facts.Missed[facts.Dial](facts.Failed, "nothing in it can call a port.")
	table(t, "webhook", []row{
		{name: "none is planned", verdict: fine, evidence: "plans no webhook"},
		{name: "both answer", broken: hooked(reached, reached), verdict: fine, evidence: "a connection to 10.77.0.254:9999, hooks.example.net:443"},
		{name: "one is gone", broken: hooked(refused, reached), verdict: wrong, evidence: "no connection to the webhook at 10.77.0.254:9999 (Connection refused)",
			effect: "where it is a login, no client can connect", byHand: "a restart of the broker does not help", row: "F28"},
		{name: "one is gone and one cannot be called", broken: hooked(refused, nobody), verdict: wrong, evidence: "9999", effect: "login", byHand: "cn.example.net", row: "F28"},
		{name: "nobody can call", broken: hooked(nobody, reached), verdict: unknown, evidence: "nothing in it can call a port"},
		{name: "nobody called", broken: func(w *world) {
			hooked(reached, reached)(w)
			w.fares("cn-1", func(v *facts.Vitals) { v.Hooks = nil })
		}, verdict: unknown, evidence: "not looked at"},
		{name: "nothing was read", broken: and(hooked(reached, reached), noVitals(facts.Down, "cut")), verdict: unknown, evidence: "cut"},
	})
}

// ours is a container that deploy made, with a file.
func ours(text func(string) string) func(*world) {
	return func(w *world) {
		w.container("cn-1", func(c *facts.Container) { c.Labels = map[string]string{gate.Label: "1"} })
		n, _ := w.fleet.Node("cn-1")
		was := conf.Render(n, conf.ParseVersion(n.Image)).Text().Reveal()
		w.fares("cn-1", func(v *facts.Vitals) { v.Conf = facts.Saw(secret.New(text(was))) })
	}
}

func TestConf(t *testing.T) {
	const effect = "may behave differently from the plan"
	table(t, "conf", []row{
		{name: "as planned", broken: ours(func(s string) string { return "# a comment more\n" + s }), verdict: fine, evidence: "says what the fleet file says"},
		{name: "made by hand", broken: func(w *world) {
			w.fares("cn-1", func(v *facts.Vitals) { v.Conf = facts.Saw(secret.New("nodename = x\n")) })
		}, verdict: fine, evidence: "not ours"},
		{name: "a key more, which is a secret", broken: ours(func(s string) string { return s + "distributed_cookie = hunter2\nmax_client_id_size = 100\n" }), verdict: wrong,
			evidence: "differs from the fleet file in distributed_cookie and 1 more", effect: effect, repair: "conf push cn-1"},
		{name: "unreadable for VerneMQ", broken: ours(func(string) string { return "no equals sign here\n" }), verdict: wrong, evidence: "cannot read", effect: effect, repair: "conf push cn-1"},
		{name: "gone", broken: and(ours(func(s string) string { return s }), func(w *world) {
			w.fares("cn-1", func(v *facts.Vitals) { v.Conf = facts.Missed[secret.Text](facts.Absent, "no such file") })
		}), verdict: wrong, evidence: "there is no vernemq.conf", effect: effect, repair: "conf push cn-1"},
		{name: "nobody may read it", broken: and(ours(func(s string) string { return s }), func(w *world) {
			w.fares("cn-1", func(v *facts.Vitals) { v.Conf = facts.Missed[secret.Text](facts.Failed, "permission denied.") })
		}), verdict: unknown, evidence: "permission denied"},
	})
}

func TestCert(t *testing.T) {
	shows := func(begins, ends time.Time) func(*world) {
		return func(w *world) {
			w.fares("cn-1", func(v *facts.Vitals) {
				v.Certs = map[string]facts.Seen[facts.Cert]{"listener.ssl.default": facts.Saw(facts.Cert{Subject: "CN=cn", Begins: begins, Ends: ends})}
			})
		}
	}
	misses := func(b facts.Blind, why string) func(*world) {
		return func(w *world) {
			w.fares("cn-1", func(v *facts.Vitals) {
				v.Certs = map[string]facts.Seen[facts.Cert]{"listener.ssl.default": facts.Missed[facts.Cert](b, why)}
			})
		}
	}
	day := 24 * time.Hour
	table(t, "cert", []row{
		{name: "none is planned", verdict: fine, evidence: "plans no TLS listener"},
		{name: "it lasts", broken: shows(now.Add(-day), now.Add(15*day)), verdict: fine, evidence: "listener.ssl.default ends on 2026-12-08"},
		{name: "it ends soon", broken: shows(now.Add(-day), now.Add(13*day+time.Hour)), verdict: wrong, evidence: "ends in 13 days", effect: "no client is refused yet", byHand: "renew it on cn.example.net"},
		{name: "it has ended", broken: shows(now.Add(-9*day), now.Add(-time.Second)), verdict: wrong, evidence: "ended on 2026-11-23", effect: "cannot connect", byHand: "restart cn-1"},
		{name: "it has not begun", broken: shows(now.Add(day), now.Add(90*day)), verdict: wrong, evidence: "begins on 2026-11-24 only", effect: "cannot connect", byHand: "renew"},
		{name: "nobody listens", broken: misses(facts.Down, "connection refused."), verdict: unknown, evidence: "connection refused"},
		{name: "it cannot be called", broken: misses(facts.Absent, "it listens on 127.0.0.1, where the host cannot call it."), verdict: fine, evidence: "cannot call it"},
	})
}
