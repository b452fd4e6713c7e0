package alerts_test

import (
	"fmt"
	"slices"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
)

// ordered holds the rails: every repair has fresh evidence and open gates, is
// alone, and is within the budgets as counted here.
func (m *model) ordered(orders []alerts.Order, l alerts.Look) error {
	for _, o := range orders {
		k := o.Alert.Key
		a := m.book.Alerts[k]
		_, muted := l.Around.Wishes.Muting(k, m.now)
		_, stopped := l.Around.Wishes.Stopped(k)
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
		case m.running != "":
			return fmt.Errorf("repaired %s while %s is being repaired", k, m.running)
		case m.regionsBad() > 1:
			return fmt.Errorf("repaired %s in a storm", k)
		}
		m.running = k.Node
		if err := m.budget(k.Node); err != nil {
			return err
		}
	}
	return nil
}

// budget counts by itself; an attempt in the future was made now.
func (m *model) budget(node string) error {
	hour, day := 1, 1
	for i, at := range m.tries[node] {
		if at.After(m.now) {
			m.tries[node][i] = m.now
		}
		if m.now.Sub(at) < time.Hour {
			hour++
		}
		if m.now.Sub(at) < 24*time.Hour {
			day++
		}
	}
	m.tries[node] = append(m.tries[node], m.now)
	if hour > alerts.PerHour || day > alerts.PerDay {
		return fmt.Errorf("%s was repaired %d times in an hour and %d times in a day", node, hour, day)
	}
	return nil
}

func (m *model) regionsBad() int {
	in := map[string]bool{}
	for k, a := range m.book.Alerts {
		if a.Live() && a.GoodRun == 0 && k.Peer == "" && !alerts.Derived(k.Check) && alerts.SeverityOf(k.Check) == checks.Critical {
			in[k.Region] = true
		}
	}
	return len(in)
}
