package bot_test

import (
	"strings"
	"testing"

	"vmqbot/bot/slackworld"
)

// TestSlackFailsWhileAnAlertIsSaid in every way: each thing is said once, in its
// order, and nobody is called twice.
func TestSlackFailsWhileAnAlertIsSaid(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]slackworld.Fault{
		"429": {Status: 429, Retry: 1}, "500": {Status: 500}, "garbage": {Body: "<html>sorry</html>"}, "done and the answer lost": {Late: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, watched)
			w.Proxy.Fail(func(method string, nth int) slackworld.Fault {
				if (method == "chat.postMessage" || method == "chat.update" || method == "conversations.history") && nth%2 == 1 {
					return f
				}
				return slackworld.Fault{}
			})
			w.watches()
			w.breaks()
			m := w.fires()
			w.Until("somebody is called", func() bool { return w.lines(m.TS, "please come") > 0 })
			w.mends()
			w.becomes(m.TS, "*Resolved: ip in cn*")
			w.Until("the last line", func() bool { return w.lines(m.TS, "resolved after") > 0 })
			for _, once := range []string{"firing: want", "please come", "nobody needs to come", "resolved after"} {
				if n := w.lines(m.TS, once); n != 1 {
					t.Errorf("%q is said %d times", once, n)
				}
			}
			if n := w.roots(); n != 1 {
				t.Errorf("%d messages", n)
			}
		})
	}
}

// TestSlackIsAway while an alert comes and goes: one message in the end, which
// tells that it is over, and nobody is called for it.
func TestSlackIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, watched)
	w.Proxy.Fail(func(method string, _ int) slackworld.Fault {
		if strings.HasPrefix(method, "chat.") || strings.HasPrefix(method, "conversations.") {
			return slackworld.Fault{Status: 500}
		}
		return slackworld.Fault{}
	})
	w.watches()
	w.breaks()
	w.Until("it was tried twice", func() bool { return len(w.Proxy.Calls("conversations.history")) > 0 })
	w.mends()
	w.Until("it is over", func() bool {
		book, err := w.store.Book(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		over := false
		for _, a := range book.Alerts {
			over = over || a.Key.String() == "ip/cn/cn-1" && !a.Needy()
		}
		return over
	})
	if n := w.roots(); n != 0 {
		t.Fatalf("%d messages while Slack was away", n)
	}
	w.Proxy.Fail(nil)
	m := w.Await("*Resolved: ip in cn*")
	w.Until("its history", func() bool { return w.lines(m.TS, "resolved after") == 1 && w.lines(m.TS, "firing: want") == 1 })
	if w.roots() != 1 || w.lines(m.TS, "please come") != 0 {
		t.Errorf("%d messages, %d pages", w.roots(), w.lines(m.TS, "please come"))
	}
}

// TestABotThatIsBegunAgainFindsItsAlert: also the one whose post was done and
// whose answer was lost with the process.
func TestABotThatIsBegunAgainFindsItsAlert(t *testing.T) {
	t.Parallel()
	w := newWorld(t, watched)
	w.Proxy.Fail(func(method string, nth int) slackworld.Fault {
		switch {
		case method == "chat.postMessage" && nth == 1:
			return slackworld.Fault{Late: true}
		case method == "chat.postMessage" || method == "conversations.history":
			return slackworld.Fault{Status: 500}
		}
		return slackworld.Fault{}
	})
	end := w.watches()
	w.breaks()
	m := w.fires()
	again := func() {
		end()
		w.stop()
		w.Until("the old connections to end", func() bool { return w.Proxy.Connections() == 0 })
		w.Proxy.Fail(nil)
		w.begin(slackworld.AppToken, "")
		end = w.watches()
	}
	again()
	w.Until("its history", func() bool { return w.lines(m.TS, "firing: want") == 1 && w.lines(m.TS, "please come") == 1 })
	again()
	w.mends()
	w.becomes(m.TS, "*Resolved: ip in cn*")
	w.Until("the last line", func() bool { return w.lines(m.TS, "resolved after") == 1 })
	if w.roots() != 1 || w.lines(m.TS, "please come") != 1 || w.lines(m.TS, "firing: want") != 1 {
		t.Errorf("%d messages, %d pages, %d lines", w.roots(), w.lines(m.TS, "please come"), w.lines(m.TS, "firing: want"))
	}
}

// TestAnAlertWhoseMessageIsGone is said anew, and goes on there.
func TestAnAlertWhoseMessageIsGone(t *testing.T) {
	t.Parallel()
	w, m := firing(t)
	w.Until("somebody is called", func() bool { return w.lines(m.TS, "please come") == 1 })
	w.Proxy.Fail(func(method string, nth int) slackworld.Fault {
		if method == "chat.update" && nth == 1 {
			return slackworld.Fault{Refused: "message_not_found"}
		}
		return slackworld.Fault{}
	})
	w.mends()
	anew := w.Await("*Resolved: ip in cn*")
	w.Until("the thread goes on there", func() bool { return w.lines(anew.TS, "resolved after") == 1 })
	if anew.TS == m.TS || w.roots() != 2 {
		t.Errorf("%d messages, %s and %s", w.roots(), m.TS, anew.TS)
	}
}

// TestAnAlertThatSlackTakesForMalformed is said in plain words.
func TestAnAlertThatSlackTakesForMalformed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, watched)
	w.Proxy.Fail(func(method string, nth int) slackworld.Fault {
		if method == "chat.postMessage" && nth == 1 {
			return slackworld.Fault{Refused: "invalid_blocks"}
		}
		return slackworld.Fault{}
	})
	w.watches()
	w.breaks()
	m := w.Await("Critical: ip in cn, cn-1: want 10.0.0.1/24")
	w.Until("it goes on below it", func() bool { return w.lines(m.TS, "please come") == 1 })
}
