package checks

import (
	"fmt"
	"slices"
	"strings"

	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "webhook", Row: "F28", Summary: "do the planned webhooks answer from inside the container?", Severity: Critical,
		Needs: []string{"container"}, Facts: facts.Need{Vitals: true}, node: judgeWebhook,
	})
}

// judgeWebhook asks for no more than a connection: what a hook decides is not
// for us to ask.
func judgeWebhook(s Subject) Observation {
	hooks := s.Node.Webhooks()
	if len(hooks) == 0 {
		return ok("the fleet file plans no webhook for %s", s.Node.Name)
	}
	v, seenOK := s.facts().Vitals.Get()
	if !seenOK {
		return unknown("the webhooks of %s: %s", s.Node.Name, reason(s.facts().Vitals))
	}
	var gone, unseen, places []string
	for _, h := range hooks {
		at := h.Addr()
		d, dialed := v.Hooks[at].Get()
		switch {
		case slices.Contains(places, at):
		case !dialed:
			unseen = append(unseen, at+": "+reason(v.Hooks[at]))
		case !d.Connected:
			gone = append(gone, fmt.Sprintf("%s (%s)", at, strings.TrimRight(d.Says, ".")))
		}
		places = append(places, at)
	}
	slices.Sort(places)
	switch {
	case len(gone) > 0:
		return bad("from inside %s: no connection to the webhook at %s", s.Node.Container, strings.Join(gone, ", ")).
			effect("what the broker of %s asks there is refused: where it is a login, no client can connect", place(s.Fleet, s.Node)).
			byHand("start what listens there, or open the way from %s; a restart of the broker does not help, and allow_anonymous = on would open it to everybody", s.Node.Host)
	case len(unseen) > 0:
		return unknown("the webhook at %s", strings.Join(unseen, "; "))
	}
	return ok("a connection to %s", strings.Join(slices.Compact(places), ", "))
}
