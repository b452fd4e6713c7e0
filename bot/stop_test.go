package bot_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
	"vmqbot/endpoints"
	"vmqbot/facts"
	"vmqbot/metrics"
	"vmqbot/ops"
	"vmqbot/secret"
	"vmqbot/watch"
	"vmqbot/weave"
)

func TestCancelGoesAheadOfTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.onRun = func(ctx context.Context, emit func(ops.Event)) error {
		emit(ops.Event{Kind: ops.StepNow, Step: 1, Title: "Attach", Node: "cn-1", State: ops.Running, At: time.Now()})
		for {
			all, err := w.store.Operations(ctx, 1)
			if err != nil {
				return err
			}
			by, err := w.store.CancelRequested(ctx, all[0].ID)
			if err != nil {
				return err
			}
			if by != "" {
				return ops.Errorf(ops.Refused, "history", "Cancelled by %s before step 2.", by)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.Press(slackworld.Second, card, "approve")
	w.Until("a cancel button", func() bool { return w.Await("*Running*").Button("cancel") != "" })
	live := w.Await("*Running*")
	w.Press(slackworld.Viewer, live, "cancel")
	w.Await("cancel needs the role operator")
	w.Press(slackworld.OnCall, live, "cancel")
	w.Await("*cancelled*", "Cancelled by slack:U0BOB")
}

func TestACardSurvivesTheBot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.stop()
	w.Until("the old connections to end", func() bool { return w.Proxy.Connections() == 0 })
	w.begin(slackworld.AppToken, "")
	w.Until("two connections", func() bool { return w.Proxy.Connections() == 2 })
	w.Press(slackworld.Second, card, "approve")
	if done := w.Await("*done*"); done.TS != card.TS || w.runs.Load() != 1 {
		t.Errorf("%+v", done)
	}
}

func TestACleanStopEditsTheLiveMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	begun := make(chan struct{})
	w.onRun = func(ctx context.Context, _ func(ops.Event)) error {
		close(begun)
		<-ctx.Done()
		return ops.Errorf(ops.Refused, "history", "Interrupted before step 2.")
	}
	w.Type(slackworld.OnCall, "reattach cn")
	w.Press(slackworld.Second, w.Await("asks for this"), "approve")
	<-begun
	began := time.Now()
	w.stop()
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("stopping took %s", took)
	}
	w.Await("*cancelled*", "Interrupted before step 2")
}

func TestWhatDoesNotEndInTimeIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	begun, release := make(chan struct{}), make(chan struct{})
	w.onRun = func(context.Context, func(ops.Event)) error {
		close(begun)
		<-release
		return nil
	}
	w.Type(slackworld.OnCall, "reattach cn")
	w.Press(slackworld.Second, w.Await("asks for this"), "approve")
	<-begun
	began := time.Now()
	w.stop()
	took := time.Since(began)
	close(release)
	w.Await("The bot is stopped while this runs")
	if took > 20*time.Second {
		t.Errorf("stopping took %s", took)
	}
}

// looked tells of each look.
type looked chan<- struct{}

func (l looked) Looked(ops.Looked) {
	select {
	case l <- struct{}{}:
	default:
	}
}
func (looked) Spoke(ops.Spoke)     {}
func (looked) Healed(ops.Healed)   {}
func (looked) Noticed(ops.Noticed) {}

