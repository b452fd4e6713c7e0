package metrics

import (
	"net/http"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/regions"
)

// Build is what this program is.
type Build struct{ Version, Revision, Go string }

// Metrics counts what a watch does.
type Metrics struct {
	registry *prometheus.Registry
	series

	mu      sync.Mutex
	lanes   map[alerts.Key]string // by what the doubt of an alert began: "sweep" or "event"
	running map[string][]string   // operations by their identity, and the regions that they hold
	over    []string              // approvals that were counted, oldest first
}

var _ ops.Witness = (*Metrics)(nil)

// New counts for one fleet. Every series whose labels are known beforehand is
// there from the beginning, at 0, so that its first increase is one.
func New(f *regions.Fleet, b Build) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), series: newSeries(), lanes: map[alerts.Key]string{}, running: map[string][]string{}}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.registry.MustRegister(m.all()...)
	m.build.WithLabelValues(b.Version, b.Revision, b.Go).Set(1)
	m.Loaded(f)
	return m
}

// Handler is the page.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, MaxRequestsInFlight: 4})
}

// Gatherer is for tests and for a page of one's own.
func (m *Metrics) Gatherer() prometheus.Gatherer { return m.registry }

// Loaded notes that a fleet file was read and is in force from now on: what the
// one before named and this one does not is no series any more.
func (m *Metrics) Loaded(f *regions.Fleet) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v := range []interface{ Reset() }{m.checkOK, m.lastRun, m.alerts, m.flapping, m.locked, m.crossing, m.rtt, m.loss, m.streamUp, m.sshUp} {
		v.Reset()
	}
	m.reloadOK.Set(1)
	m.reloadAt.SetToCurrentTime()
	m.begin(f)
}

// Refused notes that a fleet file was wrong, and the one before kept.
func (m *Metrics) Refused() { m.reloadOK.Set(0) }

// begin sets every series to 0 whose labels are known.
func (m *Metrics) begin(f *regions.Fleet) {
	for _, r := range f.Regions {
		for _, check := range checksIn(r.Name) {
			m.beginCheck(check, r.Name)
			for _, word := range refusalWords {
				if alerts.ModeOf(check, f.Checks.Heal) == alerts.Auto {
					m.healsRefused.WithLabelValues(check, r.Name, word)
				}
			}
		}
		for _, action := range actions {
			m.events.WithLabelValues(r.Name, action)
		}
		m.locked.WithLabelValues(r.Name).Set(0)
	}
	m.beginCheck(alerts.Self, alerts.Self)
	m.beginDeeds(f)
	for _, why := range mutes {
		m.suppressed.WithLabelValues(string(why)).Set(0)
	}
	for _, lane := range []string{laneSweep, laneEvent} {
		m.sweepTook.WithLabelValues(lane)
	}
	for _, state := range []string{"active", "expired"} {
		m.silences.WithLabelValues(state).Set(0)
	}
	doors := []string{regions.Speech}
	for _, c := range f.Receivers {
		doors = append(doors, c.Name)
	}
	for _, d := range doors {
		m.beginDoor(d, alerts.Post, alerts.Update, alerts.Thread, alerts.Page, alerts.StopPage, ops.OpRefresh)
	}
	if f.Deadman.Any() {
		m.beginDoor(deadman, ops.OpPing)
		m.deadman.WithLabelValues()
	}
}

func (m *Metrics) beginDoor(door string, of ...alerts.Op) {
	for _, op := range of {
		m.notifications.WithLabelValues(door, string(op))
	}
	for _, reason := range reasons {
		m.failed.WithLabelValues(door, reason)
	}
	m.dropped.WithLabelValues(door)
	m.latency.WithLabelValues(door)
	m.outbox.WithLabelValues(door)
}

func (m *Metrics) beginCheck(check, region string) {
	for _, v := range []checks.Verdict{checks.OK, checks.Bad, checks.Unknown} {
		m.runs.WithLabelValues(check, region, v.String())
	}
	for _, p := range phases {
		m.alerts.WithLabelValues(check, region, string(p)).Set(0)
		m.transitions.WithLabelValues(check, region, string(p))
	}
	m.flapping.WithLabelValues(check, region).Set(0)
	for _, lane := range []string{laneSweep, laneEvent} {
		m.detection.WithLabelValues(check, lane)
	}
	for _, result := range []string{"ok", "failed"} {
		m.heals.WithLabelValues(check, region, result)
	}
}
