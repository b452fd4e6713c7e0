package ops

import (
	"context"
	"time"

	"vmqbot/facts"
	"vmqbot/regions"
)

// Looker reads facts. It returns no error: what could not be seen says so in
// the facts, node by node. Every node asked for is in the answer.
type Looker interface {
	Look(ctx context.Context, nodes []regions.Node, need facts.Need) facts.Fleet
}

// Doer does one action on a node's host and returns what the tool printed.
// Each line of output is also passed to line as it comes; one that begins with a
// carriage return says how far it is and replaces the one before it, as on a
// terminal. An error with code Unseen means that the outcome is unknown: look
// before doing it again.
type Doer interface {
	Do(ctx context.Context, node regions.Node, a Action, line func(string)) (output string, err error)
}

// Runner runs a plan under locks that the caller holds. It journals before
// each effect, verifies with checks, undoes in reverse on failure and stops
// before the next step when fence reports an error.
type Runner interface {
	Run(ctx context.Context, op Operation, p Plan, fence func(context.Context) error, emit func(Event)) error
}

// Journal remembers operations and their steps.
type Journal interface {
	SaveOperation(ctx context.Context, op Operation) error // inserts or replaces by ID
	SaveStep(ctx context.Context, s StepRecord) error      // inserts or replaces by (Op, Seq)
	RequestCancel(ctx context.Context, id, actor string) error
	CancelRequested(ctx context.Context, id string) (by string, err error) // "" when nobody asked
}

// History reads what was done before.
type History interface {
	Operation(ctx context.Context, id string) (Operation, error) // code Invalid when there is none
	Operations(ctx context.Context, limit int) ([]Operation, error)
	Steps(ctx context.Context, op string) ([]StepRecord, error)
}

// Approvals keeps consent that is waited for.
type Approvals interface {
	AddApproval(ctx context.Context, a Approval) error
	Approval(ctx context.Context, id string) (Approval, error) // code Invalid when there is none
	// SwapApproval replaces the version before a's, and reports false when
	// somebody else was faster: one compare-and-swap.
	SwapApproval(ctx context.Context, a Approval) (won bool, err error)
	WaitingApprovals(ctx context.Context) ([]Approval, error) // Open and Granted, oldest first
}

// Keys remembers what was already begun.
type Keys interface {
	// Claim reports true to the first who names a key within the time.
	Claim(ctx context.Context, key string, keep time.Duration) (first bool, err error)
}

// Audit appends to the hash chain and walks it.
type Audit interface {
	Append(ctx context.Context, e AuditEvent) error // Seq, PrevHash and Hash are set by the store
	VerifyChain(ctx context.Context) (lines int64, err error)
}

// AuditLog reads the audit, newest lines first.
type AuditLog interface {
	Events(ctx context.Context, limit int, op string) ([]AuditEvent, error) // op "" for all
}

// Lease is one holder's time-limited right to change one thing.
type Lease struct {
	Name    string        // "release/cn": cluster and region
	Holder  string        // who, unique per process: "terminal:ana@host#1234"
	Reason  string        // "reattach cn (4f2a91)"
	Since   time.Time     // when it was taken
	Expires time.Time     // when it ends unless renewed
	Epoch   int64         // grows by one with every new holder: the fencing token
	TTL     time.Duration // what each renewal adds
}

// Leases grants leases. Acquire returns a *Held error while another holder's
// lease runs; it never steals a lease that has not expired.
type Leases interface {
	Acquire(ctx context.Context, l Lease) (Lease, error)
	Renew(ctx context.Context, l Lease) (Lease, error)                       // code Refused when it is no longer ours
	Holder(ctx context.Context, name string) (l Lease, held bool, err error) // looks and takes nothing
	Release(ctx context.Context, l Lease) error                              // releasing twice is fine
}

// HostLeases grants the same on a node's host, so that two bots with separate
// stores cannot change one region. The host's own clock decides expiry.
type HostLeases interface {
	AcquireOn(ctx context.Context, node regions.Node, l Lease) (Lease, error)
	RenewOn(ctx context.Context, node regions.Node, l Lease) (Lease, error) // also the check
	ReleaseOn(ctx context.Context, node regions.Node, l Lease) error
}

// Held says who holds the lease that was asked for.
type Held struct{ Lease Lease }

// Error names the holder, the reason and since when.
func (h *Held) Error() string {
	return h.Lease.Name + " is held by " + h.Lease.Holder + " (" + h.Lease.Reason + ") since " +
		h.Lease.Since.UTC().Format("15:04:05") + " UTC"
}

// Clock tells the time and waits.
type Clock interface {
	Now() time.Time
	After(d time.Duration) <-chan time.Time
}
