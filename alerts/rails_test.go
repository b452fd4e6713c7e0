package alerts_test

import (
	"fmt"
	"slices"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
)

// rails are counted by the time that has passed, whatever any clock says.
type rails struct {
	passed  time.Duration
	running string // the node that is being repaired
	tries   map[string][]time.Duration
	ended   map[string]time.Duration // the last of a node
	storm   time.Duration            // when it was stormy last, if it was
	stormed bool
}

// end ends what is being repaired, and says where.
func (r *rails) end() string {
	node := r.running
	if node != "" {
		r.ended[node], r.running = r.passed, ""
	}
	return node
}

// ordered holds the rails: every repair has fresh evidence and open gates, is
// alone, is within the budgets, and waits for its turn and for calm.
func (m *model) ordered(orders []alerts.Order, l alerts.Look) error {
	if m.regionsBad() > 1 {
		m.rails.storm, m.rails.stormed = m.rails.passed, true
	}
	for _, o := range orders {
		k := o.Alert.Key
		a := m.book.Alerts[k]
		muted, stopped := m.wants.muting(k, m.now) != "", m.wants.off[k.Region]
		seen := slices.ContainsFunc(l.Found, func(f checks.Observation) bool {
			return f.Check == k.Check && f.Node == k.Node && f.Verdict == checks.Bad
		})
		switch {
		case !seen:
			return fmt.Errorf("repaired %s, which was not seen bad just now", k)
		case k.Check != "ip" && k.Check != "port", o.Line != "reattach "+k.Node:
			return fmt.Errorf("repaired %s by %q", k, o.Line)
		case muted, stopped, m.busy[k.Region], m.asked[k.Region], a.Flapping:
			return fmt.Errorf("repaired %s through a closed gate", k)
		case m.caused(k):
			return fmt.Errorf("repaired %s, and its cause is bad", k)
		}
		if err := m.rails.take(k.Node); err != nil {
			return err
		}
	}
	return nil
}

// caused reports a cause that is bad by the last look.
func (m *model) caused(k alerts.Key) bool {
	for other, a := range m.book.Alerts {
		if other.Peer == "" && other.Node == k.Node && a.Bad() && slices.Contains(checks.Causes(k.Check), other.Check) {
			return true
		}
	}
	return false
}

// pauses are how long a node is left alone after the first, second and later
// attempts of an hour.
var pauses = []time.Duration{0, 30 * time.Second, 2 * time.Minute, 8 * time.Minute}

// take counts an attempt.
func (r *rails) take(node string) error {
	hour, day := 0, 0
	for _, at := range r.tries[node] {
		if r.passed-at < time.Hour {
			hour++
		}
		if r.passed-at < 24*time.Hour {
			day++
		}
	}
	switch {
	case r.running != "":
		return fmt.Errorf("repaired %s while %s is being repaired", node, r.running)
	case hour+1 > alerts.PerHour || day+1 > alerts.PerDay:
		return fmt.Errorf("%s was repaired %d times in an hour and %d times in a day", node, hour+1, day+1)
	case r.passed-r.ended[node] < pauses[min(hour, len(pauses)-1)]:
		return fmt.Errorf("%s was repaired again %s after the last time, the %d of this hour", node, r.passed-r.ended[node], hour+1)
	case r.stormed && r.passed-r.storm < 10*time.Minute:
		return fmt.Errorf("repaired %s %s after a storm", node, r.passed-r.storm)
	}
	r.running = node
	r.tries[node] = append(r.tries[node], r.passed)
	return nil
}

func (m *model) regionsBad() int {
	in := map[string]bool{}
	for k, a := range m.book.Alerts {
		critical := alerts.SeverityOf(k.Check) == checks.Critical && (!m.varies(k) || m.worst[k] >= 2)
		if a.Live() && a.GoodRun == 0 && k.Peer == "" && !alerts.Derived(k.Check) && critical && !m.explained(k) {
			in[k.Region] = true
		}
	}
	return len(in)
}