// kept is every byte of the store: journal, approvals, audit.
func (w *world) kept() string {
	w.t.Helper()
	var all strings.Builder
	for _, file := range []string{w.path, w.path + "-wal"} {
		b, err := os.ReadFile(file)
		if err != nil && !os.IsNotExist(err) {
			w.t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}

// TestNoSecretIsSaid puts secrets in every place and looks everywhere.
func TestNoSecretIsSaid(t *testing.T) {
	t.Parallel()
	const deadman = "https://hc.example.net/canary-of-the-deadman"
	secrets := []string{
		"value-of-VERNEMQ_COOKIE", "value-of-VMQBOT_MQTT_PASSWORD", slackworld.BotToken, slackworld.AppToken, slackworld.Secret,
		"value-of-PAGERDUTY_ROUTING_KEY", "value-of-ALERTMANAGER_PASSWORD", "value-of-TICKETS_SECRET", deadman,
	}
	var board *endpoints.Board
	var numbers *metrics.Metrics
	w := newWorld(t, func(w *world) {
		w.knock = true
		w.fleet.Deadman.URL = secret.Hidden(deadman)
		w.fleet.Checks.Sweep = time.Second
		said := strings.Join(secrets, " ")
		n := w.seen.Nodes["cn-1"]
		n.Log = facts.Saw([]string{"hello", said, "distributed_cookie = canary1", "vmq_diversity.mysql.password = canary2"})
		n.LogFiles = facts.Saw([]facts.LogFile{{Name: "console.log", Lines: []string{"good morning", said, "distributed_cookie = canary1"}}})
		v, _ := n.Vitals.Get()
		v.Conf = facts.Saw(secret.New("allow_anonymous = off\ndistributed_cookie = value-of-VERNEMQ_COOKIE\nvmq_diversity.mysql.password = canary2\nlistener.max_connections = " + said))
		n.Vitals = facts.Saw(v)
		w.seen.Nodes["cn-1"] = n
		board, numbers = endpoints.NewBoard(w.fleet, wall{}), metrics.New(w.fleet, metrics.Build{})
		w.pages = board.Handler(numbers.Handler())
	})
	all := strings.Join(secrets, " ") + " distributed_cookie = canary1 vmq_diversity.mysql.password = canary2"
	w.onRun = func(_ context.Context, emit func(ops.Event)) error {
		for i, line := range append([]string{all}, secrets...) {
			emit(ops.Event{Kind: ops.Output, Step: 1, Node: "cn-1", Text: line, At: time.Now()})
			emit(ops.Event{Kind: ops.StepNow, Step: i%2 + 1, Node: "cn-1", State: ops.Broken, Title: "Step " + line, Text: line, At: time.Now()})
		}
		emit(ops.Event{Kind: ops.Output, Step: 1, Node: "cn-1", Text: strings.Repeat(all+" ", 200), At: time.Now()})
		return ops.Errorf(ops.Failed, "", "It said %s.", all)
	}
	for _, text := range []string{all, "status " + secrets[0], "reattach cn " + secrets[2]} {
		w.Type(slackworld.OnCall, text)
	}
	w.Say(slackworld.Channel, slackworld.Nobody, "<@U0VMQ> "+all, "")
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.Press(slackworld.Admin, card, "break-glass")
	w.AwaitView("Break the glass")
	w.Submit(slackworld.Admin, map[string]string{"reason": "because " + all})
	w.Await("*failed*", "broke the glass")
	w.OpenHome(slackworld.Admin)
	w.Until("a home", func() bool { return strings.Contains(w.Home(), "Done lately") })
	w.Type(slackworld.OnCall, "audit")
	w.Await("break-glass")
	w.Type(slackworld.OnCall, "history")
	w.Await("`history`")
	w.mu.Lock()
	w.seen.Nodes = maps.Clone(w.seen.Nodes)
	sg := w.seen.Nodes["sg-1"] // why something is not seen is a text of others, too
	sg.Weave = facts.Missed[weave.Report](facts.Unreadable, strings.Join(secrets, " "))
	w.seen.Nodes["sg-1"] = sg
	w.mu.Unlock()
	for _, line := range []string{"logs cn-1", "logs cn-1 --docker", "conf show cn-1", "conf diff cn-1", "diagnose cn", "status"} {
		w.Type(slackworld.Viewer, line)
		w.Until(line+" is answered", func() bool { return w.Count("`"+line+"` asked by") > 0 || w.told(slackworld.Viewer, ":") > 0 })
	}
	w.Await("`logs cn-1 --docker` asked by", "hello")
	w.Await("`logs cn-1` asked by", "good morning")
	seen := make(chan struct{}, 1)
	end := w.watches(func(on *watch.Watch) { on.Witness = ops.Witnesses{numbers, board, looked(seen)} })
	<-seen
	var pages strings.Builder
	for _, path := range []string{"/metrics", "/mesh", "/mesh.json", "/healthz", "/readyz"} {
		_, body := get(t, w.addr+path)
		pages.WriteString(body)
	}
	if !strings.Contains(pages.String(), "vmqbot_") || !strings.Contains(pages.String(), "cn-1") {
		t.Errorf("the pages show nothing: %s", pages.String())
	}
	end()
	kept := w.kept() // with what the watch keeps
	var screen strings.Builder
	for _, line := range []string{"logs cn-1", "logs cn-1 --docker", "conf diff cn-1", "history", "audit", "status"} {
		res, err := w.terminal(line)
		fmt.Fprintln(&screen, err)
		if res.View != nil {
			screen.WriteString(res.View.Text)
		}
	}
	if !strings.Contains(screen.String(), "hello") || !strings.Contains(screen.String(), "good morning") {
		t.Errorf("the terminal shows nothing: %s", screen.String())
	}
	w.stop()
	if !strings.Contains(kept, "break-glass") {
		t.Error("the store's file holds nothing")
	}
	events, err := w.store.Events(t.Context(), 1000, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(secrets, "canary1", "canary2") {
		if i := strings.Index(w.Proxy.Everything(), s); i >= 0 && s != slackworld.BotToken && s != slackworld.AppToken {
			t.Errorf("Slack was told %s: %q", s, w.Proxy.Everything()[max(0, i-300):i+60])
		}
		for _, m := range w.Messages() {
			if m.User == slackworld.Bot && strings.Contains(m.All(), s) {
				t.Errorf("a message shows %s:\n%s", s, m.All())
			}
		}
		for where, text := range map[string]string{"a page": pages.String(), "the terminal": screen.String(), "the store": kept} {
			// A terminal's process knows no signing secret: it is the bot's alone.
			if i := strings.Index(text, s); i >= 0 && (s != slackworld.Secret || where != "the terminal") {
				t.Errorf("%s shows %s: %q", where, s, text[max(0, i-200):i+len(s)])
			}
		}
		if strings.Contains(w.log.String(), s) {
			t.Errorf("the log shows %s", s)
		}
		if strings.Contains(w.Home(), s) {
			t.Errorf("the home shows %s", s)
		}
		for _, e := range events {
			if strings.Contains(e.Detail, s) {
				t.Errorf("the audit shows %s: %+v", s, e)
			}
		}
	}
}
