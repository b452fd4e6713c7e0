package shell

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"vmqbot/sim/kernel"
)

// trap sets what is done at signals and at the end.
func trap(s *shell, argv []string) int {
	args := argv[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		s.listTraps()
		return 0
	}
	action := "-"
	if _, number := strconv.Atoi(args[0]); len(args) > 1 && number != nil {
		action, args = args[0], args[1:]
	} else if args[0] == "-" {
		args = args[1:]
	}
	for _, word := range args {
		sig, ok := kernel.SignalOf(word)
		if !ok {
			s.p.Errorf("trap: %s: bad trap\n", word)
			return 1
		}
		s.setTrap(sig, action)
	}
	return 0
}

func (s *shell) setTrap(sig kernel.Signal, action string) {
	if sig == 0 {
		if s.onExit = action; action == "-" {
			s.onExit = ""
		}
		return
	}
	if _, mine := s.traps[sig]; !mine && s.p.Ignores(sig) {
		return // what was ignored at the start stays so
	}
	switch action {
	case "-":
		delete(s.traps, sig)
		s.p.Default(sig)
	case "":
		s.traps[sig] = action
		s.p.Ignore(sig)
	default:
		s.traps[sig] = action
		s.p.Catch(s.signals, sig)
	}
}

func (s *shell) listTraps() {
	if s.onExit != "" {
		s.p.Printf("trap -- %s EXIT\n", quote(s.onExit))
	}
	for _, sig := range slices.Sorted(maps.Keys(s.traps)) {
		s.p.Printf("trap -- %s %s\n", quote(s.traps[sig]), sig)
	}
}

// hasTraps reports something that would be lost if the process became another
// program.
func (s *shell) hasTraps() bool {
	for _, action := range s.traps {
		if action != "" {
			return true
		}
	}
	return s.onExit != ""
}

// runTraps does what signals ask for that came meanwhile.
func (s *shell) runTraps() {
	for {
		select {
		case sig := <-s.signals:
			s.runTrap(sig)
		default:
			return
		}
	}
}

func (s *shell) runTrap(sig kernel.Signal) {
	action := s.traps[sig]
	if action == "" {
		return
	}
	before, status := s.flow, s.status
	s.flow = onward
	s.eval(action, false)
	if s.flow != onward {
		return // it ends the shell or leaves a loop
	}
	s.flow, s.status = before, status
}

// wait waits for one command in the background, or for all. A signal that is
// trapped ends it.
func wait(s *shell, argv []string) int {
	if len(argv) == 1 {
		for _, procs := range s.jobs {
			for _, c := range procs {
				if status, hit := s.interrupted(c); hit {
					return status
				}
			}
		}
		clear(s.jobs)
		return 0
	}
	status := 0
	for _, word := range argv[1:] {
		pid, err := strconv.Atoi(word)
		if err != nil {
			return s.badNumber("wait", word)
		}
		procs := s.jobs[pid]
		if status = 127; len(procs) == 0 {
			continue
		}
		for _, c := range procs {
			if status, hit := s.interrupted(c); hit {
				return status
			}
		}
		s.waited = append(s.waited, pid)
		s.ended(procs[len(procs)-1])
		status = s.status
	}
	return status
}

// interrupted waits for a process; it reports what ended the waiting else.
func (s *shell) interrupted(c *kernel.Process) (status int, hit bool) {
	select {
	case <-c.Done():
		return 0, false
	default:
	}
	select {
	case <-c.Done():
		return 0, false
	case sig := <-s.signals:
		s.runTrap(sig)
		return 128 + int(sig), true
	case <-s.p.Context().Done():
		return 0, true
	}
}

// kill sends signals. Like dash it takes "-TERM PID", and "-- -PID" for a
// mistake.
func kill(s *shell, argv []string) int {
	args, sig := argv[1:], kernel.TERM
	if len(args) == 0 {
		s.complain("kill: Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]")
		return 2
	}
	switch word := args[0]; {
	case word == "-l":
		return s.killList(args[1:])
	case word == "--":
		args = args[1:]
	case strings.HasPrefix(word, "-"):
		name := word[1:]
		if args = args[1:]; name == "s" && len(args) > 0 {
			name, args = args[0], args[1:]
		}
		var ok bool
		if sig, ok = kernel.SignalOf(name); !ok {
			s.complain("kill: Illegal option -%.1s", name)
			return 2
		}
	}
	status := 0
	for _, word := range args {
		pid, err := strconv.Atoi(word)
		if err != nil {
			if strings.HasPrefix(word, "-") {
				word = "-"
			}
			s.complain("kill: Illegal number: %s", word)
			return 2
		}
		if !s.p.Kill(pid, sig) {
			s.complain("kill: No such process\n") // with an empty line, as dash has it
			status = 1
		}
	}
	return status
}

func (s *shell) killList(args []string) int {
	if len(args) == 0 {
		for n := 1; n < 32; n++ {
			s.p.Printf("%s\n", kernel.Signal(n))
		}
		return 0
	}
	n, err := strconv.Atoi(args[0])
	if err != nil || n < 0 {
		return s.badNumber("kill", args[0])
	}
	if n > 128 {
		n -= 128
	}
	if n > 64 {
		s.complain("kill: invalid signal number or exit status: %s", args[0])
		return 2
	}
	s.p.Printf("%s\n", kernel.Signal(n))
	return 0
}
