// Package slackworld is the Slack of the tests: local-slack, which others
// wrote, and a proxy of ours before it that does what local-slack does not and
// Slack does: one connection for each envelope, rate limits, size limits,
// failures, disconnects, repetitions, guests and user groups.
package slackworld

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Ids of the workspace.
const (
	Team    = "T01"
	Channel = "C0123" // the fleet's
	General = "C0GEN" // another one
	Shared  = "C0EXT" // shared with another organization
	Pending = "C0PEN" // about to be shared
	China   = "C0CHN" // of one region
	Bot     = "U0VMQ"
	Admin   = "U0ANA"
	OnCall  = "U0BOB" // an operator who may approve
	Second  = "U0SUE" // another one
	Viewer  = "U0EVE"
	Nobody  = "U0MAX" // stands in no list
	Guest   = "U0GST" // of several channels

	SingleGuest = "U0ULT" // of one channel
	Stranger    = "U0STR" // from another organization
	Machine     = "U0MCH" // another bot
	Deleted     = "U0DEL"
	OtherTeam   = "U0OTH"

	BotToken = "xoxb-test-token-0123456789"
	AppToken = "xapp-test-token-0123456789"
	Secret   = "test-signing-secret"
)

const workspace = `workspace: {name: Test, domain: test, teamId: T01}
app: {appId: A01, botUserId: U0VMQ, botName: vmq, botToken: ` + BotToken + `, appToken: ` + AppToken + `, signingSecret: ` + Secret + `, mode: %s, requestUrl: %q}
users:
  - {id: U0ANA, name: ana, real_name: Ana Admin}
  - {id: U0BOB, name: bob, real_name: Bob Oncall}
  - {id: U0SUE, name: sue, real_name: Sue Oncall}
  - {id: U0EVE, name: eve, real_name: Eve Viewer}
  - {id: U0MAX, name: max, real_name: Max Nobody}
  - {id: U0GST, name: gst, real_name: A Guest}
  - {id: U0ULT, name: ult, real_name: A Guest of one channel}
  - {id: U0STR, name: str, real_name: A Stranger}
  - {id: U0MCH, name: mch, real_name: A Machine}
  - {id: U0DEL, name: del, real_name: A Deleted}
  - {id: U0OTH, name: oth, real_name: Of another team}
channels:
  - {id: C0123, name: fleet, members: [U0ANA, U0BOB, U0SUE, U0EVE, U0MAX, U0GST, U0ULT, U0STR, U0MCH, U0DEL, U0OTH, U0VMQ]}
  - {id: C0GEN, name: general, members: [U0ANA, U0BOB, U0SUE, U0EVE, U0MAX, U0GST, U0ULT, U0STR, U0MCH, U0DEL, U0OTH, U0VMQ]}
  - {id: C0EXT, name: partners, members: [U0ANA, U0BOB, U0VMQ]}
  - {id: C0PEN, name: soon-shared, members: [U0ANA, U0BOB, U0VMQ]}
  - {id: C0CHN, name: china, members: [U0ANA, U0BOB, U0SUE, U0EVE, U0VMQ]}
`

// slack is one running local-slack.
type slack struct {
	cmd  *exec.Cmd
	port string
	logs *lines
}

// binary finds local-slack where LOCAL_SLACK says, or where make local-slack
// has put it.
func binary() (string, error) {
	at := os.Getenv("LOCAL_SLACK")
	if at == "" {
		cache := os.Getenv("XDG_CACHE_HOME")
		if cache == "" {
			cache = filepath.Join(os.Getenv("HOME"), ".cache")
		}
		at = filepath.Join(cache, "vmqbot", "local-slack-0.1.8")
	}
	if _, err := os.Stat(at); err != nil {
		return "", fmt.Errorf("local-slack is not at %s; type: make local-slack", at)
	}
	return at, nil
}

// start runs local-slack on a free port until stop.
func start(ctx context.Context, mode, requestURL string) (*slack, error) {
	at, err := binary()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "local-slack")
	if err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(config, []byte(fmt.Sprintf(workspace, mode, requestURL)), 0o600); err != nil {
		return nil, err
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	s := &slack{cmd: exec.Command(at, "--config", config, "--port", port), port: port, logs: &lines{}} //nolint:gosec // the tests name it
	s.cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.cmd.Stderr = s.logs
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	up := make(chan error, 1)
	go s.read(out, up) // ends with the process
	select {
	case err = <-up:
	case <-time.After(60 * time.Second):
		err = errors.New("it did not come up within a minute")
	}
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("local-slack: %w\n%s", err, s.logs)
	}
	return s, nil
}

// read waits for the line that says that it serves, and drinks the rest.
func (s *slack) read(out interface{ Read([]byte) (int, error) }, up chan<- error) {
	sc := bufio.NewScanner(out)
	told := false
	for sc.Scan() {
		fmt.Fprintln(s.logs, sc.Text())
		if !told && strings.Contains(sc.Text(), "Apps:") {
			told = true
			up <- nil
		}
	}
	if !told {
		up <- errors.New("it ended at once")
	}
}

func (s *slack) stop() {
	_ = s.cmd.Process.Kill() // it may have ended
	_ = s.cmd.Wait()
}

func freePort(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close() //nolint:errcheck // only its number was wanted
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// lines keeps what a process printed.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// pool are the local-slacks with Socket Mode of this process. A test has one to
// itself, and the next test gets it as it was on the first day.
var pool struct {
	sync.Mutex
	all, free []*slack
}

// borrow takes a free one, or starts another.
func borrow(ctx context.Context) (*slack, error) {
	pool.Lock()
	defer pool.Unlock()
	if n := len(pool.free); n > 0 {
		s := pool.free[n-1]
		pool.free = pool.free[:n-1]
		return s, nil
	}
	s, err := start(ctx, "socket", "")
	if err == nil {
		pool.all = append(pool.all, s)
	}
	return s, err
}

func giveBack(s *slack) {
	pool.Lock()
	defer pool.Unlock()
	pool.free = append(pool.free, s)
}

// atOnce is how many tests that call t.Parallel run at a time: they wait for
// Slack's pace and not for a processor. -parallel says otherwise.
const atOnce = 10

// Main runs the tests of a package, with few local-slacks for all of them.
func Main(m *testing.M) {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		_ = flag.Set("test.parallel", strconv.Itoa(atOnce)) // it is a number
	}
	code := m.Run()
	pool.Lock()
	for _, s := range pool.all {
		s.stop()
	}
	pool.Unlock()
	os.Exit(code)
}
