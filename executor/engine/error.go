package engine

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/client"

	"vmqbot/executor/wire"
	"vmqbot/facts"
)

// Error is a call to the engine that did not give what was asked for.
type Error struct {
	Host  string
	Blind facts.Blind // why, as a stable name
	Msg   string      // one sentence with a way out
	Cause error       // what the machine said; may be nil

	Unknown bool // a command was started, and nobody knows how it ended
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Msg }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

func (e *Engine) errorf(b facts.Blind, cause error, msg string) *Error {
	return &Error{Host: e.name, Blind: b, Msg: msg, Cause: cause}
}

// explain turns what Docker's client returned into a sentence. An error of
// the connection below passes unchanged: it names its own reason.
func (e *Engine) explain(ctx context.Context, err error, doing string) error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	var ssh *wire.Error
	if errors.As(err, &ssh) {
		return ssh
	}
	if failed := e.way.failure(); failed != nil && client.IsErrConnectionFailed(err) {
		return failed
	}
	said := strings.TrimPrefix(err.Error(), "Error response from daemon: ")
	if b, say, known := advice(said); known && ctx.Err() == nil {
		return e.errorf(b, err, "Docker on "+e.name+" could not "+doing+": "+say)
	}
	switch {
	case ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled):
		return e.errorf(facts.TooLate, err, "Docker on "+e.name+" did not answer in time when asked to "+doing+": look there with `docker info`.")
	case errdefs.IsNotFound(err):
		return e.errorf(facts.Absent, err, said+" on "+e.name+": look there with `docker ps -a`.")
	case errdefs.IsConflict(err) && (strings.Contains(said, "is not running") || strings.Contains(said, "is paused") || strings.Contains(said, "is restarting")):
		return e.errorf(facts.Down, err, said+" on "+e.name+": look there with `docker ps -a`.")
	case garbled(err):
		return e.errorf(facts.Unreadable, err, "Docker on "+e.name+" gave an answer that was cut or changed when asked to "+doing+" ("+said+"): ask again.")
	case errdefs.IsPermissionDenied(err) || errdefs.IsUnauthorized(err):
		return e.errorf(facts.Denied, err, "Docker on "+e.name+" refuses to "+doing+": "+said)
	}
	return e.errorf(facts.Failed, err, "Docker on "+e.name+" could not "+doing+": "+said)
}

func garbled(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// drifted reports that the engine no longer speaks the version of the API that
// was agreed on, because Docker was upgraded or downgraded meanwhile.
func drifted(err error) bool {
	return err != nil && strings.Contains(err.Error(), "client version") &&
		(strings.Contains(err.Error(), "is too old") || strings.Contains(err.Error(), "is too new"))
}
