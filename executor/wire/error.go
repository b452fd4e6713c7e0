package wire

import (
	"context"
	"errors"
	"fmt"

	"vmqbot/facts"
	"vmqbot/ops"
)

// Error says what was tried on a host and why it gave no answer. errors.As
// also finds an *ops.Error in it, with the same sentence.
type Error struct {
	Host  string      // "ops@203.0.113.10:22"
	Blind facts.Blind // why nothing was seen
	Code  ops.Code    // Unseen when the outcome is unknown or the host could not be seen
	Tried string      // "connecting to ops@203.0.113.10:22"
	Why   string      // "nothing listens there"
	Fix   string      // what to type next; may be ""
	Cause error       // what the library said; may be nil
}

// Error returns the sentence and what to type.
func (e *Error) Error() string { return e.speak().Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// As turns the error into an *ops.Error for those who know nothing of wires.
func (e *Error) As(target any) bool {
	t, ok := target.(**ops.Error)
	if ok {
		*t = e.speak()
	}
	return ok
}

func (e *Error) speak() *ops.Error {
	return &ops.Error{Code: e.Code, Msg: e.Tried + ": " + e.Why + ".", Fix: e.Fix, Cause: e.Cause}
}

// BlindOf returns why an error of this package saw nothing; any other error
// is facts.Failed.
func BlindOf(err error) facts.Blind {
	var e *Error
	if errors.As(err, &e) {
		return e.Blind
	}
	return facts.Failed
}

// unseen is an error that says nothing about the host's state.
func unseen(t target, b facts.Blind, tried, why, fix string, cause error) *Error {
	return &Error{Host: t.String(), Blind: b, Code: ops.Unseen, Tried: tried, Why: why, Fix: fix, Cause: cause}
}

// failed is a "no" that is certain: nothing is unknown about the outcome.
func failed(t target, b facts.Blind, tried, why, fix string, cause error) *Error {
	return &Error{Host: t.String(), Blind: b, Code: ops.Failed, Tried: tried, Why: why, Fix: fix, Cause: cause}
}

// invalid is a word, a setting or a file that cannot be used; nothing was sent.
func invalid(t target, tried, why, fix string, cause error) *Error {
	return &Error{Host: t.String(), Blind: facts.Failed, Code: ops.Invalid, Tried: tried, Why: why, Fix: fix, Cause: cause}
}

// ended is the error of a call whose context ended before anything was sent.
func ended(ctx context.Context, t target, tried string) *Error {
	cause := context.Cause(ctx)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return unseen(t, facts.TooLate, tried, "no answer in time", t.command(), cause)
	}
	e := unseen(t, facts.Failed, tried, fmt.Sprintf("cancelled before it began (%v)", cause), "", cause)
	e.Code = ops.Refused
	return e
}

// errDead says that the connection was already gone and nothing was sent, so
// that the caller may try again on a new one.
var errDead = errors.New("the connection is gone")

// errClosed is the cause of every call on a closed pool.
var errClosed = errors.New("the program is shutting down")
