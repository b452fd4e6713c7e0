package bot_test

import (
	"regexp"
	"strings"
	"time"

	"vmqbot/bot/slackworld"
)

// wellAgain asks for the status of a region until all is well there: a broker
// on a busy machine does not answer each time.
func (w *world) wellAgain(region string) {
	w.t.Helper()
	asked := "`status " + region + "` asked by"
	for late := time.Now().Add(4 * time.Minute); ; {
		before := w.Count(asked)
		w.Type(slackworld.Viewer, "status "+region)
		w.Until("the status of "+region, func() bool { return w.Count(asked) > before })
		if w.Count(asked, "release: all is well on 1 node") > 0 {
			return
		}
		if time.Now().After(late) {
			w.t.Fatalf("%s is not well again", region)
		}
	}
}

// ask asks for a change until its card is there. On a busy machine a broker may
// not answer a look, and then there is no plan.
func (w *world) ask(line string) slackworld.Message {
	w.t.Helper()
	return w.askBy(func() { w.Type(slackworld.OnCall, line) }, line)
}

// form asks for a deploy by its form.
func (w *world) form(values map[string]string) {
	w.t.Helper()
	views := w.Views()
	w.Type(slackworld.OnCall, "deploy")
	w.Until("a form", func() bool { return w.Views() > views })
	w.Submit(slackworld.OnCall, values)
}

func (w *world) askBy(asks func(), line string) slackworld.Message {
	w.t.Helper()
	for range 30 {
		blind := w.Count("not everything could be seen")
		asks()
		if card, ok := w.card(line, func() bool { return w.Count("not everything could be seen") > blind }); ok {
			return card
		}
	}
	w.t.Fatalf("%s: no plan after 30 looks", line)
	return slackworld.Message{}
}

// card waits for the open card of a line, or until something else is so.
func (w *world) card(line string, otherwise func() bool) (card slackworld.Message, ok bool) {
	w.t.Helper()
	w.Until("a card of "+line, func() bool {
		for _, m := range w.Messages() {
			if m.User == slackworld.Bot && strings.HasPrefix(m.Text, line+":") && strings.Contains(m.All(), "asks for this") {
				card, ok = m, true
			}
		}
		return ok || otherwise()
	})
	return card, ok
}

// ended waits until the operation of a card has ended, and returns the message
// as it is then.
func (w *world) ended(card slackworld.Message) (end slackworld.Message) {
	w.t.Helper()
	w.Until("the end of "+card.Text, func() bool {
		for _, m := range w.Messages() {
			if m.TS == card.TS {
				end = m
			}
		}
		return anEnd.MatchString(end.All())
	})
	return end
}

var anEnd = regexp.MustCompile(`\*(done|failed|cancelled|unknown)\* after`)

// carry asks, lets somebody consent, and waits for the end that is wanted. What
// could not be seen under the lock was not touched, and is asked for again.
func (w *world) carry(line, want string, consent func(card slackworld.Message)) slackworld.Message {
	w.t.Helper()
	return w.carryBy(func() { w.Type(slackworld.OnCall, line) }, line, want, consent)
}

// carryBy is carry for what is asked in another way.
func (w *world) carryBy(asks func(), line, want string, consent func(card slackworld.Message)) slackworld.Message {
	w.t.Helper()
	for range 30 {
		card := w.askBy(asks, line)
		consent(card)
		end := w.ended(card)
		if strings.Contains(end.All(), want) {
			return end
		}
		if !strings.Contains(end.All(), "not everything could be seen") {
			w.t.Fatalf("%s is not %s: %s", line, want, end.All())
		}
	}
	w.t.Fatalf("%s: not seen 30 times", line)
	return slackworld.Message{}
}

// approve is the consent of somebody else on call.
func (w *world) approve(card slackworld.Message) { w.Press(slackworld.Second, card, "approve") }

// threadSays waits until the messages and files below a card say all the words.
func (w *world) threadSays(card slackworld.Message, words ...string) {
	w.t.Helper()
	var all strings.Builder
	for _, word := range words {
		w.Until("the thread says "+word, func() bool {
			all.Reset()
			for _, m := range w.Messages() {
				if m.Thread == card.TS && m.TS != card.TS {
					all.WriteString(m.All() + string(m.Files))
				}
			}
			for _, c := range w.Proxy.Calls("upload") {
				all.WriteString(c.Args.Get("body"))
			}
			return strings.Contains(all.String(), word)
		})
	}
}
