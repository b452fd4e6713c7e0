package bot_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
)

const formKind = "application/x-www-form-urlencoded"

// posts is a signed request, which is acknowledged whoever asks.
func (w *world) posts(body, kind string, headers ...string) {
	w.t.Helper()
	r := signed(w.addr+"/slack/events", body, kind, slackworld.Secret, time.Now())
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %d", body, resp.StatusCode)
	}
}

// payload is the body of a signed click or form.
func payload(frame any) string {
	raw, _ := json.Marshal(frame) // strings and maps
	return url.Values{"payload": {string(raw)}}.Encode()
}

// unescaped is JSON's text as people read it.
var unescaped = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&")

// told is how often somebody alone was told something: where it was asked, or in
// a message of their own.
func (w *world) told(user, says string) (n int) {
	for _, m := range w.Messages() {
		if m.User == slackworld.Bot && m.Ephemeral == user && strings.Contains(m.All(), says) {
			n++
		}
	}
	for _, c := range w.Proxy.Calls("chat.postMessage") {
		if c.Args.Get("channel") == user && strings.Contains(unescaped.Replace(c.Args.Get("blocks")), says) {
			n++
		}
	}
	return n
}

// refused counts the refusals of one actor in the audit, for a reason.
func (w *world) refused(user, why string) (n int) {
	w.t.Helper()
	all, err := w.store.Events(w.t.Context(), 1000, "")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range all {
		if e.Actor == "slack:"+user && e.Type == "refused" && strings.Contains(e.Detail, "\n"+why+": ") {
			n++
		}
	}
	return n
}

