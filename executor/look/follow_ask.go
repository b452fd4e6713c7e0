package look

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"vmqbot/facts"
	"vmqbot/secret"
)

// mostFollowed is how many bytes of a file one answer holds at most.
const mostFollowed = 1 << 20

// spot is how far a file was read.
type spot struct {
	name string // without ".log"
	was  string // the file by device and number; "-" before the first answer
	from int64  // the next byte; before the first answer how many there may be
	rest string // a line whose end is not written yet
}

// question is what the script reads.
func (s spot) question() string { return fmt.Sprintf("%s %s %d\n", s.name, s.was, s.from) }

// gain is one answer.
type gain struct {
	found, denied bool
	lines         []string
	more          bool // there was something, so there may be more
}

// ask asks one file over an open pipe and moves the spot.
func (s *spot) ask(pipe io.Writer, out *bufio.Reader) (gain, error) {
	if _, err := io.WriteString(pipe, s.question()); err != nil {
		return gain{}, err
	}
	head, err := out.ReadString('\n')
	if err != nil {
		return gain{}, err
	}
	var t gain
	switch said := strings.Fields(head); {
	case len(said) == 3 && said[0] == "@at":
		t.found = true
		from, err := strconv.ParseInt(said[2], 10, 64)
		if err != nil {
			return t, unclear(head)
		}
		begun := s.was == "-"
		text, err := body(out)
		if err != nil {
			return t, err
		}
		s.take(said[1], from, text, &t)
		if begun && from > 0 && len(t.lines) > 0 {
			t.lines = t.lines[1:] // its beginning was not read
		}
		return t, nil
	case head == "@none\n":
	case head == "@denied\n":
		t.denied = true
	default:
		return t, unclear(head)
	}
	_, err = body(out)
	return t, err
}

// take adds what came to what was there.
func (s *spot) take(file string, from int64, text string, t *gain) {
	if file != s.was || from != s.from { // another file, or from its beginning again
		if s.rest != "" && s.was != "-" {
			t.lines = append(t.lines, s.rest)
		}
		s.rest = ""
	}
	s.was, s.from, t.more = file, from+int64(len(text)), text != ""
	whole := strings.Split(s.rest+text, "\n")
	s.rest = whole[len(whole)-1]
	t.lines = append(t.lines, whole[:len(whole)-1]...)
}

// body is what stands between an answer's first line and its last.
func body(out *bufio.Reader) (string, error) {
	var b strings.Builder
	open := false // the last line's end is not certain
	for {
		line, err := out.ReadString('\n')
		switch {
		case err != nil:
			return "", err
		case line == "@end\n":
			return b.String(), nil
		case strings.HasPrefix(line, " "):
			if open {
				b.WriteByte('\n')
			}
			b.WriteString(strings.TrimSuffix(line[1:], "\n"))
			open = true
		case line == "\n" && open:
			b.WriteByte('\n')
			open = false
		case line == "\n":
		default:
			return "", unclear(line)
		}
	}
}

func unclear(line string) error {
	return &blindness{facts.Unreadable, fmt.Sprintf("what the host says of its log files is not understood: %q.", strings.TrimSuffix(line, "\n"))}
}

// files reads what the files of the folder grew by. The pipe stays open for the
// next time; a cut one is opened again then.
func (f *following) files(ctx context.Context) (more bool, err error) {
	if f.pipe == nil {
		pipe, err := f.host.Pipe(ctx, secret.Words("sh", "-c", followScript, "vmqbot-follow", f.node.Volumes.Log, strconv.Itoa(mostFollowed)))
		if err != nil {
			return false, err
		}
		f.pipe, f.out = pipe, bufio.NewReaderSize(pipe, 64<<10)
	}
	stop := context.AfterFunc(ctx, f.drop(f.pipe))
	defer stop()
	for i := range f.spots {
		t, err := f.spots[i].ask(f.pipe, f.out)
		if err != nil {
			said, tells := f.pipe.(interface{ Err() error })
			if tells && ctx.Err() == nil && errors.Is(err, io.EOF) {
				err = said.Err()
			}
			f.drop(f.pipe)()
			f.pipe = nil
			return false, err
		}
		if t.denied {
			return false, &blindness{facts.Denied, fmt.Sprintf("%s/%s.log on %s cannot be read by user %s.", f.node.Volumes.Log, f.spots[i].name, f.name, f.node.SSH.User)}
		}
		more = more || t.more
		f.grew(&f.spots[i], t)
	}
	return more, nil
}
