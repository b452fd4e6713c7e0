package wire

import (
	"context"
	"errors"
)

// maxMisses is how many keepalives in a row may go unanswered.
const maxMisses = 3

var errFrozen = errors.New("the server answered no keepalive")

// ask sends one keepalive; the channel delivers nil for an answer of any kind.
func (l *link) ask() <-chan error {
	answer := make(chan error, 1)
	send := func() {
		_, _, err := l.client.SendRequest("keepalive@openssh.com", true, nil)
		answer <- err
	}
	if !l.host.pool.spawn(send) {
		answer <- errDead
	}
	return answer
}

// ping waits for one keepalive's answer.
func (l *link) ping(ctx context.Context) error {
	select {
	case err := <-l.ask():
		if err != nil {
			return errDead
		}
		return nil
	case <-l.done:
		return errDead
	case <-ctx.Done():
		return ended(ctx, l.host.target, "asking "+l.host.String()+" for a sign of life")
	}
}

// isSilent reports whether an answer is overdue: a beat came before it.
func (l *link) isSilent() bool { return l.asked.Load() > 1 }

// keep asks the server for a sign of life at every beat and closes the
// connection when it stays silent: a dead TCP connection hangs forever.
func (l *link) keep() {
	beat, stop := l.host.pool.pace.pulse(l.host.pool.opts.Keepalive)
	defer stop()
	var answer <-chan error
	for {
		select {
		case <-l.done:
			return
		case <-answer: //nolint:errcheck // any answer, a refusal too, shows that the host lives
			answer = nil
			l.asked.Store(0)
		case <-beat:
			switch asked := l.asked.Add(1); {
			case asked == 1:
				answer = l.ask()
			case asked > maxMisses:
				l.close(errFrozen)
				return
			}
		}
	}
}
