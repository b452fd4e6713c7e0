package bot

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"vmqbot/checks"
	"vmqbot/regions"
)

// Finding is one thing that a first day with Slack needs, and how it stands.
type Finding struct {
	About   string         `json:"about"`
	Verdict checks.Verdict `json:"verdict"`
	Says    string         `json:"says"`
	Fix     string         `json:"fix,omitempty"` // what to do about it
}

// skew is how far a clock may be off. Slack's signed requests are refused at five
// minutes, and logins that need the time long before.
const skew = time.Minute

// Examine asks Slack whether it would serve this bot as the fleet file wants it:
// tokens, scopes, clocks, channels, and everybody whom the file names by an id. It
// changes nothing there; an app token is tried by asking for the address of a
// connection, which is not opened. What Slack does not answer is Unknown.
func Examine(ctx context.Context, o Options, f *regions.Fleet) []Finding {
	heard := &letterhead{next: o.Transport}
	o.Transport = heard
	b := New(o)
	x := &examiner{b: b, fleet: f, heard: heard}
	if x.token(ctx) {
		x.ears(ctx)
		x.scopes()
		x.clock()
		x.channels(ctx)
		x.named(ctx)
	}
	return x.found
}

type examiner struct {
	b     *Bot
	fleet *regions.Fleet
	heard *letterhead
	found []Finding
}

func (x *examiner) fine(about, format string, args ...any) {
	x.found = append(x.found, Finding{About: about, Verdict: checks.OK, Says: fmt.Sprintf(format, args...)})
}

func (x *examiner) wrong(about, fix, format string, args ...any) {
	x.found = append(x.found, Finding{About: about, Verdict: checks.Bad, Says: fmt.Sprintf(format, args...), Fix: fix})
}

// unseen is for what Slack did not answer; what it refused by name is wrong.
func (x *examiner) unseen(about, what string, err error, fix string) {
	text := x.b.red().Text(err.Error())
	if answered(err) {
		x.wrong(about, fix, "%s: Slack says %s", what, text)
		return
	}
	x.found = append(x.found, Finding{About: about, Verdict: checks.Unknown, Says: what + " could not be looked up: " + text, Fix: "see whether slack.com can be reached from here, and ask again"})
}

// token asks whose the bot's token is; without it nothing else can be asked.
func (x *examiner) token(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	me, err := x.b.api.slack.AuthTestContext(ctx)
	switch {
	case err != nil:
		x.unseen("token", "whose token it is", err, "put the Bot User OAuth Token of this workspace (xoxb-) into SLACK_BOT_TOKEN")
		return false
	case me.TeamID != x.fleet.Slack.Team:
		x.wrong("token", "write slack.team: "+me.TeamID+", or take the token of "+x.fleet.Slack.Team, "it is of workspace %s (%s), and the fleet file names %s", me.Team, me.TeamID, x.fleet.Slack.Team)
	default:
		x.fine("token", "it is %s's in workspace %s (%s)", me.User, me.Team, me.TeamID)
	}
	x.b.api.self = me.UserID
	return true
}

// ears asks whether commands can be heard.
func (x *examiner) ears(ctx context.Context) {
	switch o := x.b.o; {
	case !o.AppToken.IsZero():
		ctx, cancel := context.WithTimeout(ctx, callTime)
		defer cancel()
		if _, _, err := x.b.api.slack.StartSocketModeContext(ctx); err != nil {
			x.unseen("app token", "whether Socket Mode takes it", err, "make an app-level token (xapp-) with the scope connections:write, and turn Socket Mode on")
			return
		}
		x.fine("app token", "Socket Mode takes it")
	case !o.SigningSecret.IsZero():
		x.fine("app token", "none: signed requests are heard, which cannot be tried from here")
	default:
		x.wrong("app token", "set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (signed requests)", "neither it nor a signing secret is set, so nothing could be heard")
	}
}

// scopes holds what the app has against what the manifest asks for.
func (x *examiner) scopes() {
	has, told := x.heard.scopes()
	if !told {
		x.found = append(x.found, Finding{About: "scopes", Verdict: checks.Unknown, Says: "Slack does not say which the token has"})
		return
	}
	missing := slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return slices.Contains(has, s) })
	more := slices.DeleteFunc(slices.Clone(has), func(s string) bool { return slices.Contains(scopes, s) })
	switch {
	case len(missing) > 0:
		x.wrong("scopes", "paste what bot manifest prints into the app, and install it again", "the app lacks %s", strings.Join(missing, ", "))
	case len(more) > 0:
		x.fine("scopes", "all that the manifest asks for, and more than it needs: %s", strings.Join(more, ", "))
	default:
		x.fine("scopes", "those of the manifest")
	}
}

