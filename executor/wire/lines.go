package wire

import (
	"strings"
	"sync"
)

// speaker hands lines on, one at a time, until it is hushed.
type speaker struct {
	mu  sync.Mutex
	say func(string)
}

func (s *speaker) line(l []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.say != nil {
		s.say(strings.TrimSuffix(string(l), "\r"))
	}
}

// hush makes sure that no line is said after the call of the command returned.
func (s *speaker) hush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.say = nil
}

// maxLine is how long a line may be before it is said in pieces.
const maxLine = 64 << 10