// TestRefusedOnEveryDoor: whoever may not is told so alone, in words, at every
// door by which one can knock, and each time it stands in the audit. Nothing is
// looked at, run or opened for them.
func TestRefusedOnEveryDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.knock = true })
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	id := card.Button("approve")
	looked := w.looks.Load()
	const role, voice, admin = "You have no role here; ask <@U0ANA>", "You have no voice in this now", "Only an admin may break the glass"
	for _, who := range []struct {
		name, user, team, why  string
		line, decision, breaks string // what is said to a line, to a click of the card, and to its form
	}{
		{"nobody", slackworld.Nobody, slackworld.Team, "role", role, voice, admin},
		{"a guest", slackworld.Guest, slackworld.Team, "guest", "Guests are not served here", "", ""},
		{"a guest of one channel", slackworld.SingleGuest, slackworld.Team, "guest", "Guests are not served here", "", ""},
		{"a stranger", slackworld.Stranger, slackworld.Team, "stranger", "its own team only", "", ""},
		{"a bot", slackworld.Machine, slackworld.Team, "bot", "Only people are answered here", "", ""},
		{"a closed account", slackworld.Deleted, slackworld.Team, "deleted", "This account is closed", "", ""},
		{"of another team, as the directory says", slackworld.OtherTeam, slackworld.Team, "stranger", "its own team only", "", ""},
		{"of another team, as the frame says", slackworld.Admin, "T99", "stranger", "its own team only", "", ""},
	} {
		if who.decision == "" {
			who.decision, who.breaks = who.line, who.line
		}
		real := who.team == slackworld.Team // what local-slack itself can send
		lines, decisions := 0, 0
		for _, door := range []struct {
			name, says string
			consent    bool // refused as a decision, and not as a line
			knock      func()
		}{
			{"slash command", who.line, false, func() {
				if real {
					w.Type(who.user, "status")
				} else {
					w.Send("slash_commands", slackworld.SlashFrame(who.user, who.team, slackworld.Channel, "status"))
				}
			}},
			{"slash command for the form", who.line, false, func() {
				frame := slackworld.SlashFrame(who.user, who.team, slackworld.Channel, "deploy")
				frame["trigger_id"] = "1.2." + who.user + who.team
				w.Send("slash_commands", frame)
			}},
			{"mention", who.line, false, func() {
				if real {
					w.Say(slackworld.General, who.user, "<@U0VMQ> status", "")
				} else {
					w.Send("events_api", slackworld.EventFrame(who.team, false, slackworld.MentionEvent(who.user, slackworld.General, "status")))
				}
			}},
			{"button", who.decision, true, func() {
				w.Send("interactive", slackworld.PressFrame(who.user, who.team, slackworld.Channel, "approve", id))
			}},
			{"button at home", who.decision, true, func() {
				w.Send("interactive", slackworld.PressFrame(who.user, who.team, "", "approve", id))
			}},
			{"button for the form", who.line, false, func() {
				w.Send("interactive", slackworld.PressFrame(who.user, who.team, "", "deploy", "form"))
			}},
			{"form of a deploy", who.line, false, func() {
				w.Send("interactive", slackworld.SubmitFrame(who.user, who.team, "deploy", "", map[string]string{"target": "cn"}))
			}},
			{"form of breaking the glass", who.breaks, true, func() {
				w.Send("interactive", slackworld.SubmitFrame(who.user, who.team, "break-glass", id, map[string]string{"reason": "I want to"}))
			}},
			{"signed command", who.line, false, func() {
				w.posts(slackworld.Form(slackworld.SlashFrame(who.user, who.team, slackworld.Channel, "status"))+"&n="+who.user+who.team, formKind)
			}},
			{"signed click", who.decision, true, func() {
				w.posts(payload(slackworld.PressFrame(who.user, who.team, slackworld.Channel, "approve", id)), formKind)
			}},
			{"signed form", who.line, false, func() {
				w.posts(payload(slackworld.SubmitFrame(who.user, who.team, "deploy", "", map[string]string{"target": "cn"})), formKind)
			}},
		} {
			before := w.told(who.user, door.says)
			door.knock()
			w.Until(who.name+" by "+door.name+" is told "+door.says, func() bool { return w.told(who.user, door.says) == before+1 })
			if door.consent && who.why == "role" {
				decisions++
			} else {
				lines++
			}
		}
		before := len(w.homes(who.user))
		if real {
			w.OpenHome(who.user)
		} else {
			w.Send("events_api", slackworld.EventFrame(who.team, false, slackworld.VisitEvent(who.user)))
		}
		w.Until(who.name+" has a home", func() bool { return len(w.homes(who.user)) == before+1 })
		lines++
		home := w.homes(who.user)[before]
		if !strings.Contains(home, who.line) || strings.Contains(home, "aits for") || strings.Contains(home, "Done lately") || strings.Contains(home, "cn-1") || strings.Contains(home, "action_id") {
			t.Errorf("the home of %s: %s", who.name, home)
		}
		if n := w.refused(who.user, who.why); n != lines {
			t.Errorf("%s was refused %d times, and %d stand in the audit as %s", who.name, lines, n, who.why)
		}
		if n := w.refused(who.user, "consent"); n != decisions {
			t.Errorf("%s was refused %d decisions, and %d stand in the audit", who.name, decisions, n)
		}
	}
	if w.looks.Load() != looked || w.runs.Load() != 0 || len(w.Proxy.Calls("views.open")) != 0 {
		t.Errorf("looked %d times, ran %d, opened %d forms", w.looks.Load()-looked, w.runs.Load(), len(w.Proxy.Calls("views.open")))
	}
	w.Press(slackworld.Second, card, "approve") // all that left it as it was
	w.Await("*done*", "approved by <@U0SUE>")
}

