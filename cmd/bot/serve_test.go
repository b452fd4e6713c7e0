package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
	"vmqbot/ops"
	"vmqbot/regions"
)

func TestMain(m *testing.M) { slackworld.Main(m) }

const slackPart = `slack: {channel: C0123, team: T01}
roles: {viewer: [S0EVERYONE], operator: [S0ONCALL], admin: [U0ANA]}
approval: {reattach: {approvers: S0ONCALL}}
`

// safe is a buffer that the bot writes and the test reads.
type safe struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safe) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safe) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestServe runs the whole program: commands, a fleet file that is read again,
// one that is refused, what the terminal did, the web endpoints, a clean stop.
func TestServe(t *testing.T) {
	s := slackworld.New(t)
	w := newWorld(t)
	w.env["SLACK_API_URL"], w.env["SLACK_BOT_TOKEN"], w.env["SLACK_APP_TOKEN"] = s.URL, slackworld.BotToken, slackworld.AppToken
	file := w.fleet("regions:", slackPart+"regions:")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var logs safe
	hangup := make(chan os.Signal, 1)
	p := &process{args: []string{"serve", "--config", file, "--listen", "127.0.0.1:0"}, stdin: strings.NewReader(""), stdout: io.Discard, stderr: &logs, getenv: func(k string) string { return w.env[k] }, hangup: hangup}
	ctx, stop := context.WithCancel(t.Context())
	exit := make(chan int, 1)
	go func() { exit <- p.main(ctx) }() // the test waits for it below
	s.Until("two connections", func() bool { return s.Proxy.Connections() == 2 })

	s.Type(slackworld.Viewer, "status")
	s.Await("release: cn-1, sg-1", "connection refused")
	s.Type(slackworld.OnCall, "reattach cn")
	s.Await("Nothing was done: cn-1 is not touched, because it cannot be seen")

	// A wrong file is refused, and the one before is kept.
	write := func(content string) {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		hangup <- syscall.SIGHUP
	}
	write(strings.Replace(string(good), "approval: {reattach", "approval: {reatach", 1))
	s.Until("the file is refused", func() bool { return strings.Contains(logs.String(), `there is no verb \"reatach\"`) })
	s.Type(slackworld.Viewer, "history")
	s.Await("Nothing was done yet")
	write(strings.Replace(string(good), "viewer: [S0EVERYONE]", "viewer: []", 1))
	s.Until("the file is read", func() bool { return strings.Contains(logs.String(), "the fleet file was read again") })
	s.Type(slackworld.Viewer, "status")
	s.Await("You have no role here")

	if code, body := web(t, address(t, logs.String())+"/healthz"); code != 200 || !strings.Contains(body, "the last sign of the watch") {
		t.Errorf("%d %s", code, body)
	}
	began := time.Now()
	stop()
	if code := <-exit; code != 0 || time.Since(began) > 20*time.Second {
		t.Errorf("exit %d after %s\n%s", code, time.Since(began), logs.String())
	}
	for _, secret := range []string{"hunter2", slackworld.BotToken, slackworld.AppToken} {
		if strings.Contains(logs.String(), secret) {
			t.Errorf("the log shows %s", secret)
		}
	}
	w.wants(w.bot("audit", "verify", "--config", file), 0, "2 lines are as they were written", "")
}

// address is where the log says that it listens.
func address(t *testing.T, logs string) string {
	t.Helper()
	for line := range strings.Lines(logs) {
		var l struct{ Msg, Address string }
		if json.Unmarshal([]byte(line), &l) == nil && l.Msg == "listening" {
			return "http://" + l.Address
		}
	}
	t.Fatal("it does not say where it listens")
	return ""
}

