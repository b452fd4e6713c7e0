package bot_test

import (
	"strings"
	"testing"

	"vmqbot/bot/slackworld"
	"vmqbot/bot/slackworld/person"
	"vmqbot/watch"
)

// thread opens the thread below the last message that has one.
func thread(t *testing.T, b *person.Browser) {
	t.Helper()
	b.Runs(`(() => {
		const all = [...document.querySelectorAll('.messages *')].filter(e => e.children.length < 3 && /^\W*\d+ repl(y|ies)/.test(e.innerText || ''));
		if (all.length) all[0].click();
		return all.length > 0;
	})()`)
}

// TestAnAlertBeforeThePage is a person on call who sees an address lost, takes
// it on, opens the plan from the alert, and sees it resolved. It leaves pictures.
func TestAnAlertBeforeThePage(t *testing.T) {
	t.Parallel()
	f, behind := simulated(t)
	w := newWorld(t, behind, func(w *world) { w.graph = drawn("\x89PNG of ") })
	b := person.New(t, w.Page, *screenshots)
	w.watches(func(on *watch.Watch) { on.Hints = w.hosts.Hints })
	on(t, f, "cn", "docker", "restart", "vernemq-release-cn-1")
	b.As(slackworld.OnCall)
	b.Sees("Critical: ip in cn")
	w.Await("please come") // local-slack does not show it in the channel
	b.Keeps("alert-firing")
	m := w.fires()
	b.Presses("Acknowledge")
	w.becomes(m.TS, "has taken it on")
	b.Keeps("alert-taken-on")
	for done := false; !done; { // on a busy machine what cannot be seen is not touched, and asked for again
		blind := w.Count("not everything could be seen")
		w.Press(slackworld.OnCall, m, "repair")
		if card, ok := w.card("reattach cn-1", func() bool { return w.Count("not everything could be seen") > blind }); ok {
			w.approve(card)
			done = strings.Contains(w.ended(card).All(), "*done*")
		}
	}
	w.becomes(m.TS, "*Resolved: ip in cn*")
	thread(t, b)
	w.Until("the end of the history", func() bool { return w.lines(m.TS, "resolved after") == 1 })
	b.Keeps("alert-resolved")
}