func (x *examiner) clock() {
	theirs, told := x.heard.clock()
	off := time.Since(theirs).Abs().Round(time.Second)
	switch {
	case !told:
		x.found = append(x.found, Finding{About: "clock", Verdict: checks.Unknown, Says: "Slack does not say what time it is"})
	case off > skew:
		x.wrong("clock", "set this machine's clock (timedatectl, chrony)", "this machine's clock and Slack's are %s apart", off)
	default:
		x.fine("clock", "it agrees with Slack's")
	}
}

// channels must have the bot as a member, and belong to nobody else.
func (x *examiner) channels(ctx context.Context) {
	ids := append([]string{x.fleet.Slack.Channel}, slices.Sorted(maps.Values(x.fleet.Slack.Alerts))...)
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		x.channel(ctx, id)
	}
}

func (x *examiner) channel(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	c, err := x.b.api.slack.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	switch about := "channel " + id; {
	case err != nil:
		x.unseen(about, "it", err, "correct slack.channel and slack.alerts, and type /invite @vmq there if it is private")
	case c.IsExtShared || c.IsPendingExtShared:
		x.wrong(about, "take another channel: this one is refused at every door", "#%s is shared with another organization, or about to be", c.Name)
	case c.IsArchived:
		x.wrong(about, "take another channel", "#%s is archived", c.Name)
	case !c.IsMember:
		x.wrong(about, "type /invite @vmq in #"+c.Name, "the bot is no member of #%s, so nothing can be said there", c.Name)
	default:
		x.fine(about, "the bot is a member of #%s, which is nobody else's", c.Name)
	}
}

// named looks up everybody whom the fleet file names: an id says nothing to a
// reader, and a wrong one gives its rights to nobody, or to somebody else.
func (x *examiner) named(ctx context.Context) {
	where := x.fleet.Named()
	for _, id := range slices.Sorted(maps.Keys(where)) {
		about := id + " in " + strings.Join(where[id], ", ")
		if strings.HasPrefix(id, "S") {
			x.group(ctx, id, about)
		} else {
			x.person(ctx, id, about)
		}
	}
}

func (x *examiner) group(ctx context.Context, id, about string) {
	members, err := x.b.Directory().Members(ctx, id, true)
	switch {
	case err != nil:
		x.unseen(about, "who is in the group", err, "correct the id; user groups need a paid plan, and a list of people (U...) serves without one")
	case len(members) == 0:
		x.wrong(about, "put somebody into the group", "nobody is in the group, so nobody has what it gives")
	default:
		x.fine(about, "a group of %d", len(members))
	}
}

func (x *examiner) person(ctx context.Context, id, about string) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	u, err := x.b.api.slack.GetUserInfoContext(ctx, id)
	if err != nil {
		x.unseen(about, "who it is", err, "correct the id: open the person's profile in Slack, and copy the member ID")
		return
	}
	name := strings.TrimSpace(u.RealName + " @" + u.Name)
	for _, is := range []struct {
		so   bool
		what string
	}{
		{u.Deleted, "the account is closed"}, {u.IsBot || u.IsWorkflowBot, "it is a bot"}, {u.IsStranger || u.TeamID != "" && u.TeamID != x.fleet.Slack.Team, "it is somebody of another organization"},
		{u.IsRestricted || u.IsUltraRestricted, "it is a guest"},
	} {
		if is.so {
			x.wrong(about, "take the id out of the fleet file", "%s: %s, so every door refuses it", name, is.what)
			return
		}
	}
	x.fine(about, "%s", name)
}

// letterhead reads what Slack's answers carry in their heads.
type letterhead struct {
	next http.RoundTripper

	mu   sync.Mutex
	last http.Header
}

// RoundTrip keeps the head of an answer.
func (l *letterhead) RoundTrip(q *http.Request) (*http.Response, error) {
	next := l.next
	if next == nil {
		next = http.DefaultTransport
	}
	r, err := next.RoundTrip(q)
	if err == nil && r.StatusCode == http.StatusOK && strings.HasSuffix(q.URL.Path, "/auth.test") {
		l.mu.Lock()
		l.last = r.Header.Clone()
		l.mu.Unlock()
	}
	return r, err
}

func (l *letterhead) scopes() (all []string, told bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s := range strings.SplitSeq(l.last.Get("X-Oauth-Scopes"), ",") {
		if s = strings.TrimSpace(s); s != "" {
			all = append(all, s)
		}
	}
	return all, len(all) > 0
}

func (l *letterhead) clock() (time.Time, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, err := http.ParseTime(l.last.Get("Date"))
	return t, err == nil
}
