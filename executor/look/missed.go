package look

import (
	"context"
	"errors"

	"vmqbot/answer"
	"vmqbot/executor/engine"
	"vmqbot/executor/wire"
	"vmqbot/facts"
)

// saw wraps a fact, or the reason why there is none.
func saw[T any](v T, err error) facts.Seen[T] {
	if err != nil {
		return missed[T](err)
	}
	return facts.Saw(v)
}

func missed[T any](err error) facts.Seen[T] {
	return facts.Missed[T](blind(err), err.Error())
}

// blind is the stable name of an error's reason.
func blind(err error) facts.Blind {
	var (
		own  *blindness
		dock *engine.Error
		ssh  *wire.Error
		no   *answer.Refusal
	)
	switch {
	case errors.As(err, &own):
		return own.blind
	case errors.As(err, &dock):
		return dock.Blind
	case errors.As(err, &ssh):
		return ssh.Blind
	case errors.As(err, &no):
		return refused(no.Kind)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return facts.TooLate
	}
	return facts.Failed
}

func refused(k answer.Kind) facts.Blind {
	switch k {
	case answer.Garbled:
		return facts.Unreadable
	case answer.NotFound:
		return facts.Absent
	case answer.Down:
		return facts.Down
	case answer.TimedOut:
		return facts.TooLate
	case answer.Forbidden, answer.Refused:
		return facts.Denied
	}
	return facts.Failed
}

// blindness is an error of this room, with its name.
type blindness struct {
	blind facts.Blind
	msg   string
}

func (b *blindness) Error() string { return b.msg }
