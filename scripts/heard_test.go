package scripts

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// heard is what a bot has said so far. Who waits for words is woken by each.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // closed by the next word; nil while nobody waits
}

// Write adds words.
func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.more != nil {
		close(h.more)
		h.more = nil
	}
	return h.text.Write(p)
}

// Bytes is a copy of everything so far.
func (h *heard) Bytes() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return bytes.Clone(h.text.Bytes())
}

// String is everything so far.
func (h *heard) String() string { return string(h.Bytes()) }

// await reports whether a pattern came in time.
func (h *heard) await(re *regexp.Regexp, patience time.Duration) bool {
	for late := time.After(patience); ; {
		h.mu.Lock()
		if h.more == nil {
			h.more = make(chan struct{})
		}
		said, more := re.Match(h.text.Bytes()), h.more
		h.mu.Unlock()
		if said {
			return true
		}
		select {
		case <-more:
		case <-late:
			return false
		}
	}
}

// terminal makes a pseudo-terminal: what is written to keys is typed at screen.
func terminal() (keys, screen *os.File, err error) {
	keys, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	if err := unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, err
	}
	number, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	if err != nil {
		return nil, nil, err
	}
	screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	return keys, screen, err
}
