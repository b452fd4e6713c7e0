package metrics

import (
	"vmqbot/ops"
)

// Spoke counts one attempt to tell somebody something.
func (m *Metrics) Spoke(s ops.Spoke) {
	m.notifications.WithLabelValues(s.Door, s.Op).Inc()
	m.latency.WithLabelValues(s.Door).Observe(s.Took.Seconds())
	if s.Op != ops.OpPing {
		m.outbox.WithLabelValues(s.Door).Set(float64(s.Waiting))
	}
	if s.Err != nil {
		m.failed.WithLabelValues(s.Door, reasonOf(s.Err)).Inc()
	} else if s.Op == ops.OpPing {
		m.deadman.WithLabelValues().SetToCurrentTime()
	}
	if s.GaveUp {
		m.dropped.WithLabelValues(s.Door).Inc()
	}
}

func reasonOf(err error) string {
	switch ops.CodeOf(err) {
	case ops.Refused:
		return "refused"
	case ops.Unseen:
		return "unreachable"
	default:
		return "failed"
	}
}

// Healed counts one repair.
func (m *Metrics) Healed(h ops.Healed) {
	k, result := h.Order.Alert.Key, "ok"
	if h.Err != nil {
		result = "failed"
	}
	m.heals.WithLabelValues(k.Check, k.Region, result).Inc()
	m.healTook.WithLabelValues(k.Check).Observe(h.Took.Seconds())
}

// Noticed counts whatever else happens.
func (m *Metrics) Noticed(n ops.Noticed) {
	switch n.Notice {
	case ops.Watching:
		m.watching.Set(1)
	case ops.StandingBy, ops.Ended:
		m.watching.Set(0)
	case ops.SweepSkipped:
		m.skipped.Inc()
	case ops.StreamUp:
		m.streamUp.WithLabelValues(n.Region, n.Node).Set(1)
		m.reconnects.WithLabelValues(n.Region, n.Node).Inc()
	case ops.StreamDown:
		m.streamUp.WithLabelValues(n.Region, n.Node).Set(0)
	case ops.Hinted:
		m.events.WithLabelValues(n.Region, n.What).Inc()
	}
}
