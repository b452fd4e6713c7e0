package main

import (
	"context"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
)

// served is one bot serve in the Slack of the tests.
type served struct {
	logs   safe
	hangup chan os.Signal
	stop   context.CancelFunc
	exit   chan int
}

func serves(t *testing.T, s *slackworld.World, w *world, args ...string) *served {
	t.Helper()
	w.env["SLACK_API_URL"], w.env["SLACK_BOT_TOKEN"], w.env["SLACK_APP_TOKEN"] = s.URL, slackworld.BotToken, slackworld.AppToken
	v := &served{hangup: make(chan os.Signal, 1), exit: make(chan int, 1)}
	ctx, stop := context.WithCancel(t.Context())
	v.stop = stop
	p := &process{args: append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), stdin: strings.NewReader(""), stdout: io.Discard, stderr: &v.logs, getenv: func(k string) string { return w.env[k] }, hangup: v.hangup}
	go func() { v.exit <- p.main(ctx) }() // the test waits for it
	t.Cleanup(stop)
	s.Until("two connections", func() bool { return s.Proxy.Connections() == 2 })
	return v
}

// watching is how often a watch began.
func (v *served) watching() int { return strings.Count(v.logs.String(), `"msg":"watching"`) }

// TestServeWatches: what no host answers is told in the channel; a fleet file
// that is read again begins the watch anew, and a wrong one does not; a clean
// stop leaves the watch to the next process.
func TestServeWatches(t *testing.T) {
	s := slackworld.New(t)
	w := newWorld(t)
	file := w.fleet("regions:", slackPart+"regions:")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	v := serves(t, s, w, "--config", file)
	s.Until("it watches", func() bool { return v.watching() == 1 })
	write := func(content string) {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		v.hangup <- syscall.SIGHUP
	}
	write(strings.Replace(string(good), "approval: {reattach", "approval: {reatach", 1))
	s.Until("the file is refused", func() bool { return strings.Contains(v.logs.String(), "the fleet file was refused") })
	if n := v.watching(); n != 1 {
		t.Errorf("a wrong file began the watch anew: %d", n)
	}
	write(strings.Replace(string(good), "title: Singapore", "title: Singapur", 1))
	s.Until("the watch begins anew", func() bool { return v.watching() == 2 })
	s.Await("*Critical: host in cn*")
	m := s.Await("please come: storm in fleet") // hosts that refuse are no fault of our own line: Slack answers
	if m.Thread == "" {
		t.Errorf("somebody is called outside the thread: %+v", m)
	}
	// Read again while they fire: what was told is not told again, and nobody is called twice.
	write(strings.Replace(string(good), "title: Singapore", "title: Xinjiapo", 1))
	s.Until("the watch begins anew once more", func() bool { return v.watching() == 3 && strings.Count(v.logs.String(), `"msg":"settled"`) >= 3 })
	if calls, alerts := s.Count("please come: storm in fleet"), s.Count("*Critical: host in cn*"); calls != 1 || alerts != 1 {
		t.Errorf("after the file was read again: %d calls, %d messages", calls, alerts)
	}
	began := time.Now()
	v.stop()
	if code := <-v.exit; code != 0 || time.Since(began) > 20*time.Second {
		t.Errorf("exit %d after %s\n%s", code, time.Since(began), v.logs.String())
	}
	st, err := (&process{getenv: func(k string) string { return w.env[k] }}).openStore(t.Context(), fleetOf(t, w, file))
	if err != nil {
		t.Fatal(err)
	}
	if l, held, err := st.Holder(t.Context(), "release/watch"); held || err != nil {
		t.Errorf("the next process has to wait for %+v, %v", l, err)
	}
	if err := st.Close(); err != nil {
		t.Error(err)
	}
}

// TestServeWithoutWatching leaves the watch to another process.
func TestServeWithoutWatching(t *testing.T) {
	s := slackworld.New(t)
	w := newWorld(t)
	file := w.fleet("regions:", slackPart+"regions:")
	st, err := (&process{getenv: func(k string) string { return w.env[k] }}).openStore(t.Context(), fleetOf(t, w, file))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close() //nolint:errcheck // it was only read
	v := serves(t, s, w, "--config", file, "--no-watch")
	s.Type(slackworld.Viewer, "alerts")
	s.Await("Nothing fires")
	if _, held, err := st.Holder(t.Context(), "release/watch"); held || err != nil || v.watching() != 0 {
		t.Errorf("it watches: %v\n%s", err, v.logs.String())
	}
	v.stop()
	if code := <-v.exit; code != 0 {
		t.Errorf("exit %d", code)
	}
}
