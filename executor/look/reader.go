package look

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"vmqbot/executor/engine"
	"vmqbot/facts"
	"vmqbot/secret"
)

// longestLine is more than any line of /proc/net has; a longer one is refused.
const longestLine = 64 << 10

// reader is one long-lived command on a host, which answers each look in one
// round trip, where an ssh exec would cost two and a process. One asks at a
// time.
type reader struct {
	host engine.Host
	gate chan struct{} // holds one token: whoever holds it may use what follows
	pipe io.ReadWriteCloser
	out  *bufio.Reader
	seq  int
}

func newReader(h engine.Host) *reader {
	r := &reader{host: h, gate: make(chan struct{}, 1)}
	r.gate <- struct{}{}
	return r
}

// read asks for the host's tables, unless pid is 0 for those of a process's
// network namespace, and for the disks under folders. A reader that died since the last look is started again,
// once.
func (r *reader) read(ctx context.Context, pid int, folders ...string) (tables, error) {
	select {
	case <-r.gate:
	case <-ctx.Done():
		return tables{}, &blindness{facts.TooLate, "another look was still reading the network tables of this host when the time was up: try again."}
	}
	defer func() { r.gate <- struct{}{} }()
	old := r.pipe != nil
	t, err := r.ask(ctx, pid, folders)
	if err != nil && old && ctx.Err() == nil {
		t, err = r.ask(ctx, pid, folders)
	}
	return t, err
}

func (r *reader) ask(ctx context.Context, pid int, folders []string) (tables, error) {
	if r.pipe == nil {
		pipe, err := r.host.Pipe(ctx, secret.Words("sh", "-c", script))
		if err != nil {
			return tables{}, err
		}
		r.adopt(pipe)
	}
	pipe := r.pipe
	stop := context.AfterFunc(ctx, func() { _ = pipe.Close() })
	defer stop()
	r.seq++
	_, err := io.WriteString(pipe, question(r.seq, pid, folders))
	var t tables
	if err == nil {
		t, err = parse(r.out, r.seq, pid, folders)
	}
	if err == nil {
		return t, nil
	}
	if said, ok := pipe.(interface{ Err() error }); ok && ctx.Err() == nil && errors.Is(err, io.EOF) {
		err = said.Err()
	}
	r.drop()
	if ctx.Err() != nil {
		return tables{}, &blindness{facts.TooLate, "the network tables in /proc were not read in time: try again, and look at the load of this host with `uptime`."}
	}
	b := blind(err)
	if b == facts.Failed {
		b = facts.Unreadable
	}
	return tables{}, &blindness{b, fmt.Sprintf("the network tables in /proc could not be read (%v): try `sh -c 'date +%%s'` there as the login user.", err)}
}

// question is what the script reads: one line, and one for each folder.
func question(seq, pid int, folders []string) string {
	return strings.Join(append([]string{fmt.Sprintf("%d %d %d", seq, pid, len(folders))}, folders...), "\n") + "\n"
}

func (r *reader) adopt(pipe io.ReadWriteCloser) {
	r.pipe, r.out = pipe, bufio.NewReaderSize(pipe, longestLine)
}

func (r *reader) drop() {
	if r.pipe != nil {
		_ = r.pipe.Close()
	}
	r.pipe, r.out = nil, nil
}

func (r *reader) close() {
	<-r.gate
	defer func() { r.gate <- struct{}{} }()
	r.drop()
}
