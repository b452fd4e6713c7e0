package kernel

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Signal is a signal by its Linux number.
type Signal int

// The signals that programs here know.
const (
	HUP  Signal = 1
	INT  Signal = 2
	QUIT Signal = 3
	ABRT Signal = 6
	KILL Signal = 9
	USR1 Signal = 10
	SEGV Signal = 11
	USR2 Signal = 12
	PIPE Signal = 13
	ALRM Signal = 14
	TERM Signal = 15
	CHLD Signal = 17
	CONT Signal = 18
)

// names are all signals of Linux, signal(7).
var names = []string{"0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
	"CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"}

// descriptions are what shells say of a process that a signal ended,
// strsignal(3).
var descriptions = map[Signal]string{HUP: "Hangup", QUIT: "Quit", ABRT: "Aborted", KILL: "Killed", USR1: "User defined signal 1", SEGV: "Segmentation fault", USR2: "User defined signal 2", ALRM: "Alarm clock", TERM: "Terminated"}

// Description is what a shell says of a process that the signal ended.
func (s Signal) Description() string {
	if d := descriptions[s]; d != "" {
		return d
	}
	return "Signal " + s.String()
}

// String is the name without SIG.
func (s Signal) String() string {
	if s >= 0 && int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprint(int(s))
}

// SignalOf reads a name, with or without SIG, or a number; 0 tests whether a
// process is there.
func SignalOf(word string) (Signal, bool) {
	if n, err := strconv.Atoi(word); err == nil {
		return Signal(n), n >= 0 && n <= 64
	}
	word = strings.TrimPrefix(strings.ToUpper(word), "SIG")
	if word == "EXIT" {
		return 0, true
	}
	n := slices.Index(names, word)
	return Signal(max(n, 0)), n > 0
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
	case ignored || s == CHLD || s == CONT || s >= 19 && s <= 23 || s == 28: // what stops a process does not stop it here
	case p.NSPID == 1 && p.PIDs != p.Machine.pids:
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

// Ignores reports a signal that does nothing.
func (p *Process) Ignores(s Signal) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ignored[s]
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
		if o.leader().numberIn(p.PIDs) == leader {
			found = true
			o.Signal(s)
		}
	}
	return found
}

// Kill is kill(2): a process, or with a negative number a group; false when
// there is none. The first process of a container cannot be killed from
// inside.
func (p *Process) Kill(pid int, s Signal) bool {
	switch {
	case pid == 0:
		return p.SignalGroup(p.leader().numberIn(p.PIDs), s)
	case pid == -1:
		for _, o := range p.PIDs.all() {
			if o != p && o.NSPID != 1 {
				o.Signal(s)
			}
		}
		return true
	case pid < 0:
		return p.SignalGroup(-pid, s)
	}
	o, err := p.Find(pid)
	if err != nil {
		return false
	}
	if s != KILL || o.NSPID != 1 || p.PIDs == p.Machine.pids || o.PIDs != p.PIDs {
		o.Signal(s)
	}
	return true
}
