package bot_test

import (
	"testing"

	"vmqbot/bot/slackworld"
	"vmqbot/regions"
)

// TestAGroupInWhichNobodyIs is a page to everybody else on the list, and never to
// no one: it was deleted, emptied, or Slack does not say who is in it.
func TestAGroupInWhichNobodyIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		group string
		fault slackworld.Fault
		empty bool
		says  string
	}{
		"there":      {group: "S0EVERYONE", says: "<!subteam^S0EVERYONE> please come"},
		"deleted":    {group: "S0GONE", says: "<@U0BOB>, <@U0ANA> please come"},
		"empty":      {group: "S0EVERYONE", empty: true, says: "<@U0BOB>, <@U0ANA> please come"},
		"unreadable": {group: "S0EVERYONE", says: "<@U0BOB>, <@U0ANA> please come", fault: slackworld.Fault{Refused: "missing_scope"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, watched, func(w *world) {
				w.fleet.OnCall = map[string]regions.OnCall{"cn": {Group: c.group, People: []string{slackworld.OnCall, slackworld.Admin}, Managers: []string{c.group}}}
			})
			if c.empty {
				w.Proxy.Group(c.group)
			}
			w.Proxy.Fail(func(method string, _ int) slackworld.Fault {
				if method == "usergroups.users.list" {
					return c.fault
				}
				return slackworld.Fault{}
			})
			w.watches()
			w.breaks()
			m := w.fires()
			w.Until("somebody is called", func() bool { return w.lines(m.TS, c.says) == 1 })
			note, want := "The user group "+c.group+" is empty or cannot be read", 1
			if name == "there" {
				want = 0
			}
			if n := w.lines(m.TS, note); n != want {
				t.Errorf("the line says %d times that the group is not there, want %d", n, want)
			}
			if want > 0 {
				w.Until("and each alone, too", func() bool {
					return w.told(slackworld.OnCall, "*You are wanted:* ip in cn") == 1 && w.told(slackworld.Admin, "*You are wanted:* ip in cn") == 1
				})
			}
		})
	}
}

// TestWhoWasCalledAloneIsCalledOffAlone: when somebody else has taken it on, when
// it was handed back and they were called again, and when it is over.
func TestWhoWasCalledAloneIsCalledOffAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, watched, func(w *world) {
		w.fleet.OnCall = map[string]regions.OnCall{"cn": {People: []string{slackworld.OnCall}}}
	})
	w.watches()
	w.breaks()
	m := w.fires()
	const wanted, rest = "*You are wanted:* ip in cn", "*Nobody needs to come any more:* ip in cn, cn-1: "
	w.Until("somebody is called", func() bool { return w.told(slackworld.OnCall, wanted) == 1 })
	w.Press(slackworld.Admin, m, "ack")
	taken := w.becomes(m.TS, "*<@U0ANA>* has taken it on")
	w.Until("and told that another has taken it on", func() bool { return w.told(slackworld.OnCall, rest+"<@U0ANA> has taken it on") == 1 })
	w.Press(slackworld.Admin, taken, "unack")
	w.Until("it is handed back", func() bool { return w.lines(m.TS, "handed back: nobody is on it") == 1 })
	w.Until("and called again", func() bool { return w.told(slackworld.OnCall, wanted) == 2 })
	w.mends()
	w.becomes(m.TS, "*Resolved: ip in cn*")
	w.Until("and told that it is over", func() bool { return w.told(slackworld.OnCall, rest+"it is over") == 1 })
	if n := w.told(slackworld.Admin, rest); n != 0 {
		t.Errorf("who was not called is called off %d times", n)
	}
}
