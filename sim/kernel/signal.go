package kernel

import "fmt"

// Signal is a signal by its Linux number.
type Signal int

// The signals that programs here know.
const (
	HUP  Signal = 1
	INT  Signal = 2
	QUIT Signal = 3
	KILL Signal = 9
	USR1 Signal = 10
	USR2 Signal = 12
	PIPE Signal = 13
	TERM Signal = 15
	CHLD Signal = 17
)

var names = map[Signal]string{HUP: "HUP", INT: "INT", QUIT: "QUIT", KILL: "KILL", USR1: "USR1", USR2: "USR2", PIPE: "PIPE", TERM: "TERM", CHLD: "CHLD"}

// String is the name without SIG.
func (s Signal) String() string {
	if n := names[s]; n != "" {
		return n
	}
	return fmt.Sprint(int(s))
}

// SignalOf reads a name, with or without SIG, or a number; 0 tests whether a
// process is there.
func SignalOf(word string) (Signal, bool) {
	for s, n := range names {
		if word == n || word == "SIG"+n || word == fmt.Sprint(int(s)) {
			return s, true
		}
	}
	return 0, word == "0" || word == "EXIT"
}

// Killed is why a process ended that a signal ended.
type Killed struct{ By Signal }

// Error names the signal.
func (k *Killed) Error() string { return "killed by SIG" + k.By.String() }

// Signal sends a signal: to those who Catch it, or else, unless it is ignored,
// the process ends with status 128 and the number. KILL is never caught.
func (p *Process) Signal(s Signal) {
	p.mu.Lock()
	caught, ignored := p.caught[s], p.ignored[s]
	p.mu.Unlock()
	switch {
	case s == 0:
	case s == KILL:
		p.cancel(&Killed{s})
	case caught != nil:
		select {
		case caught <- s:
		default: // one is pending, as in a kernel
		}
	case ignored || s == CHLD:
	case p.PIDs != nil && p.NSPID == 1 && s != QUIT && p.PIDs != p.Machine.pids:
		// The first process of a container hears only what it asked for.
	default:
		p.cancel(&Killed{s})
	}
}

// Catch sends these signals to a channel, which needs room for each: one that
// is full loses them.
func (p *Process) Catch(c chan<- Signal, signals ...Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range signals {
		p.caught[s], p.ignored[s] = c, false
	}
}

// Ignore makes signals do nothing; children inherit it.
func (p *Process) Ignore(signals ...Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range signals {
		p.ignored[s] = true
		delete(p.caught, s)
	}
}

// Default makes signals end the process again.
func (p *Process) Default(signals ...Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range signals {
		delete(p.caught, s)
		delete(p.ignored, s)
	}
}

// SignalGroup sends a signal to every process of a group, named by the number
// that its leader has for who asks; false when there is none.
func (p *Process) SignalGroup(leader int, s Signal) bool {
	found := false
	for _, o := range p.PIDs.all() {
		if o.group.numberIn(p.PIDs) == leader {
			found = true
			o.Signal(s)
		}
	}
	return found
}
