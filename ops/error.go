package ops

import (
	"errors"
	"fmt"
)

// Code classes an error for the exit status and for the color of a message.
type Code string

// The codes and their exit statuses (design.md).
const (
	Failed  Code = "failed"  // 1: tried, and it went wrong, or looked and something is bad
	Invalid Code = "invalid" // 2: the words or the fleet file are wrong
	Refused Code = "refused" // 3: policy, lock, approval, stale plan, cancelled
	Unseen  Code = "unseen"  // 4: could not see what is there
)

// Exit is the process's exit status for the code.
func (c Code) Exit() int {
	switch c {
	case Invalid:
		return 2
	case Refused:
		return 3
	case Unseen:
		return 4
	default:
		return 1
	}
}

// Error is a failure that a person can act on; any other error is a bug.
type Error struct {
	Code  Code
	Msg   string // what is wrong, one sentence in the words of the person
	Fix   string // what to type next
	Cause error  // what the machine said, for the log; may be nil
	Soon  bool   // nothing was done, and the same may succeed in a moment: what is asked is still starting
}

// Errorf makes an Error; fix is what to type next.
func Errorf(c Code, fix, format string, args ...any) *Error {
	return &Error{Code: c, Msg: fmt.Sprintf(format, args...), Fix: fix}
}

// Error returns the sentence and the way out.
func (e *Error) Error() string {
	if e.Fix == "" {
		return e.Msg
	}
	return e.Msg + " Type: " + e.Fix
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// IsSoon reports whether the first Error in the chain says that the same may
// succeed in a moment.
func IsSoon(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Soon
}

// gravity orders codes for errors that join several.
var gravity = map[Code]int{Invalid: 1, Refused: 2, Failed: 3, Unseen: 4}

// CodeOf returns the code of an error, the gravest where several are joined:
// a cancelled operation whose undo failed has failed. An error that holds no
// Error is Failed.
func CodeOf(err error) Code {
	if c := gravest(err); c != "" {
		return c
	}
	return Failed
}

func gravest(err error) Code {
	if as, ok := err.(interface{ As(any) bool }); ok { // an adapter's error that speaks as an Error
		var own *Error
		if as.As(&own) {
			return own.Code
		}
	}
	switch e := err.(type) { //nolint:errorlint // this walks the tree itself
	case *Error:
		return e.Code
	case interface{ Unwrap() []error }:
		var worst Code
		for _, one := range e.Unwrap() {
			if c := gravest(one); gravity[c] > gravity[worst] {
				worst = c
			}
		}
		return worst
	case interface{ Unwrap() error }:
		return gravest(e.Unwrap())
	default:
		return ""
	}
}

// LockLost says that the lock was lost while a plan ran: this process may do
// nothing more, not even an undo, because another one may already be at work.
type LockLost struct{ Cause error }

// Error names the cause.
func (l *LockLost) Error() string { return "the lock was lost: " + l.Cause.Error() }

// Unwrap returns the cause.
func (l *LockLost) Unwrap() error { return l.Cause }

// LockDark says that the lock could not be renewed because a host was not seen:
// nothing more is begun, but nobody is known to have taken it either. Once the
// host is seen again, as one that restarts will be, it tells whether the lock
// is still ours, and what was done can be undone.
type LockDark struct{ Cause error }

// Error names the cause.
func (l *LockDark) Error() string {
	return "the lock could not be renewed, so nothing more is begun: " + l.Cause.Error()
}

// Unwrap returns the cause.
func (l *LockDark) Unwrap() error { return l.Cause }
