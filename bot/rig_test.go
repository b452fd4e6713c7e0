package bot_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"vmqbot/bot"
	"vmqbot/bot/slackworld"
	"vmqbot/control"
	"vmqbot/executor"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/ops/opstest"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/speech"
	"vmqbot/store"
)

func TestMain(m *testing.M) { slackworld.Main(m) }

// world is a bot in the Slack of the tests. Behind it stands a simulated fleet
// (simulated), or a fake of the ports where a test is about Slack and holds the
// fleet in its hand.
type world struct {
	red *secret.Redactor // of the bot and its watch; a terminal's knows less
	*slackworld.World
	t     *testing.T
	fleet *regions.Fleet
	store *store.Store
	fleetworld
	hosts *executor.Hosts // of the simulated fleet; nil where a fake stands for it
	clock ops.Clock
	graph bot.Grapher
	bot   *bot.Bot // the one that was begun last
	log   *log
	addr  string
	path  string // of the store
	deaf  time.Duration
	pages http.Handler
	knock bool // signed requests too
	stop  func()
	ran   sync.WaitGroup
	err   error
}

// fleetworld is the fleet behind the bot.
type fleetworld struct {
	mu   sync.Mutex
	seen facts.Fleet
	looks,
	runs atomic.Int32
	onRun func(ctx context.Context, emit func(ops.Event)) error
	hold  chan struct{} // looks wait for it; nil for none

	wishes ops.Wishes
	now    func() time.Time
}

