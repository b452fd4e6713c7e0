package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"vmqbot/alerts"
)

var (
	phases  = []alerts.Phase{alerts.Suspect, alerts.Firing, alerts.Healing, alerts.Resolved}
	mutes   = []alerts.Mute{alerts.Silenced, alerts.InMaintenance, alerts.Inhibited, alerts.Settling}
	reasons = []string{"refused", "unreachable", "failed"}
	actions = []string{"start", "die", "oom", "health_status", "destroy", "rename"}
)

const (
	laneSweep = "sweep"
	laneEvent = "event"   // an event, or the second look that doubt asked for
	deadman   = "deadman" // as a door
)

// looks are the bounds of what takes as long as a look does, in seconds.
var looks = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// series are all of them.
type series struct {
	build                          *prometheus.GaugeVec
	runs                           *prometheus.CounterVec
	lastRun, checkOK               *prometheus.GaugeVec
	rtt, loss, crossing            *prometheus.GaugeVec
	sweepTook                      *prometheus.HistogramVec
	sweepLast                      prometheus.Gauge
	skipped, unkept                prometheus.Counter
	alerts, suppressed, flapping   *prometheus.GaugeVec
	transitions                    *prometheus.CounterVec
	detection                      *prometheus.HistogramVec
	notifications, failed, dropped *prometheus.CounterVec
	latency                        *prometheus.HistogramVec
	outbox                         *prometheus.GaugeVec
	heals, healsRefused            *prometheus.CounterVec
	healTook                       *prometheus.HistogramVec
	locked, silences               *prometheus.GaugeVec
	events                         *prometheus.CounterVec
	streamUp                       *prometheus.GaugeVec
	reconnects                     *prometheus.CounterVec
	sshUp                          *prometheus.GaugeVec
	watching                       prometheus.Gauge
	reloadOK, reloadAt             prometheus.Gauge
	deadman                        *prometheus.GaugeVec // without labels: absent where nobody is to be told
	operations, approvals, dials   *prometheus.CounterVec
	opTook, approvalWait           *prometheus.HistogramVec
	opsRunning                     *prometheus.GaugeVec
	slackAsked, slackThrottled     *prometheus.CounterVec // on the page only where there is a Slack
}

