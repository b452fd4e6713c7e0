package outward

import (
	"vmqbot/alerts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// New is the speaker of one receiver of the fleet file. What it tells passes
// through the redactor of that file first.
func New(f *regions.Fleet, r regions.Receiver, clock ops.Clock) ops.Speaker {
	out := outlet{
		cluster: f.Cluster, fleet: f, clock: clock, receiver: r,
		client: newClient("the receiver "+r.Name, f.Redactor().Text),
	}
	switch r.Kind {
	case regions.Alertmanager:
		return &alertmanager{out}
	case regions.PagerDuty:
		return &pagerDuty{out}
	default:
		return &webhook{out}
	}
}

// outlet is what all receivers have.
type outlet struct {
	cluster  string
	fleet    *regions.Fleet
	clock    ops.Clock
	receiver regions.Receiver
	client   *client
}

// clean is a message without secrets: evidence is what tools printed.
func (o outlet) clean(m alerts.Message) alerts.Message {
	rows := make([]alerts.Row, len(m.Rows))
	for i, r := range m.Rows {
		for _, s := range []*string{&r.Found.Evidence, &r.Found.Effect, &r.Found.Repair, &r.Found.NoRepair} {
			*s = o.client.redact(*s)
		}
		rows[i] = r
	}
	m.Rows = rows
	return m
}

// live reports whether a row is still worth a person's time.
func live(r alerts.Row) bool { return r.Phase != alerts.Resolved || r.Flapping }

// next is what to do about a row.
func next(r alerts.Row) string {
	if r.Found.Repair != "" {
		return r.Found.Repair
	}
	return r.Found.NoRepair
}
