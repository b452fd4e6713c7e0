package dockerd

import (
	"errors"
	"fmt"
	"net/http"
	"syscall"
)

// Error is a refusal of the engine: what it says and its HTTP status.
type Error struct {
	Status int
	Msg    string
}

// Error is the engine's sentence.
func (e *Error) Error() string { return e.Msg }

func refuse(status int, format string, args ...any) *Error {
	return &Error{status, fmt.Sprintf(format, args...)}
}

func missing(format string, args ...any) *Error { return refuse(http.StatusNotFound, format, args...) }
func invalid(format string, args ...any) *Error {
	return refuse(http.StatusBadRequest, format, args...)
}
func conflict(format string, args ...any) *Error { return refuse(http.StatusConflict, format, args...) }
func broken(format string, args ...any) *Error {
	return refuse(http.StatusInternalServerError, format, args...)
}

// errSame says that there was nothing to do: 304 over HTTP, no error in Go.
var errSame = &Error{http.StatusNotModified, ""}

// errDown is what a Go caller gets from an engine that is down.
var errDown = &Error{http.StatusServiceUnavailable, "Cannot connect to the Docker daemon at unix://" + Socket + ". Is the docker daemon running?"}

// done makes the answer of a change that may have been needless.
func done(err error) error {
	if errors.Is(err, errSame) {
		return nil
	}
	return err
}

// full is what a layer on a full disk gives.
func (e *Engine) full(path string) error {
	if e.machine.NoRoom(e.real(path)) {
		return broken("mkdir %s: %s", path, syscall.ENOSPC)
	}
	return nil
}