func newSeries() series {
	return series{
		build:         gauges("build_info", "What runs; always 1.", "version", "revision", "goversion"),
		runs:          counters("check_runs_total", "Verdicts of a check, one for each node or link that was judged.", "check", "region", "verdict"),
		lastRun:       gauges("check_last_run_timestamp_seconds", "When a check was last judged there, whatever came of it.", "check", "region"),
		checkOK:       gauges("check_ok", "1 where the last look found it right, 0 where it found it wrong; absent where it could not see. Of a link check, the worst of the node's links.", "check", "region", "node"),
		rtt:           gauges("link_rtt_seconds", "Mean round trip of echo requests between two containers, over weave.", "from", "to"),
		loss:          gauges("link_loss_ratio", "Part of the echo requests between two containers to which nothing came back.", "from", "to"),
		crossing:      gauges("link_message_seconds", "How long the last probe message took from a client at one broker to one at another; absent where it did not arrive.", "from", "to"),
		sweepTook:     histograms("sweep_duration_seconds", "How long a look at the whole fleet took: one round for all regions.", looks, "lane"),
		sweepLast:     gauge("sweep_last_timestamp_seconds", "When a whole look was last kept."),
		skipped:       counter("sweeps_skipped_total", "Sweeps that did not begin because the one before still ran."),
		unkept:        counter("looks_unkept_total", "Looks that could not be kept in the store, so nothing followed from them."),
		alerts:        gauges("alerts", "Alerts by their phase.", "check", "region", "phase"),
		suppressed:    gauges("alerts_suppressed", "Alerts that are bad now and of which nothing is said, by the reason.", "reason"),
		flapping:      gauges("alerts_flapping", "Alerts that come and go.", "check", "region"),
		transitions:   counters("alert_transitions_total", "Changes of phase.", "check", "region", "to"),
		detection:     histograms("alert_detection_seconds", "From the first bad look to the alert, by what that look was.", []float64{.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300}, "check", "lane"),
		notifications: counters("notifications_total", "Attempts to tell somebody something.", "integration", "op"),
		failed:        counters("notifications_failed_total", "Attempts that were not heard.", "integration", "reason"),
		dropped:       counters("notifications_dropped_total", "What a receiver has refused so often that it is not tried again.", "integration"),
		latency:       histograms("notification_latency_seconds", "How long one attempt took.", []float64{.005, .025, .1, .5, 1, 5, 10}, "integration"),
		outbox:        gauges("outbox_messages", "What must still be said.", "integration"),
		heals:         counters("heals_total", "Repairs by the bot itself that have ended.", "check", "region", "result"),
		healsRefused:  counters("heals_refused_total", "Alerts that began to be refused a repair by the bot itself, by the reason.", "check", "region", "reason"),
		healTook:      histograms("heal_duration_seconds", "How long a repair by the bot itself took.", []float64{1, 2, 5, 10, 30, 60, 120, 300}, "check"),
		locked:        gauges("region_locked", "1 while an operation holds the region's lock.", "region"),
		silences:      gauges("silences", "Silences and windows that nobody has ended.", "state"),
		events:        counters("docker_events_total", "Events of Docker that were heard.", "region", "action"),
		streamUp:      gauges("docker_stream_up", "1 while the events of a host can be heard.", "region", "node"),
		reconnects:    counters("docker_stream_reconnects_total", "How often the events of a host could be heard again.", "region", "node"),
		sshUp:         gauges("ssh_up", "1 where the last look reached the host.", "region", "node"),
		watching:      gauge("watching", "1 while this process watches, 0 while another one does."),
		reloadOK:      gauge("config_last_reload_successful", "1 when the fleet file was right when it was last read."),
		reloadAt:      gauge("config_last_reload_success_timestamp_seconds", "When a right fleet file was last read."),
		deadman:       gauges("deadman_last_success_timestamp_seconds", "When the sign of life was last heard; 0 for never."),
		operations:    counters("operations_total", "Operations of this process that have ended, one for each region whose lock they held.", "command", "region", "result"),
		opTook:        histograms("operation_duration_seconds", "From the plan to the end of an operation.", []float64{1, 2, 5, 10, 30, 60, 120, 300, 600, 1800}, "command"),
		opsRunning:    gauges("operations_running", "Operations of this process that hold the region's lock.", "region"),
		approvals:     counters("approvals_total", "Consent that was waited for, by how that ended.", "command", "result"),
		approvalWait:  histograms("approval_wait_seconds", "From the request to the decision, or to its expiry.", []float64{5, 15, 30, 60, 120, 300, 600, 1800}, "command"),
		dials:         counters("ssh_dials_total", "Attempts to make an ssh connection to a host; a jump host is of no region.", "region", "result"),

		slackAsked:     counters("slack_requests_total", "What was asked of Slack's Web API.", "method", "result"),
		slackThrottled: counters("slack_throttled_total", "Requests that Slack put off because there were too many.", "method"),
	}
}

func (s series) all() []prometheus.Collector {
	return []prometheus.Collector{
		s.build, s.runs, s.lastRun, s.checkOK, s.rtt, s.loss, s.crossing, s.sweepTook, s.sweepLast, s.skipped, s.unkept,
		s.alerts, s.suppressed, s.flapping, s.transitions, s.detection, s.notifications, s.failed, s.dropped, s.latency, s.outbox,
		s.heals, s.healsRefused, s.healTook, s.locked, s.silences, s.events, s.streamUp, s.reconnects, s.sshUp, s.watching,
		s.reloadOK, s.reloadAt, s.deadman, s.operations, s.opTook, s.opsRunning, s.approvals, s.approvalWait, s.dials,
	}
}

const namespace = "vmqbot"

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
}

func gauges(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func histograms(name, help string, bounds []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: bounds}, labels)
}