// TestSharedChannelsHearNothing: neither is anything said where others read it,
// whatever says that the channel is shared.
func TestSharedChannelsHearNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.knock = true })
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	looked := w.looks.Load()
	const says = "This channel is shared"
	for _, channel := range []string{slackworld.Shared, slackworld.Pending} {
		for name, knock := range map[string]func(){
			"slash command": func() { w.TypeIn(channel, slackworld.OnCall, "status") },
			"mention":       func() { w.Say(channel, slackworld.OnCall, "<@U0VMQ> status", "") },
			"signed command": func() {
				w.posts(slackworld.Form(slackworld.SlashFrame(slackworld.OnCall, slackworld.Team, channel, "peers")), formKind)
			},
			"button": func() {
				w.Send("interactive", slackworld.PressFrame(slackworld.Second, slackworld.Team, channel, "approve", card.Button("approve")))
			},
			"form of a silence": func() {
				w.Send("interactive", slackworld.SubmitFrame(slackworld.Second, slackworld.Team, "silence", "ip/cn/cn-1#1 "+channel+" 1.1", map[string]string{"for": "1h", "reason": "x"}))
			},
		} {
			count := func() int { return w.told(slackworld.OnCall, says) + w.told(slackworld.Second, says) }
			before := count()
			knock()
			w.Until(name+" in "+channel, func() bool { return count() == before+1 })
		}
	}
	w.Send("events_api", slackworld.EventFrame(slackworld.Team, true, slackworld.MentionEvent(slackworld.Viewer, slackworld.General, "status")))
	w.Until("the event's own word counts", func() bool { return w.told(slackworld.Viewer, "its own team only") == 1 })
	for _, m := range w.Messages() {
		if m.User == slackworld.Bot && (m.Channel == slackworld.Shared || m.Channel == slackworld.Pending) && m.Ephemeral == "" {
			t.Errorf("others can read it: %+v", m)
		}
	}
	if w.looks.Load() != looked || w.runs.Load() != 0 || w.refused(slackworld.OnCall, "shared")+w.refused(slackworld.Second, "shared") != 10 {
		t.Errorf("looked %d times, ran %d; audit: %s", w.looks.Load()-looked, w.runs.Load(), w.audit())
	}
}

// TestAChannelThatBecameShared a moment ago is answered no more within seconds, and
// nothing is changed from it at once.
func TestAChannelThatBecameShared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Type(slackworld.Viewer, "history -n 1")
	w.Await("`history -n 1` asked by")
	w.Proxy.Place(slackworld.Channel, map[string]any{"is_ext_shared": true})
	w.Type(slackworld.OnCall, "reattach cn") // a card says nothing yet; consent would ask anew
	shared := time.Now()
	refused := func() bool { return w.told(slackworld.Viewer, "This channel is shared") > 0 }
	for tries := 1; !refused(); tries++ {
		w.Type(slackworld.Viewer, "history")
		w.Until("an answer", func() bool { return refused() || w.Count("`history` asked by") == tries })
	}
	if took := time.Since(shared); took > 30*time.Second {
		t.Errorf("it was answered for %s", took)
	}
	if w.runs.Load() != 0 {
		t.Error("something was done from there")
	}
}

// TestWhoHasLeftOnCallHasNoVoice: what Slack said of the group a moment ago does
// not count at the click.
func TestWhoHasLeftOnCallHasNoVoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.Type(slackworld.Second, "help") // the bot has asked who is on call, and remembers it
	w.Until("help", func() bool { return w.told(slackworld.Second, "reattach") > 0 || w.Count("reattach", "`help`") > 0 })
	asked := len(w.Proxy.Calls("usergroups.users.list"))
	if asked == 0 {
		t.Fatal("nobody was asked who is on call")
	}
	w.Proxy.Group("S0ONCALL", slackworld.OnCall)
	w.Press(slackworld.Second, card, "approve")
	w.Until("a refusal", func() bool { return w.told(slackworld.Second, "You have no voice in this now") == 1 })
	if w.runs.Load() != 0 {
		t.Fatal("it ran")
	}
	w.Proxy.Group("S0ONCALL", slackworld.OnCall, slackworld.Second)
	w.Press(slackworld.Second, card, "approve")
	w.Await("*done*", "approved by <@U0SUE>")
	if now := len(w.Proxy.Calls("usergroups.users.list")); now < asked+2 {
		t.Errorf("two clicks asked %d times", now-asked)
	}
}

// TestTwoCommandsWithoutANameAreBothAnswered: Slack names each by its trigger; a
// frame that has none must not be dropped because another one had none, too.
func TestTwoCommandsWithoutANameAreBothAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.knock = true })
	for range 2 {
		w.Send("slash_commands", slackworld.SlashFrame(slackworld.Viewer, slackworld.Team, slackworld.Channel, "history -n 1"))
	}
	w.Until("both are answered", func() bool { return w.Count("`history -n 1` asked by") == 2 })
	for _, n := range []string{"2", "3"} {
		w.posts(slackworld.Form(slackworld.SlashFrame(slackworld.Viewer, slackworld.Team, slackworld.Channel, "history -n "+n)), formKind)
	}
	w.Until("both signed ones are", func() bool {
		return w.Count("`history -n 2` asked by") == 1 && w.Count("`history -n 3` asked by") == 1
	})
}
