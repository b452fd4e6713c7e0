package opstest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"vmqbot/ops"
)

// Journal remembers in memory, and every write in its order.
type Journal struct {
	mu      sync.Mutex
	Writes  []string // "op 4f2a running", "step 1 done"
	Ops     []ops.Operation
	cancels map[string]string
	Fail    func(write string) error // what a write answers; nil is fine
	Audited []ops.AuditEvent
}

var (
	_ ops.Journal = (*Journal)(nil)
	_ ops.History = (*Journal)(nil)
	_ ops.Audit   = (*Journal)(nil)

	_ ops.AuditLog = (*Journal)(nil)
)

func (j *Journal) write(format string, args ...any) error {
	w := fmt.Sprintf(format, args...)
	j.Writes = append(j.Writes, w)
	if j.Fail != nil {
		return j.Fail(w)
	}
	return nil
}

// SaveOperation inserts or replaces.
func (j *Journal) SaveOperation(_ context.Context, op ops.Operation) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.Ops = slices.DeleteFunc(j.Ops, func(o ops.Operation) bool { return o.ID == op.ID })
	j.Ops = append(j.Ops, op)
	return j.write("op %s %s", op.ID, op.State)
}

// SaveStep writes "step SEQ STATE".
func (j *Journal) SaveStep(_ context.Context, s ops.StepRecord) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.write("step %d %s", s.Seq, s.State)
}

// RequestCancel notes who asked.
func (j *Journal) RequestCancel(_ context.Context, id, actor string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.cancels == nil {
		j.cancels = map[string]string{}
	}
	j.cancels[id] = actor
	return nil
}

// CancelRequested tells who asked.
func (j *Journal) CancelRequested(_ context.Context, id string) (string, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.cancels[id], nil
}

// Operation finds one.
func (j *Journal) Operation(_ context.Context, id string) (ops.Operation, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, o := range j.Ops {
		if o.ID == id {
			return o, nil
		}
	}
	return ops.Operation{}, ops.Errorf(ops.Invalid, "history", "There is no operation %q.", id)
}

// Operations returns the newest first.
func (j *Journal) Operations(_ context.Context, limit int) ([]ops.Operation, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := slices.Clone(j.Ops)
	slices.Reverse(all)
	return all[:min(limit, len(all))], nil
}

// Steps has none to tell: the tests read Writes.
func (j *Journal) Steps(context.Context, string) ([]ops.StepRecord, error) { return nil, nil }

// Append keeps the event.
func (j *Journal) Append(_ context.Context, e ops.AuditEvent) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.Audited = append(j.Audited, e)
	return nil
}

// Events returns the newest first.
func (j *Journal) Events(_ context.Context, limit int, op string) ([]ops.AuditEvent, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := slices.DeleteFunc(slices.Clone(j.Audited), func(e ops.AuditEvent) bool { return op != "" && e.Op != op })
	slices.Reverse(all)
	return all[:min(limit, len(all))], nil
}

// VerifyChain counts.
func (j *Journal) VerifyChain(context.Context) (int64, error) { return int64(len(j.Audited)), nil }

// Story is every write in one line.
func (j *Journal) Story() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.Writes, ", ")
}
