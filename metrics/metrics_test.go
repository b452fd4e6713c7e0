package metrics_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/metrics"
	"vmqbot/ops"
	"vmqbot/regions"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func fleet(t *testing.T) *regions.Fleet {
	t.Helper()
	f, err := regions.Load("example.yaml", []byte(regions.Example), func(_, ref string) (string, error) { return "value-of-" + ref, nil })
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func fresh(t *testing.T) (*metrics.Metrics, *regions.Fleet) {
	f := fleet(t)
	return metrics.New(f, metrics.Build{Version: "v1", Revision: "abc", Go: "go1.26"}), f
}

// look is what the watch tells of one look at what was seen.
func look(f *regions.Fleet, seen facts.Fleet, before alerts.Book, why string, at time.Time) ops.Looked {
	around := alerts.Look{Fleet: f, Found: checks.Judge(f, seen, f.Nodes()), Around: alerts.Around{Busy: map[string]string{}}, Busy: map[string]bool{}, Asked: map[string]bool{}, Now: at}
	after, _, _ := alerts.Turn(before, around)
	return ops.Looked{Why: why, Begun: at, Took: 200 * time.Millisecond, Fleet: f, Seen: seen, Found: around.Found, Before: before, After: after, Gates: after.Gates(around), Locked: map[string]bool{"cn": true}}
}

// page holds the page against lines that it must have, and prefixes that no
// line may have.
func page(t *testing.T, m *metrics.Metrics, wants, never []string) {
	t.Helper()
	r := httptest.NewRecorder()
	m.Handler().ServeHTTP(r, httptest.NewRequest("GET", "/metrics", nil))
	lines := strings.Split(r.Body.String(), "\n")
	has := map[string]bool{}
	for _, l := range lines {
		has[l] = true
		for _, n := range never {
			if strings.HasPrefix(l, n) {
				t.Errorf("the page has %s", l)
			}
		}
	}
	for _, w := range wants {
		if !has[w] {
			name, _, _ := strings.Cut(w, "{")
			var near []string
			for _, l := range lines {
				if strings.HasPrefix(l, name) && !strings.HasSuffix(l, " 0") {
					near = append(near, l)
				}
			}
			t.Errorf("the page lacks %s; it has\n%s", w, strings.Join(near, "\n"))
		}
	}
}

// TestTheNamesAreAsPrometheusWantsThem, with every series there.
func TestTheNamesAreAsPrometheusWantsThem(t *testing.T) {
	m, f := fresh(t)
	seen := factstest.Healthy(f)
	m.Looked(look(f, seen, alerts.Book{}, ops.WhySweep, noon))
	m.Spoke(ops.Spoke{Door: "pager", Op: "page", Err: errors.New("x"), GaveUp: true})
	m.Spoke(ops.Spoke{Door: "deadman", Op: ops.OpPing})
	m.Healed(ops.Healed{Order: alerts.Order{Alert: alerts.ID{Key: alerts.Key{Check: "ip", Region: "cn"}}}})
	m.Noticed(ops.Noticed{Notice: ops.StreamUp, Region: "cn", Node: "cn-1"})
	m.Noticed(ops.Noticed{Notice: ops.Hinted, Region: "cn", Node: "cn-1", What: "start"})
	m.Slack(nil, func() bool { return true })
	m.Dialed("", nil)
	problems, err := testutil.GatherAndLint(m.Gatherer())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	families, err := m.Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, fam := range families {
		there[fam.GetName()] = true
	}
	for _, name := range promised {
		if !there["vmqbot_"+name] {
			t.Errorf("vmqbot_%s is not there: rules and dashboards that ask for it would be silent", name)
		}
		delete(there, "vmqbot_"+name)
	}
	for name := range there {
		if strings.HasPrefix(name, "vmqbot_") {
			t.Errorf("%s is promised nowhere: name it in the test, so that it cannot vanish", name)
		}
	}
}

// promised are the names that rules, dashboards and people go by.
var promised = strings.Fields(`
	build_info check_runs_total check_last_run_timestamp_seconds check_ok link_rtt_seconds link_loss_ratio
	sweep_duration_seconds sweeps_skipped_total alerts alerts_suppressed alerts_flapping alert_transitions_total
	alert_detection_seconds notifications_total notifications_failed_total notification_latency_seconds outbox_messages
	heals_total heals_refused_total operations_total operation_duration_seconds operations_running region_locked
	approvals_total approval_wait_seconds silences docker_events_total docker_stream_up docker_stream_reconnects_total
	ssh_up ssh_dials_total slack_connected config_last_reload_successful
	config_last_reload_success_timestamp_seconds deadman_last_success_timestamp_seconds watching looks_unkept_total
	heal_duration_seconds sweep_last_timestamp_seconds notifications_dropped_total link_message_seconds
`)

// TestALostAddressInNumbers from the first look to its end.
func TestALostAddressInNumbers(t *testing.T) {
	m, f := fresh(t)
	good, bad := factstest.Healthy(f), factstest.Healthy(f)
	factstest.Restarted(&bad, f, "cn-1")
	page(t, m, []string{
		`vmqbot_heals_total{check="ip",region="cn",result="ok"} 0`, `vmqbot_outbox_messages{integration="pager"} 0`,
		`vmqbot_docker_events_total{action="die",region="eu"} 0`, `vmqbot_heals_refused_total{check="ip",reason="storm",region="cn"} 0`,
	}, []string{`vmqbot_check_ok{`, `vmqbot_link_`})
	l := look(f, good, alerts.Book{}, ops.WhySweep, noon)
	m.Looked(l)
	page(t, m, []string{
		`vmqbot_check_ok{check="ip",node="cn-1",region="cn"} 1`, `vmqbot_ssh_up{node="cn-1",region="cn"} 1`, `vmqbot_region_locked{region="cn"} 1`,
		`vmqbot_sweep_last_timestamp_seconds 1.7954352002e+09`, `vmqbot_check_runs_total{check="ip",region="cn",verdict="ok"} 1`,
	}, nil)
	at := noon
	for i := range 2 {
		at = at.Add(time.Second)
		why := "start of vernemq-release-cn-1"
		if i == 1 {
			why = "doubt"
		}
		l = look(f, bad, l.After, why, at)
		m.Looked(l)
	}
	page(t, m, []string{
		`vmqbot_check_ok{check="ip",node="cn-1",region="cn"} 0`, `vmqbot_alerts{check="ip",phase="healing",region="cn"} 1`,
		`vmqbot_alert_transitions_total{check="ip",region="cn",to="suspect"} 1`,
		`vmqbot_alert_detection_seconds_count{check="ip",lane="event"} 1`, `vmqbot_alert_detection_seconds_sum{check="ip",lane="event"} 1`,
		`vmqbot_check_ok{check="host",node="cn-1",region="cn"} 1`,
	}, []string{`vmqbot_check_ok{check="port",node="cn-1"`}) // it cannot be judged without the address
	m.Healed(ops.Healed{Order: alerts.Order{Alert: alerts.ID{Key: alerts.Key{Check: "ip", Region: "cn", Node: "cn-1"}}}, Took: 2 * time.Second})
	l.After = l.After.Ended("cn-1", "4f2a91", "", at)
	for range 8 {
		at = at.Add(15 * time.Second)
		l = look(f, good, l.After, ops.WhySweep, at)
		m.Looked(l)
	}
	page(t, m, []string{
		`vmqbot_heals_total{check="ip",region="cn",result="ok"} 1`, `vmqbot_alerts{check="ip",phase="healing",region="cn"} 0`,
		`vmqbot_alerts{check="ip",phase="resolved",region="cn"} 1`, `vmqbot_check_ok{check="port",node="cn-1",region="cn"} 1`,
	}, nil)
}

// TestWhatCannotBeSeenHasNoSeries: neither right nor wrong.
func TestWhatCannotBeSeenHasNoSeries(t *testing.T) {
	m, f := fresh(t)
	good, dead := factstest.Healthy(f), factstest.Healthy(f)
	good.Crossings = []facts.Crossing{{From: "cn-1", To: "sg-1", Delivered: facts.Saw(30 * time.Millisecond)}}
	good.Pings = []facts.Ping{{From: "cn-1", To: "sg-1", Echo: facts.Saw(facts.Echo{Sent: 3, Received: 2, Avg: 40 * time.Millisecond})}}
	factstest.Dead(&dead, "eu-1")
	dead.Crossings = []facts.Crossing{{From: "cn-1", To: "sg-1", Delivered: facts.Missed[time.Duration](facts.TooLate, "5 s")}}
	dead.Pings = []facts.Ping{{From: "cn-1", To: "sg-1", Echo: facts.Saw(facts.Echo{Sent: 3})}}
	l := look(f, good, alerts.Book{}, ops.WhySweep, noon)
	m.Looked(l)
	page(t, m, []string{
		`vmqbot_link_message_seconds{from="cn-1",to="sg-1"} 0.03`, `vmqbot_link_rtt_seconds{from="cn-1",to="sg-1"} 0.04`,
		`vmqbot_link_loss_ratio{from="cn-1",to="sg-1"} 0.3333333333333333`,
	}, nil)
	m.Looked(look(f, dead, l.After, ops.WhySweep, noon.Add(time.Minute)))
	page(t, m, []string{
		`vmqbot_check_ok{check="host",node="eu-1",region="eu"} 0`, `vmqbot_ssh_up{node="eu-1",region="eu"} 0`, `vmqbot_link_loss_ratio{from="cn-1",to="sg-1"} 1`,
		`vmqbot_check_runs_total{check="ip",region="eu",verdict="unknown"} 1`,
	}, []string{`vmqbot_check_ok{check="ip",node="eu-1"`, `vmqbot_link_message_seconds{`, `vmqbot_link_rtt_seconds{`})
}

// TestALookThatWasNotKeptMovesNothing but what it saw.
func TestALookThatWasNotKeptMovesNothing(t *testing.T) {
	m, f := fresh(t)
	bad := factstest.Healthy(f)
	factstest.Restarted(&bad, f, "cn-1")
	l := look(f, bad, alerts.Book{}, ops.WhySweep, noon)
	l.After, l.Err = l.Before, errors.New("the disk is full")
	m.Looked(l)
	page(t, m, []string{
		`vmqbot_looks_unkept_total 1`, `vmqbot_check_ok{check="ip",node="cn-1",region="cn"} 0`, `vmqbot_alerts{check="ip",phase="suspect",region="cn"} 0`,
		`vmqbot_sweep_last_timestamp_seconds 0`,
	}, nil)
}

// TestWhatWasToldInNumbers: each door by itself.
func TestWhatWasToldInNumbers(t *testing.T) {
	m, f := fresh(t)
	m.Spoke(ops.Spoke{Door: "speech", Op: "post", Took: time.Second})
	m.Spoke(ops.Spoke{Door: "pager", Op: "page", Waiting: 3, Err: ops.Errorf(ops.Refused, "", "no")})
	m.Spoke(ops.Spoke{Door: "tickets", Op: "post", Waiting: 1, Err: ops.Errorf(ops.Unseen, "", "away")})
	m.Spoke(ops.Spoke{Door: "tickets", Op: "post", Err: ops.Errorf(ops.Refused, "", "no"), GaveUp: true})
	m.Noticed(ops.Noticed{Notice: ops.Watching})
	m.Noticed(ops.Noticed{Notice: ops.SweepSkipped})
	page(t, m, []string{
		`vmqbot_notifications_total{integration="speech",op="post"} 1`, `vmqbot_notification_latency_seconds_sum{integration="speech"} 1`,
		`vmqbot_notifications_failed_total{integration="pager",reason="refused"} 1`, `vmqbot_outbox_messages{integration="pager"} 3`,
		`vmqbot_notifications_failed_total{integration="tickets",reason="unreachable"} 1`, `vmqbot_outbox_messages{integration="tickets"} 0`,
		`vmqbot_notifications_dropped_total{integration="tickets"} 1`, `vmqbot_notifications_dropped_total{integration="pager"} 0`,
		`vmqbot_outbox_messages{integration="speech"} 0`, `vmqbot_watching 1`, `vmqbot_sweeps_skipped_total 1`, `vmqbot_deadman_last_success_timestamp_seconds 0`,
	}, nil)
	// A file that names less leaves no series of what is gone.
	m.Refused()
	page(t, m, []string{`vmqbot_config_last_reload_successful 0`}, nil)
	f.Regions = f.Regions[:3]
	m.Loaded(f)
	page(t, m, []string{`vmqbot_config_last_reload_successful 1`, `vmqbot_region_locked{region="cn"} 0`}, []string{`vmqbot_region_locked{region="eu"}`, `vmqbot_alerts{check="ip",phase="firing",region="eu"}`})
}
