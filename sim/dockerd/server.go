package dockerd

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/docker/docker/api/types/filters"
)

// server answers HTTP for one life of the daemon.
type server struct {
	http  *http.Server
	end   context.CancelFunc
	conns sync.WaitGroup
	work  sync.WaitGroup // requests under way
}

// serve answers on a listener until close.
func (e *Engine) serve(d *daemon, l net.Listener) *server {
	ctx, end := context.WithCancel(context.Background())
	s := &server{end: end}
	routes := e.routes()
	s.http = &http.Server{
		BaseContext: func(net.Listener) context.Context { return ctx },
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.work.Add(1)
			defer s.work.Done()
			select {
			case <-d.ready: // until then whoever asks waits
			case <-r.Context().Done():
				return
			case <-d.over:
				panic(http.ErrAbortHandler)
			}
			e.answer(routes, w, r)
		}),
	}
	d.work.Go(func() { _ = s.http.Serve(tracked{l, s}) })
	return s
}

// close breaks every connection and waits for what was under way.
func (s *server) close() {
	s.end()
	_ = s.http.Close()
	s.work.Wait()
	s.conns.Wait()
}

// tracked counts the connections, those that were taken over among them.
type tracked struct {
	net.Listener
	s *server
}

func (t tracked) Accept() (net.Conn, error) {
	c, err := t.Listener.Accept()
	if err != nil {
		return nil, err
	}
	t.s.conns.Add(1)
	return &counted{Conn: c, done: t.s.conns.Done}, nil
}

type counted struct {
	net.Conn
	once sync.Once
	done func()
}

func (c *counted) Close() error {
	defer c.once.Do(c.done)
	return c.Conn.Close()
}

// CloseWrite ends what is sent and still receives.
func (c *counted) CloseWrite() error {
	if h, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return h.CloseWrite()
	}
	return nil
}

// handler answers one request; what it returns is told as an error.
type handler func(w http.ResponseWriter, r *http.Request) error

// answer agrees on the version and finds the handler.
func (e *Engine) answer(routes *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Api-Version", APIVersion)
	h.Set("Docker-Experimental", "false")
	h.Set("Ostype", "linux")
	h.Set("Server", "Docker/"+Version+" (linux)")
	if rest, ok := strings.CutPrefix(r.URL.Path, "/v"); ok {
		version, path, _ := strings.Cut(rest, "/")
		if n := minor(version); n >= 0 {
			if n > minor(APIVersion) {
				tell(w, invalid("client version %s is too new. Maximum supported API version is %s", version, APIVersion))
				return
			}
			if n < minor(minAPI) {
				tell(w, invalid("client version %s is too old. Minimum supported API version is %s, please upgrade your client to a newer version", version, minAPI))
				return
			}
			r.URL.Path, r.URL.RawPath = "/"+path, ""
		}
	}
	routes.ServeHTTP(w, r)
}

// minor reads 1.N; -1 when it is none.
func minor(version string) int {
	rest, ok := strings.CutPrefix(version, "1.")
	n, err := strconv.Atoi(rest)
	if !ok || err != nil {
		return -1
	}
	return n
}

// tell answers with an error, as the real engine does.
func tell(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	var no *Error
	switch {
	case errors.As(err, &no):
		status = no.Status
	case errors.Is(err, syscall.ENOSPC):
		err = errors.New("write " + dataRoot + ": no space left on device")
	}
	if status == http.StatusNotModified {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": err.Error()})
}

// give answers with JSON.
func give(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// take reads JSON.
func take[T any](r *http.Request) (v T, err error) {
	if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
		return v, invalid("%v", err)
	}
	return v, nil
}

// yes reads a flag of the query as the real engine does.
func yes(r *http.Request, name string) bool {
	switch strings.ToLower(strings.TrimSpace(r.FormValue(name))) {
	case "", "0", "no", "false", "none":
		return false
	}
	return true
}

// filtersOf reads the filters of a question.
func filtersOf(r *http.Request) (filters.Args, error) {
	text := r.FormValue("filters")
	var probe any
	if text == "" {
		return filters.NewArgs(), nil
	}
	if err := json.Unmarshal([]byte(text), &probe); err != nil {
		return filters.Args{}, broken("%v", err)
	}
	f, err := filters.FromJSON(text)
	if err != nil {
		return f, broken("%v", err)
	}
	return f, nil
}
