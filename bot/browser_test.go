package bot_test

import (
	"flag"
	"strings"
	"testing"

	"vmqbot/bot/slackworld"
	"vmqbot/bot/slackworld/person"
)

var screenshots = flag.String("screenshots", "", "folder for the browser's pictures; none are kept by default")

// TestAPersonBeforeThePage types, reads, is refused, approves a deploy that
// really happens, and leaves pictures.
func TestAPersonBeforeThePage(t *testing.T) {
	t.Parallel()
	f, behind := simulated(t)
	w := newWorld(t, behind)
	b := person.New(t, w.Page, *screenshots)
	on(t, f, "cn", "docker", "restart", "vernemq-release-cn-1")
	b.As(slackworld.Viewer)
	b.Types("/vmq status")
	b.Sees("release: cn-1 is bad")
	b.Keeps("status")

	b.Types("/vmq deploy eu")
	b.Sees("deploy needs the role operator")
	b.Keeps("refusal")

	if _, err := w.terminal("reattach cn"); err != nil { // or deploy would refuse: cn does not serve
		t.Fatal(err)
	}
	for done := false; !done; { // on a busy machine what cannot be seen is not touched, and asked for again
		blind := w.Count("not everything could be seen")
		b.As(slackworld.OnCall)
		b.Types("/vmq deploy eu --soak 5")
		card, ok := w.card("deploy eu --soak 5", func() bool { return w.Count("not everything could be seen") > blind })
		if !ok {
			continue
		}
		b.Sees("asks for this")
		b.Keeps("card")
		b.As(slackworld.Second)
		b.Presses("Approve")
		end := w.ended(card)
		if done = strings.Contains(end.All(), "*done*"); !done && !strings.Contains(end.All(), "not everything could be seen") {
			t.Fatal(end.All())
		}
	}
	b.Sees("done after")
	b.Keeps("done")
}