func (f *fleetworld) Look(ctx context.Context, _ []regions.Node, _ facts.Need) facts.Fleet {
	f.looks.Add(1)
	if f.hold != nil {
		select {
		case <-f.hold:
		case <-ctx.Done():
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen
}

func (f *fleetworld) Run(ctx context.Context, op ops.Operation, p ops.Plan, _ func(context.Context) error, emit func(ops.Event)) error {
	f.runs.Add(1)
	if f.onRun != nil {
		return f.onRun(ctx, emit)
	}
	for i, s := range p.Steps {
		if tell, ok := s.Do.(ops.Tell); ok {
			wish := tell.Wish
			wish.ID, wish.By, wish.At = op.ID, op.Actor, f.now()
			if err := f.wishes.AddWish(ctx, wish); err != nil {
				return err
			}
		}
		emit(ops.Event{Op: op.ID, Kind: ops.StepNow, Step: i + 1, Title: s.Title, Node: s.Node, State: ops.Running, At: time.Now()})
		emit(ops.Event{Op: op.ID, Kind: ops.Output, Step: i + 1, Node: s.Node, Text: fmt.Sprintf("said in step %d <!channel> ```", i+1), At: time.Now()})
		emit(ops.Event{Op: op.ID, Kind: ops.StepNow, Step: i + 1, Title: s.Title, Node: s.Node, State: ops.Done, At: time.Now()})
	}
	return nil
}

// log is what the bot logs.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

type wall struct{}

func (wall) Now() time.Time                         { return time.Now() }
func (wall) After(d time.Duration) <-chan time.Time { return time.After(d) }

// borrowed is a desk with one service.
type borrowed struct{ s *control.Service }

func (b borrowed) Borrow() (*control.Service, func()) { return b.s, func() {} }

// newWorld starts a bot and waits until it hears on both connections.
func newWorld(t *testing.T, change ...func(*world)) *world {
	t.Helper()
	w := prepare(t, change...)
	w.World = slackworld.New(t)
	w.Proxy.Scopes(scopesOf(t)...)
	signing := ""
	if w.knock {
		signing = slackworld.Secret
	}
	w.begin(slackworld.AppToken, signing)
	w.Until("two connections", func() bool { return w.Proxy.Connections() == 2 })
	return w
}

// newWorldOn starts a bot that takes signed requests at an address.
func newWorldOn(t *testing.T, l net.Listener, address string) *world {
	t.Helper()
	w := prepare(t)
	w.World = slackworld.NewHTTP(t, address)
	w.beginOn(l, "", slackworld.Secret)
	w.Until("ready", func() bool { code, _ := get(t, w.addr+"/readyz"); return code == 200 })
	return w
}

func prepare(t *testing.T, change ...func(*world)) *world {
	t.Helper()
	f, err := regions.Load("example.yaml", []byte(regions.Example), func(_, ref string) (string, error) { return "value-of-" + ref, nil })
	if err != nil {
		t.Fatal(err)
	}
	f.Approval["reattach"] = regions.Approval{Approvers: []string{"S0ONCALL", "U0ANA"}, Count: 1, Expires: time.Hour}
	w := &world{t: t, fleet: f, log: &log{}}
	w.seen = factstest.Healthy(f)
	factstest.Restarted(&w.seen, f, "cn-1")
	w.path = filepath.Join(t.TempDir(), "vmqbot.db")
	if w.store, err = store.Open(t.Context(), w.path, wall{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.clock, w.wishes = wall{}, w.store
	for _, c := range change {
		c(w)
	}
	w.now = w.clock.Now
	return w
}

// begin starts a bot on the world's store; ending it is the test's, or the
// cleanup's.
func (w *world) begin(appToken, signing string) {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	w.beginOn(l, appToken, signing)
}

func (w *world) beginOn(l net.Listener, appToken, signing string) {
	w.t.Helper()
	w.addr = "http://" + l.Addr().String()
	tokens := []secret.Text{secret.New(slackworld.BotToken), secret.New(appToken), secret.New(signing)}
	red := w.fleet.Redactor(tokens...)
	b := bot.New(bot.Options{
		BotToken: tokens[0], AppToken: tokens[1], SigningSecret: tokens[2], API: w.URL, Channel: slackworld.Channel, Listener: l,
		Logger: slog.New(slog.NewTextHandler(w.log, nil)), Redactor: func() *secret.Redactor { return red }, Tongue: func() *speech.Tongue { return speech.In(w.fleet.Lang) }, Graph: w.graph, Deaf: w.deaf, Pages: w.pages,
	})
	w.bot, w.red = b, red
	s := w.service()
	s.Directory, s.Redactor = b.Directory(), red
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.t.Context()))
	w.ran.Go(func() { w.err = b.Run(ctx, borrowed{s}) })
	w.t.Cleanup(func() {
		if w.t.Failed() {
			w.t.Log(w.log.String())
		}
	})
	var once sync.Once
	w.stop = func() {
		once.Do(func() {
			cancel()
			w.ran.Wait()
			if w.err != nil {
				w.t.Errorf("the bot ended: %v", w.err)
			}
		})
	}
	w.t.Cleanup(w.stop)
}

// service joins the world's rooms, as cmd/bot does.
func (w *world) service() *control.Service {
	s := &control.Service{
		Fleet: w.fleet, Looker: &w.fleetworld, Runner: &w.fleetworld, Journal: w.store, History: w.store, Audit: w.store, AuditLog: w.store,
		Approvals: w.store, Keys: w.store, Leases: w.store, HostLeases: &opstest.Leases{}, Book: w.store, Wishes: w.store, Clock: w.clock, Redactor: w.fleet.Redactor(),
		Holder: rand.Text(), NewID: func() string { return strings.ToLower(fmt.Sprintf("%x", rand.Text()))[:6] }, NewToken: rand.Text,
	}
	if w.hosts != nil {
		s.Looker, s.Runner, s.HostLeases = w.hosts.Looker, w.hosts.Runner(w.fleet, w.store, w.store, wall{}), w.hosts.Leases
	}
	return s
}

// scopesOf are those that the manifest asks for.
func scopesOf(t *testing.T) []string {
	t.Helper()
	raw, err := bot.Manifest("")
	if err != nil {
		t.Fatal(err)
	}
	var m slack.Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m.OAuthConfig.Scopes.Bot
}

// audit is the kinds of the audit, oldest first.
func (w *world) audit() string {
	w.t.Helper()
	all, err := w.store.Events(w.t.Context(), 1000, "")
	if err != nil {
		w.t.Fatal(err)
	}
	var kinds []string
	for i := len(all) - 1; i >= 0; i-- {
		kinds = append(kinds, all[i].Type)
	}
	return strings.Join(kinds, " ")
}
