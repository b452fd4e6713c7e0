package wire

import "time"

// pace is how long a pool waits for what may never come.
type pace struct {
	// calm is how long no command of the process may have begun or ended
	// before spares are laid: a burst has the processors for itself.
	calm time.Duration
	// idle is how long a spare waits. Its shell has read its start-up files
	// and does not learn of later changes.
	idle time.Duration
	// ready is how long the start-up files of a spare's shell may take.
	ready time.Duration
	// goodbye is how long a stopped command may take to end.
	goodbye time.Duration
	// linger is between two looks at the output of a command that has ended;
	// when nothing came between them, nothing more is awaited.
	linger time.Duration
	// tries is how often the server may say "later": by a reset during the
	// handshake (MaxStartups) or by a refused session (MaxSessions).
	tries int
	// pulse beats once per keepalive until it is stopped.
	pulse func(time.Duration) (beat <-chan time.Time, stop func())
}

// maxCalms is how often a calm moment is awaited.
const maxCalms = 10

func usual() pace {
	return pace{
		calm: 50 * time.Millisecond, idle: 5 * time.Minute, ready: 10 * time.Second,
		goodbye: 3 * time.Second, linger: time.Second, tries: 6, pulse: ticking,
	}
}

func ticking(every time.Duration) (<-chan time.Time, func()) {
	t := time.NewTicker(every)
	return t.C, t.Stop
}
