package wire

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"time"
)

// waiting is what a spare runs: it takes a script from stdin and becomes it.
// The text is the same for every spare, so ps shows no word of a command
// before the command runs.
//   - The first line names the line that ends the script. Without that line,
//     because the connection was cut, nothing of the script runs.
//   - The same line is said before the script starts. While it has not been
//     said nothing has started, whatever the exit status.
//   - "read" takes single bytes from what cannot seek, so what follows the script is
//     left for the command. LC_ALL is for bash, which else takes a newline
//     behind half a character of UTF-8 for the other half.
const waiting = `printf 'vmqbot %s\n' ready
IFS= read -r vmqbot_end || exit 1
vmqbot_script=
while IFS= LC_ALL=C read -r vmqbot_line || exit 1; do
[ "$vmqbot_line" = "$vmqbot_end" ] && break
vmqbot_script=$vmqbot_script$vmqbot_line'
'
done
printf '%s\n' "$vmqbot_end" && eval "$vmqbot_script"`

// ready is what a spare says when it can take a script.
const ready = "vmqbot ready"

const (
	maxNoise  = 64 << 10 // what the start-up files of the shell may print
	maxScript = 4 << 10  // longer ones are read so slowly that a new session is faster
)

// errUnstarted says that a spare ended before its script started. It is true
// only while the connection is alive: a dead one may have lost the spare's
// words.
var errUnstarted = errors.New("the shell that was kept ready ended before the command started")

// errNoisy says that a shell talks too much to be understood.
var errNoisy = errors.New("the shell printed too much before the command started")

// warm makes a spare of a session that has just been opened.
func (s *session) warm() error {
	late := time.AfterFunc(s.host.pool.pace.ready, func() { _ = s.ch.Close() })
	defer late.Stop()
	if err := s.start("exec", waiting); err != nil {
		return err
	}
	s.out = bufio.NewReader(s.ch)
	noise, err := s.until(ready)
	s.noise = noise
	return err
}

// until reads stdout up to the end of a line and returns what came before it.
func (s *session) until(end string) (before string, err error) {
	for len(before) < maxNoise {
		line, err := s.out.ReadSlice('\n')
		if noise, found := strings.CutSuffix(string(line), end+"\n"); found {
			return before + noise, nil
		}
		before += string(line)
		if err != nil {
			return before, err
		}
	}
	return before, errNoisy
}

// feed hands a spare its script and the input of the command, and returns
// when the spare has said that the script starts.
func (s *session) feed(script string, stdin []byte, stdout io.Writer) error {
	end := rand.Text()
	s.write(append([]byte(end+"\n"+script+"\n"+end+"\n"), stdin...))
	noise, err := s.until(end)
	switch {
	case err == nil:
		_, err = io.WriteString(stdout, s.noise+noise) // as a new shell would have
		return err
	case !errors.Is(err, io.EOF):
		return err
	}
	<-s.ended
	if !s.came {
		return errMissing
	}
	return errUnstarted
}

// spareFor is the spare of the live connection, if there is one that can take
// the script.
func (h *Host) spareFor(script string) *session {
	h.mu.Lock()
	l := h.link
	h.mu.Unlock()
	if l == nil || !l.alive() || len(script) > maxScript {
		return nil
	}
	return l.take()
}

// unstarted proves that a spare did not start its command: the connection
// that brought the spare's last word is still alive.
func (s *session) unstarted(ctx context.Context, err error) bool {
	return errors.Is(err, errUnstarted) && s.link.ping(ctx) == nil
}
