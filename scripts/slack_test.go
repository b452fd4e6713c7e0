package scripts

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"vmqbot/bot/slackworld"
)

// slackRoom is a Slack of the script's own, with a bot that serves the script's
// fleet in it.
type slackRoom struct {
	*slackworld.World
	bot *exec.Cmd
	log heard
}

// people are those of the workspace, by the names that scripts use.
var people = map[string]string{"ana": slackworld.Admin, "bob": slackworld.OnCall, "sue": slackworld.Second, "eve": slackworld.Viewer, "max": slackworld.Nobody}

// chat is what a script does in Slack:
//
//	slack begin [watching]      starts bot serve with $FLEET, and its watch
//	slack NAME /vmq VERB...     NAME types it in the fleet's channel and waits for the first answer
//	slack said PATTERN          waits until the bot has said it, to anybody
//	slack thread PATTERN        waits until it stands in a thread, as text or in a file
//	slack press NAME BUTTON     NAME presses it on the newest message that has it
//	slack end                   stops the bot, which must end cleanly
func (w *world) chat(ts *testscript.TestScript, neg bool, args []string) {
	switch {
	case neg || len(args) == 0:
		ts.Fatalf("usage: slack begin [watching] | end | said PATTERN | thread PATTERN | press NAME BUTTON | NAME /vmq VERB...")
	case args[0] == "begin":
		w.openSlack(ts, args[1:])
	case w.slack == nil:
		ts.Fatalf("nobody serves Slack; say slack begin first")
	case args[0] == "end":
		w.closeSlack(ts)
	case args[0] == "said" && len(args) == 2:
		re := regexp.MustCompile(args[1])
		w.slack.Until("the bot says "+args[1], func() bool {
			return w.slack.find(func(m slackworld.Message) bool { return re.MatchString(m.All()) }) != nil
		})
	case args[0] == "thread" && len(args) == 2:
		w.slack.Until("a thread says "+args[1], func() bool { return w.slack.inThread(regexp.MustCompile(args[1])) })
	case args[0] == "press" && len(args) == 3:
		w.press(ts, args[1], args[2])
	case len(args) > 2 && args[1] == "/vmq" && people[args[0]] != "":
		w.typed(ts, people[args[0]], strings.Join(args[2:], " "))
	default:
		ts.Fatalf("what does slack %s mean?", strings.Join(args, " "))
	}
}

// openSlack starts a Slack, and the bot in it, as an operator would.
func (w *world) openSlack(ts *testscript.TestScript, how []string) {
	s := &slackRoom{World: slackworld.NewOwn(scriptTB{ts: ts})}
	s.bot = exec.Command(filepath.Join(w.bin, "bot"), "serve", "--config", ts.Getenv("FLEET"), "--listen", "127.0.0.1:0")
	if !slices.Equal(how, []string{"watching"}) {
		s.bot.Args = append(s.bot.Args, "--no-watch") // or it would repair what the script breaks
	}
	for _, name := range []string{"XDG_STATE_HOME", "HOME", "PATH", "USER"} {
		s.bot.Env = append(s.bot.Env, name+"="+ts.Getenv(name))
	}
	s.bot.Env = append(s.bot.Env, "SLACK_API_URL="+s.URL, "SLACK_BOT_TOKEN="+slackworld.BotToken, "SLACK_APP_TOKEN="+slackworld.AppToken)
	s.bot.Stdout, s.bot.Stderr = &s.log, &s.log
	ts.Check(s.bot.Start())
	w.slack = s
	ts.Defer(func() {
		if w.slack == s { // the script failed before its end
			ts.Logf("bot serve:\n%s", s.log.String())
			_ = s.bot.Process.Kill() // it is a script that failed
			_ = s.bot.Wait()
			w.slack = nil
		}
	})
	s.Until("two connections of the bot", func() bool { return s.Proxy.Connections() == 2 })
}

// closeSlack stops the bot as a service manager does.
func (w *world) closeSlack(ts *testscript.TestScript) {
	s := w.slack
	ts.Check(s.bot.Process.Signal(syscall.SIGTERM))
	if err := s.bot.Wait(); err != nil {
		ts.Fatalf("bot serve: %v\n%s", err, s.log.String())
	}
	w.slack = nil
}

// typed types a command, and tells how long the first answer took.
func (w *world) typed(ts *testscript.TestScript, user, line string) {
	before := len(w.slack.ofBot())
	began := time.Now()
	w.slack.Type(user, line)
	w.slack.Until("an answer to "+line, func() bool { return len(w.slack.ofBot()) > before })
	ts.Logf("/vmq %s: first visible answer after %s", line, time.Since(began).Round(time.Millisecond))
}

// press finds the newest message with the button first.
func (w *world) press(ts *testscript.TestScript, name, button string) {
	if people[name] == "" {
		ts.Fatalf("nobody is called %q", name)
	}
	has := func(m slackworld.Message) bool { return m.Button(button) != "" }
	w.slack.Until("a button "+button, func() bool { return w.slack.find(has) != nil })
	w.slack.Press(people[name], *w.slack.find(has), button)
}

// ofBot are the messages of the bot, oldest first.
func (s *slackRoom) ofBot() (all []slackworld.Message) {
	for _, m := range s.Messages() {
		if m.User == slackworld.Bot {
			all = append(all, m)
		}
	}
	return all
}

// find is the newest message of the bot that is so; nil when there is none.
func (s *slackRoom) find(is func(slackworld.Message) bool) *slackworld.Message {
	all := s.ofBot()
	for i := len(all) - 1; i >= 0; i-- {
		if is(all[i]) {
			return &all[i]
		}
	}
	return nil
}

// inThread looks through threads, and through the files that were put there.
func (s *slackRoom) inThread(re *regexp.Regexp) bool {
	if s.find(func(m slackworld.Message) bool { return m.Thread != "" && m.Thread != m.TS && re.MatchString(m.All()) }) != nil {
		return true
	}
	for _, c := range s.Proxy.Calls("upload") {
		if re.MatchString(c.Args.Get("body")) {
			return true
		}
	}
	return false
}

// scriptTB lets a script fail where slackworld would fail a test.
type scriptTB struct {
	testing.TB
	ts *testscript.TestScript
}

func (t scriptTB) Helper()                           {}
func (t scriptTB) Cleanup(f func())                  { t.ts.Defer(f) }
func (t scriptTB) Fatal(args ...any)                 { t.ts.Fatalf("%v", args) }
func (t scriptTB) Fatalf(format string, args ...any) { t.ts.Fatalf(format, args...) }

// Errorf comes when the script has ended already: what Slack would have refused
// must not pass.
func (t scriptTB) Errorf(format string, args ...any) { t.ts.Fatalf(format, args...) }
