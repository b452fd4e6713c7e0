package metrics

import (
	"context"
	"slices"
	"strings"
	"time"

	"vmqbot/commands"
	"vmqbot/ops"
	"vmqbot/regions"
)

// results are how an operation can end, as labels.
var results = map[ops.State]string{ops.Done: "done", ops.Broken: "failed", ops.Cancelled: "cancelled", ops.Unknown: "unknown"}

// consents are how consent that was waited for can end, as labels.
var consents = map[ops.Consent]string{ops.Granted: "granted", ops.Denied: "denied", ops.Withdrawn: "withdrawn", ops.Expired: "expired"}

// byGlass is the label of consent that an admin gave without the voices.
const byGlass = "break_glass"

// Journal is a journal of which every operation is counted: when it is first
// written down, and when its end is. What another process began and this one
// closes is counted by nobody.
func (m *Metrics) Journal(j ops.Journal) ops.Journal { return journal{j, m} }

type journal struct {
	ops.Journal
	m *Metrics
}

// SaveOperation keeps it, and counts it when it could be kept.
func (j journal) SaveOperation(ctx context.Context, op ops.Operation) error {
	err := j.Journal.SaveOperation(ctx, op)
	if err == nil {
		j.m.saved(op)
	}
	return err
}

func (m *Metrics) saved(op ops.Operation) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, runs := m.running[op.ID]
	switch {
	case op.Ended.IsZero() && !runs:
		m.running[op.ID] = regionsOf(op)
		for _, r := range m.running[op.ID] {
			m.opsRunning.WithLabelValues(r).Inc()
		}
	case !op.Ended.IsZero() && runs:
		verb := verbOf(op.Line)
		for _, r := range m.running[op.ID] {
			m.opsRunning.WithLabelValues(r).Dec()
			m.operations.WithLabelValues(verb, r, results[op.State]).Inc()
		}
		m.opTook.WithLabelValues(verb).Observe(max(op.Ended.Sub(op.Created), 0).Seconds())
		delete(m.running, op.ID)
	}
}

// regionsOf are the regions whose locks an operation holds; one that needs none
// is counted once, without a region.
func regionsOf(op ops.Operation) []string {
	if len(op.Locks) == 0 {
		return []string{""}
	}
	return op.Locks
}

// verbOf is the verb of a line that was parsed: of two words, or of one.
func verbOf(line string) string {
	words := strings.Fields(line)
	for n := min(2, len(words)); n > 0; n-- {
		if c, ok := commands.Find(strings.Join(words[:n], " ")); ok {
			return c.Name
		}
	}
	return "other"
}

// Approvals is a keeper of consent in which each end of it is counted.
func (m *Metrics) Approvals(a ops.Approvals) ops.Approvals { return approvals{a, m} }

type approvals struct {
	ops.Approvals
	m *Metrics
}

// SwapApproval changes it, and counts what was decided when this caller won.
func (s approvals) SwapApproval(ctx context.Context, a ops.Approval) (bool, error) {
	won, err := s.Approvals.SwapApproval(ctx, a)
	if won && err == nil {
		s.m.decided(a)
	}
	return won, err
}

// decided counts the end of waiting, once: where the door shows an approval may
// change after it.
func (m *Metrics) decided(a ops.Approval) {
	m.mu.Lock()
	defer m.mu.Unlock()
	result, over := consents[a.State]
	if !over || slices.Contains(m.over, a.ID) {
		return
	}
	if m.over = append(m.over, a.ID); len(m.over) > mostOver {
		m.over = slices.Clone(m.over[mostOver/2:])
	}
	if a.BreakGlass {
		result = byGlass
	}
	verb := verbOf(a.Line)
	m.approvals.WithLabelValues(verb, result).Inc()
	m.approvalWait.WithLabelValues(verb).Observe(max(time.Since(a.Created), 0).Seconds())
}

// mostOver bounds which approvals are remembered as counted.
const mostOver = 1000

// Dialed counts one attempt to make an ssh connection to a host of a region; a
// jump host is of the region "".
func (m *Metrics) Dialed(region string, err error) {
	result := "ok"
	if err != nil {
		result = "failed"
	}
	m.dials.WithLabelValues(region, result).Inc()
}

// beginDeeds sets to 0 what can be known beforehand: every verb that changes
// something, in every region.
func (m *Metrics) beginDeeds(f *regions.Fleet) {
	for _, r := range f.Regions {
		m.opsRunning.WithLabelValues(r.Name)
		for _, result := range []string{"ok", "failed"} {
			m.dials.WithLabelValues(r.Name, result)
		}
	}
	for _, c := range commands.All() {
		if !c.Changes() {
			continue
		}
		m.opTook.WithLabelValues(c.Name)
		m.approvalWait.WithLabelValues(c.Name)
		for _, result := range consents {
			m.approvals.WithLabelValues(c.Name, result)
		}
		m.approvals.WithLabelValues(c.Name, byGlass)
		for _, r := range f.Regions {
			for _, result := range results {
				m.operations.WithLabelValues(c.Name, r.Name, result)
			}
		}
	}
}
