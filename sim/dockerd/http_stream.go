package dockerd

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/events"
	"github.com/docker/docker/api/types/filters"
)

// framer writes the two streams of a container into one, each piece with a
// head that names its stream; with a terminal there is only one and no heads.
type framer struct {
	mu    sync.Mutex
	w     io.Writer
	tty   bool
	flush func()
}

func (f *framer) stream(n byte) io.Writer { return frames{f, n} }

type frames struct {
	f *framer
	n byte
}

func (s frames) Write(b []byte) (int, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	if s.f.flush != nil {
		defer s.f.flush()
	}
	if s.f.tty {
		return s.f.w.Write(b)
	}
	head := [8]byte{0: s.n}
	binary.BigEndian.PutUint32(head[4:], uint32(len(b)))
	if _, err := s.f.w.Write(append(head[:], b...)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// hijack takes the connection over for a raw stream.
func hijack(w http.ResponseWriter, r *http.Request) (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, nil, err
	}
	first := "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n"
	if r.Header.Get("Upgrade") != "" {
		first = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
	}
	var head strings.Builder
	head.WriteString(first)
	_ = w.Header().WriteSubset(&head, map[string]bool{"Content-Type": true})
	_, err = io.WriteString(conn, head.String()+"\r\n")
	return conn, rw, err
}

// broke is a context that ends with the server, for a connection that was
// taken over. The request's own ends as soon as the other side has sent all.
func broke(r *http.Request, conn net.Conn) (context.Context, func()) {
	base, _ := r.Context().Value(alive{}).(context.Context)
	ctx, cancel := context.WithCancel(base)
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	return ctx, func() {
		stop()
		cancel()
		_ = conn.Close()
	}
}

func (e *Engine) httpExecCreate(w http.ResponseWriter, r *http.Request) error {
	o, err := take[container.ExecOptions](r)
	if err != nil {
		return err
	}
	if len(o.Cmd) == 0 {
		return invalid("No exec command specified")
	}
	c, err := e.find(r.PathValue("id"))
	if err != nil {
		return err
	}
	x, err := c.createExec(o)
	if err != nil {
		return err
	}
	return give(w, http.StatusCreated, map[string]string{"Id": x.id})
}

func (e *Engine) exec(id string) (*execution, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	x := e.execs[id]
	if x == nil {
		return nil, missing("No such exec instance: %s", id)
	}
	if !x.c.st.running {
		return nil, conflict("Container %s is not running: Exited (%d)", x.c.id, x.c.st.exit)
	}
	return x, nil
}

func (e *Engine) httpExecStart(w http.ResponseWriter, r *http.Request) error {
	o, err := take[container.ExecStartOptions](r)
	if err != nil {
		return err
	}
	x, err := e.exec(r.PathValue("id"))
	if err != nil {
		return err
	}
	if o.Detach {
		e.pending.Go(func() { _, _ = x.start(context.Background(), Streams{}) })
		return nil
	}
	conn, rw, err := hijack(w, r)
	if err != nil {
		return err
	}
	ctx, end := broke(r, conn)
	defer end()
	f := &framer{w: conn, tty: x.opt.Tty}
	s := Streams{}
	if x.opt.AttachStdin {
		s.In = rw
	}
	if x.opt.AttachStdout {
		s.Out = f.stream(1)
	}
	if x.opt.AttachStderr {
		s.Err = f.stream(2)
	}
	if _, err := x.start(ctx, s); err != nil && ctx.Err() == nil {
		_, _ = frames{f, 2}.Write([]byte(err.Error() + "\r\n"))
	}
	return nil
}

func (e *Engine) httpExecInspect(w http.ResponseWriter, r *http.Request) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	x := e.execs[r.PathValue("id")]
	if x == nil {
		return missing("No such exec instance: %s", r.PathValue("id"))
	}
	return give(w, http.StatusOK, map[string]any{
		"ID": x.id, "Running": x.running, "ExitCode": x.exit, "OpenStdin": x.opt.AttachStdin, "OpenStderr": x.opt.AttachStderr, "OpenStdout": x.opt.AttachStdout,
		"CanRemove": false, "ContainerID": x.c.id, "DetachKeys": "", "Pid": x.pid,
		"ProcessConfig": map[string]any{"tty": x.opt.Tty, "entrypoint": x.opt.Cmd[0], "arguments": x.opt.Cmd[1:], "privileged": x.opt.Privileged},
	})
}

// moment reads SECONDS or SECONDS.NANOSECONDS.
func moment(word string) time.Time {
	if word == "" || word == "0" {
		return time.Time{}
	}
	seconds, rest, _ := strings.Cut(word, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}
	}
	n, _ := strconv.ParseInt((rest + "000000000")[:9], 10, 64)
	return time.Unix(s, n)
}

func (e *Engine) httpEvents(w http.ResponseWriter, r *http.Request) error {
	f, err := filtersOf(r)
	if err != nil {
		return err
	}
	since, until := moment(r.FormValue("since")), moment(r.FormValue("until"))
	ear, past := e.listen(since)
	if ear == nil {
		return errDown
	}
	defer e.unlisten(ear)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	out, enc := http.NewResponseController(w), json.NewEncoder(w)
	var over <-chan time.Time
	if !until.IsZero() {
		t := time.NewTimer(time.Until(until))
		defer t.Stop()
		over = t.C
	}
	for {
		for _, m := range past {
			if asksFor(f, m) && (until.IsZero() || m.TimeNano <= until.UnixNano()) {
				if err := enc.Encode(m); err != nil {
					return nil //nolint:nilerr // nobody reads any more
				}
			}
		}
		_ = out.Flush()
		select {
		case <-ear.more:
			past = e.take(ear)
		case <-over:
			return nil
		case <-r.Context().Done():
			panic(http.ErrAbortHandler) // the daemon is gone, or whoever read: nobody says that this was all
		}
	}
}

// asksFor holds an event against the filters.
func asksFor(f filters.Args, m events.Message) bool {
	word, _, _ := strings.Cut(string(m.Action), ":")
	named := func(key string, kind events.Type) bool {
		return !f.Contains(key) || m.Type == kind && (f.ExactMatch(key, m.Actor.ID) || f.FuzzyMatch(key, m.Actor.ID) || f.ExactMatch(key, m.Actor.Attributes["name"]))
	}
	return (f.ExactMatch("event", string(m.Action)) || f.ExactMatch("event", word)) && f.ExactMatch("type", string(m.Type)) &&
		(!f.Contains("scope") || f.ExactMatch("scope", m.Scope)) && f.MatchKVList("label", m.Actor.Attributes) &&
		named("container", "container") && named("network", "network") && named("volume", "volume") &&
		(!f.Contains("image") || f.ExactMatch("image", m.Actor.Attributes["image"]) || m.Type == "image" && f.ExactMatch("image", m.Actor.ID))
}
