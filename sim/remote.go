package sim

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Streams are what a verb reads and writes; nil is empty and nowhere.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

func (s Streams) withDefaults() Streams {
	if s.In == nil {
		s.In = bytes.NewReader(nil)
	}
	if s.Out == nil {
		s.Out = io.Discard
	}
	if s.Err == nil {
		s.Err = io.Discard
	}
	return s
}

// address is how a fleet that runs is found from its folder.
type address struct {
	URL   string `json:"url"`
	Token string `json:"token"`
	PID   int    `json:"pid"`
}

// addressFile lies in the folder of a fleet that runs.
const addressFile = "control.json"

// order is a verb on its way to the fleet; part is a piece of its output, the
// last of which has the exit status.
type order struct {
	Args  []string `json:"args"`
	Stdin []byte   `json:"stdin,omitempty"`
}

type part struct {
	Out  []byte `json:"out,omitempty"`
	Err  []byte `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"`
}

// Remote lets verbs reach a fleet from other processes of the same user.
type Remote struct {
	server *http.Server
	file   string
	done   chan struct{}
}

// Serve opens the fleet to `bot sim --dir DIR VERB`. Close ends it.
func (f *Fleet) Serve() (*Remote, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	a := address{URL: "http://" + l.Addr().String() + "/do", Token: rand.Text(), PID: os.Getpid()}
	text, err := json.Marshal(a)
	if err == nil {
		err = os.WriteFile(filepath.Join(f.o.Dir, addressFile), text, 0o600)
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	r := &Remote{file: filepath.Join(f.o.Dir, addressFile), done: make(chan struct{})}
	r.server = &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if subtle.ConstantTimeCompare([]byte(q.Header.Get("Authorization")), []byte("Bearer "+a.Token)) != 1 {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		f.answer(w, q)
	})}
	go func() {
		defer close(r.done)
		_ = r.server.Serve(l)
	}()
	return r, nil
}

// Close lets nobody in any more and waits for those who are.
func (r *Remote) Close() {
	_ = os.Remove(r.file)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if r.server.Shutdown(ctx) != nil {
		_ = r.server.Close()
	}
	<-r.done
}

func (f *Fleet) answer(w http.ResponseWriter, q *http.Request) {
	var o order
	if err := json.NewDecoder(io.LimitReader(q.Body, 64<<20)).Decode(&o); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var mu sync.Mutex
	say := func(p part) {
		mu.Lock()
		defer mu.Unlock()
		_ = json.NewEncoder(w).Encode(p)
		_ = http.NewResponseController(w).Flush()
	}
	exit := f.Do(q.Context(), Streams{
		In:  bytes.NewReader(o.Stdin),
		Out: sayer(func(b []byte) { say(part{Out: b}) }),
		Err: sayer(func(b []byte) { say(part{Err: b}) }),
	}, o.Args...)
	say(part{Exit: &exit})
}

type sayer func([]byte)

func (s sayer) Write(b []byte) (int, error) {
	s(b)
	return len(b), nil
}

// ErrNoFleet says that no fleet runs in a folder.
var ErrNoFleet = errors.New("no simulated fleet runs there")

// Ask hands a verb to the fleet that runs in a folder.
func Ask(ctx context.Context, dir string, s Streams, args ...string) (exit int, err error) {
	s = s.withDefaults()
	a, err := whereIs(dir)
	if err != nil {
		return 0, err
	}
	stdin, err := io.ReadAll(s.In)
	if err != nil {
		return 0, err
	}
	body, err := json.Marshal(order{args, stdin})
	if err != nil {
		return 0, err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	q.Header.Set("Authorization", "Bearer "+a.Token)
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return 0, errors.Join(ErrNoFleet, err)
	}
	defer r.Body.Close() //nolint:errcheck // only read
	if r.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%w: %s", ErrNoFleet, r.Status)
	}
	return s.copy(json.NewDecoder(r.Body))
}

func (s Streams) copy(from *json.Decoder) (int, error) {
	for {
		var p part
		if err := from.Decode(&p); err != nil {
			return 0, fmt.Errorf("the fleet ended in the middle of its answer: %w", err)
		}
		if _, err := s.Out.Write(p.Out); err != nil {
			return 0, err
		}
		if _, err := s.Err.Write(p.Err); err != nil {
			return 0, err
		}
		if p.Exit != nil {
			return *p.Exit, nil
		}
	}
}

func whereIs(dir string) (address, error) {
	var a address
	text, err := os.ReadFile(filepath.Join(dir, addressFile))
	if err != nil {
		return a, errors.Join(ErrNoFleet, err)
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, errors.Join(ErrNoFleet, err) // one that was killed while it wrote
	}
	return a, nil
}

// running is the process of the fleet that answers in a folder; 0 when none does.
func running(ctx context.Context, dir string) int {
	a, err := whereIs(dir)
	if err != nil {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if _, err := Ask(ctx, dir, Streams{}, "status"); err != nil {
		return 0
	}
	return a.PID
}
