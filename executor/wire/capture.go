package wire

import (
	"bytes"
	"fmt"
	"sync"
)

// capture keeps the first and the last part of an output, and says each line
// as it comes.
type capture struct {
	says *speaker

	mu   sync.Mutex
	half int    // bytes kept at either end
	head []byte // at most half
	tail []byte // at most twice half, so that it is seldom moved
	cut  int    // bytes dropped in between
	part []byte // the line that has not ended yet
}

func newCapture(limit int, says *speaker) *capture {
	return &capture{says: says, half: max(limit/2, 1)}
}

// Write takes output in; it never fails.
func (c *capture) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(p)
	c.speak(p)
	return len(p), nil
}

func (c *capture) keep(p []byte) {
	n := min(len(p), c.half-len(c.head))
	c.head = append(c.head, p[:n]...)
	c.tail = append(c.tail, p[n:]...)
	if len(c.tail) > 2*c.half {
		c.trim()
	}
}

func (c *capture) trim() {
	if drop := len(c.tail) - c.half; drop > 0 {
		c.cut += drop
		c.tail = append(c.tail[:0], c.tail[drop:]...)
	}
}

func (c *capture) speak(p []byte) {
	c.part = append(c.part, p...)
	for {
		i := bytes.IndexByte(c.part, '\n')
		switch {
		case i >= 0:
			c.says.line(c.part[:i])
			c.part = c.part[i+1:]
		case len(c.part) >= maxLine:
			c.says.line(c.part[:maxLine])
			c.part = c.part[maxLine:]
		default:
			c.part = append([]byte(nil), c.part...)
			return
		}
	}
}

// flush says what came after the last newline.
func (c *capture) flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.part) > 0 {
		c.says.line(c.part)
		c.part = nil
	}
}

// String is the output; where something was cut, a line says how much.
func (c *capture) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trim()
	if c.cut == 0 {
		return string(c.head) + string(c.tail)
	}
	return fmt.Sprintf("%s\n[... %d bytes cut ...]\n%s", c.head, c.cut, c.tail)
}
