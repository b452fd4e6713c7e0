package dockerd

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"
)

// logOptions is what of a log is asked for.
type logOptions struct {
	out, err, follow, stamps bool
	tail                     int // -1 is all
	since, until             time.Time
}

func logOptionsOf(r *http.Request) logOptions {
	o := logOptions{
		out: yes(r, "stdout"), err: yes(r, "stderr"), follow: yes(r, "follow"), stamps: yes(r, "timestamps"),
		tail: -1, since: moment(r.FormValue("since")), until: moment(r.FormValue("until")),
	}
	if n, err := strconv.Atoi(r.FormValue("tail")); err == nil && n >= 0 {
		o.tail = n
	}
	return o
}

func (e *Engine) httpLogs(w http.ResponseWriter, r *http.Request) error {
	o := logOptionsOf(r)
	if !o.out && !o.err {
		return invalid("Bad parameters: you must choose at least one stream")
	}
	c, err := e.find(r.PathValue("id"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.WriteHeader(http.StatusOK)
	out := http.NewResponseController(w)
	f := &framer{w: w, tty: c.config.Tty, flush: func() { _ = out.Flush() }}
	c.follow(r.Context(), f, o)
	return nil
}

// follow writes a log, and what comes while the container runs.
func (c *Container) follow(ctx context.Context, f *framer, o logOptions) {
	wants := func(l line) bool {
		return (l.stream == 1 && o.out || l.stream == 2 && o.err) && !l.at.Before(o.since) && (o.until.IsZero() || !l.at.After(o.until))
	}
	first := true
	for next := 0; ; first = false {
		c.e.mu.Lock()
		over, moved := !c.st.running || c.removed, c.moved
		c.e.mu.Unlock()
		lines, n, more := c.log.from(next)
		next = n
		var chosen []line
		for _, l := range lines {
			if wants(l) {
				chosen = append(chosen, l)
			}
		}
		if first && o.tail >= 0 && len(chosen) > o.tail {
			chosen = chosen[len(chosen)-o.tail:]
		}
		for _, l := range chosen {
			text := l.text
			if o.stamps {
				text = append([]byte(l.at.UTC().Format("2006-01-02T15:04:05.000000000Z07:00")+" "), text...)
			}
			if _, err := f.stream(l.stream).Write(text); err != nil {
				return
			}
		}
		if !o.follow || over {
			return
		}
		select {
		case <-more:
		case <-moved:
		case <-ctx.Done():
			return
		}
	}
}

// httpAttach joins a caller to a container: what it prints from now on, or
// with logs from its beginning, and what the caller sends as its input.
func httpAttach(c *Container, w http.ResponseWriter, r *http.Request) error {
	c.e.mu.Lock()
	c.tell("attach", nil)
	c.e.mu.Unlock()
	o := logOptionsOf(r)
	o.follow = yes(r, "stream")
	if !yes(r, "logs") {
		o.tail = 0
	}
	conn, rw, err := hijack(w, r)
	if err != nil {
		return err
	}
	ctx, end := broke(r, conn)
	defer end()
	if yes(r, "stdin") && c.config.OpenStdin {
		c.e.pending.Go(func() { c.feed(ctx, rw) })
	}
	if o.follow && !c.Running() { // attached before its start, as docker run does
		c.e.mu.Lock()
		moved := c.moved
		waits := c.st.started.IsZero()
		c.e.mu.Unlock()
		if waits {
			select {
			case <-moved:
			case <-ctx.Done():
				return nil
			}
		}
	}
	c.follow(ctx, &framer{w: conn, tty: c.config.Tty}, o)
	return nil
}

// feed hands on what comes to the first process's input, once it runs.
func (c *Container) feed(ctx context.Context, from io.Reader) {
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		r := c.life(ctx)
		if r == nil || r.stdin == nil {
			return
		}
		if n > 0 {
			if _, err := r.proc.Use(r.stdin).Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			if c.config.StdinOnce {
				c.hangUp(r)
			}
			return
		}
	}
}

// hangUp closes the input of a life, once.
func (c *Container) hangUp(r *run) {
	c.e.mu.Lock()
	in := r.stdin
	r.stdin = nil
	c.e.mu.Unlock()
	if in != nil {
		_ = in.Close()
	}
}

// life waits for the container to run.
func (c *Container) life(ctx context.Context) *run {
	for {
		c.e.mu.Lock()
		r, moved := c.run, c.moved
		c.e.mu.Unlock()
		if r != nil {
			return r
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return nil
		}
	}
}