func web(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url) //nolint:noctx // of this machine
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestServeRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		env  string
		file string
		says string
	}{
		"no token":         {"", slackPart, "SLACK_BOT_TOKEN is not set"},
		"another token":    {"SLACK_BOT_TOKEN=xoxp-1", slackPart, "another kind of token"},
		"tokens swapped":   {"SLACK_BOT_TOKEN=xapp-1 SLACK_APP_TOKEN=xoxb-1", slackPart, "The tokens are swapped: SLACK_BOT_TOKEN begins with xapp- and must begin with xoxb-"},
		"one token twice":  {"SLACK_BOT_TOKEN=xoxb-1 SLACK_APP_TOKEN=xoxb-1", slackPart, "The tokens are swapped: SLACK_APP_TOKEN begins with xoxb- and must begin with xapp-"},
		"no ear":           {"SLACK_BOT_TOKEN=xoxb-1", slackPart, "nothing could be heard"},
		"no channel":       {"SLACK_BOT_TOKEN=xoxb-1", "", "names no slack.channel and slack.team"},
		"a file not there": {"SLACK_BOT_TOKEN_FILE=/no/such", slackPart, "SLACK_BOT_TOKEN_FILE cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for _, set := range strings.Fields(tt.env) {
				k, v, _ := strings.Cut(set, "=")
				w.env[k] = v
			}
			w.wants(w.bot("serve", "--config", w.fleet("regions:", tt.file+"regions:"), "--listen", "127.0.0.1:0"), 2, "", tt.says)
		})
	}
	w := newWorld(t)
	w.wants(w.bot("serve", "x"), 2, "", "does not know what to do")
	w.wants(w.bot("manifest"), 0, `"command": "/vmq"`, "")
	w.wants(w.bot("manifest", "--url", "https://a.example/slack/events"), 0, `"request_url": "https://a.example/slack/events"`, "")
	w.wants(w.bot("manifest", "x"), 2, "", "manifest takes an address")
}

// TestTheTerminalIsAnnounced: the operation fails here, because nobody is
// there, but what is announced is what was begun.
func TestTheTerminalIsAnnounced(t *testing.T) {
	s := slackworld.New(t)
	w := newWorld(t)
	w.env["SLACK_API_URL"], w.env["SLACK_BOT_TOKEN"] = s.URL, slackworld.BotToken
	file := w.fleet("regions:", slackPart+"regions:")
	st, err := (&process{getenv: func(k string) string { return w.env[k] }}).openStore(t.Context(), fleetOf(t, w, file))
	if err != nil {
		t.Fatal(err)
	}
	if err := st.SaveOperation(t.Context(), running); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	w.wants(w.bot("run", "--config", file, "--yes", "--", "cancel", "abcdef"), 0, "Cancel abcdef: done", "operation")
	s.Await("`cancel abcdef` was done from outside Slack by `terminal:ana`", "*done*")
	s.Proxy.Fail(func(string, int) slackworld.Fault { return slackworld.Fault{Hang: true} })
	began := time.Now()
	w.wants(w.bot("run", "--config", file, "--yes", "--", "cancel", "abcdef"), 0, "Cancel abcdef: done", "Slack was not told")
	if took := time.Since(began); took > 30*time.Second {
		t.Error(fmt.Sprint("a silent Slack held the terminal for ", took))
	}
}

var running = ops.Operation{ID: "abcdef", Actor: "terminal:bob", Line: "reattach cn", State: ops.Running, Created: time.Now()}

func fleetOf(t *testing.T, w *world, file string) *regions.Fleet {
	t.Helper()
	f, err := (&process{getenv: func(k string) string { return w.env[k] }}).loadFleet(file)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestDoctorAsksSlackToo, in words and as JSON; without a token it says so, and a part
// of the fleet is asked without it.
func TestDoctorAsksSlackToo(t *testing.T) {
	s := slackworld.New(t)
	w := newWorld(t)
	file := w.fleet("regions:", slackPart+"regions:")
	w.wants(w.bot("doctor", "--config", file), 4, "UNSEEN   token: Slack was not asked: SLACK_BOT_TOKEN is not set", "")
	w.env["SLACK_API_URL"], w.env["SLACK_BOT_TOKEN"], w.env["SLACK_APP_TOKEN"] = s.URL, slackworld.BotToken, slackworld.AppToken
	w.wants(w.bot("doctor", "--config", file), 4, "fine     U0ANA in role admin: Ana Admin @ana", "")
	w.wants(w.bot("doctor", "--config", file, "--json"), 4, `{"about":"app token","verdict":"ok","says":"Socket Mode takes it"}`, "")
	w.wants(w.bot("doctor", "--config", w.fleet("team: T01", "team: T02")), 1, "WRONG    token: it is of workspace Test (T01)", "")
	if got := w.bot("doctor", "--config", file, "cn"); strings.Contains(got.stdout, "token") {
		t.Errorf("one region was asked for: %s", got.stdout)
	}
}
