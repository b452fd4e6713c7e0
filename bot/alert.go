package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"vmqbot/alerts"
	"vmqbot/ops"
)

// Alerts is the watch's mouth: it says alerts in the channel of their region, or
// the fleet's, each group in one message that is edited in its place, with a line of its history
// in the thread for each thing that happens. Nothing is said before Run has
// reached Slack. One thing is tried once; the watch tries again.
func (b *Bot) Alerts() ops.Speaker { return speaker{b} }

type speaker struct{ b *Bot }

// Speak says one thing. Where the message is gone, or was never said here, it
// is said anew, and the answer tells where it stands now.
func (sp speaker) Speak(ctx context.Context, s alerts.Say, m alerts.Message, again bool) (string, error) {
	select {
	case <-sp.b.up:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	ref, err := sp.speak(ctx, s, m, again)
	return ref, refusal(err)
}

// refusal says of what Slack refuses by name that it does: it may be about one channel,
// and what is to be said in another must not wait for that. What passes by itself, or is
// nobody's fault, is a failure like any other.
func refusal(err error) error {
	known, ok := errors.AsType[slack.SlackErrorResponse](err)
	if !ok || slices.Contains([]string{"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited", "rate_limited", "accesslimited", "team_added_to_org"}, known.Err) {
		return err
	}
	return &ops.Error{Code: ops.Refused, Msg: "slack refuses: " + known.Err, Cause: err}
}

func (sp speaker) speak(ctx context.Context, s alerts.Say, m alerts.Message, again bool) (string, error) {
	at, stands := placeOf(s.Ref)
	if s.Op != alerts.Post && stands {
		err := sp.there(ctx, at, s, m, again)
		if !gone(err) {
			return s.Ref, err
		}
		sp.b.log.Warn("the message of an alert is gone, so it is said anew", "group", s.Group, "err", err)
	}
	at, err := sp.post(ctx, s, m, again)
	if err == nil && s.Op != alerts.Post && s.Op != alerts.Update {
		err = sp.there(ctx, at, s, m, again)
	}
	if err != nil {
		return "", err
	}
	return at.String(), nil
}

// place is where a message stands.
type place struct{ channel, ts string }

func (p place) String() string { return p.channel + "/" + p.ts }

func placeOf(ref string) (place, bool) {
	channel, ts, ok := strings.Cut(ref, "/")
	return place{channel, ts}, ok && channel != "" && ts != ""
}

// gone reports that Slack knows the message no more, or lets nobody edit it.
func gone(err error) bool {
	known, ok := errors.AsType[slack.SlackErrorResponse](err)
	return ok && slices.Contains([]string{"message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_archived"}, known.Err)
}

// closed reports that Slack lets nothing be said in a channel.
func closed(err error) bool {
	known, ok := errors.AsType[slack.SlackErrorResponse](err)
	return ok && slices.Contains([]string{"channel_not_found", "not_in_channel", "is_archived"}, known.Err)
}

// post says the whole group in a new message.
func (sp speaker) post(ctx context.Context, s alerts.Say, m alerts.Message, again bool) (place, error) {
	l := letter{place: place{channel: sp.b.channel(m.Region)}, mark: mark("alert", s), since: since(s), again: again, page: sp.b.alertPage(m)}
	at, _, err := sp.say(ctx, l)
	if fleets := sp.b.channel(""); closed(err) && l.channel != fleets {
		sp.b.log.Error("the channel of a region takes no alert, so the fleet's does; invite me there, or correct slack.alerts", "channel", l.channel, "region", m.Region, "err", err)
		l.channel = fleets
		at, _, err = sp.say(ctx, l)
	}
	return at, err
}

// there says one thing about a message that stands already.
func (sp speaker) there(ctx context.Context, at place, s alerts.Say, m alerts.Message, again bool) error {
	var p *page
	var who called
	switch s.Op {
	case alerts.Update:
		return sp.edit(ctx, at, m)
	case alerts.Thread:
		p = sp.b.alertLine(s, m)
	case alerts.Page:
		who = sp.b.called(ctx, s.ID.Key, s.Whom)
		p = sp.b.alertCall(s, m, who)
	case alerts.StopPage:
		p = sp.b.alertCalm(s, m)
		if p == nil && !again { // the line about who has taken it on has said so
			sp.rest(ctx, s, m)
		}
	}
	if p == nil {
		return nil // by now there is no need to say it
	}
	_, first, err := sp.say(ctx, letter{place: at, mark: mark("line", s), since: since(s), again: again, page: p, aloud: s.Op == alerts.Page || s.Broadcast})
	switch {
	case err != nil || !first:
	case s.Op == alerts.Page:
		sp.direct(s, who.people(), func() *page { return sp.b.alertDirect(s, m, at) })
	case s.Op == alerts.StopPage:
		sp.rest(ctx, s, m)
	}
	return err
}

// rest tells those who were called by a message of their own that nobody needs to
// come any more, but not whoever has taken it on.
func (sp speaker) rest(ctx context.Context, s alerts.Say, m alerts.Message) {
	var who called
	for _, whom := range s.Called {
		who.add(sp.b.called(ctx, s.ID.Key, whom).people()...)
	}
	r, _ := rowOf(m, s.ID)
	taken, _ := strings.CutPrefix(r.Acked, "slack:")
	ids := slices.DeleteFunc(who.ids, func(id string) bool { return id == taken })
	sp.direct(s, ids, func() *page { return sp.b.alertRest(s, m) })
}

// direct tells single people by a message of their own too, once the channel has
// been told. It is tried once: the line in the channel is the page, and nobody is
// to be called twice by a message whose answer was lost.
func (sp speaker) direct(s alerts.Say, ids []string, draw func() *page) {
	for _, id := range ids {
		sp.b.out.hurry(func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, callTime)
			defer cancel()
			_, err := sp.b.api.postOnce(ctx, letter{place: place{channel: id}, mark: mark("direct-"+id, s), page: draw()})
			return err
		})
	}
}

// edit shows the message as it is now.
func (sp speaker) edit(ctx context.Context, at place, m alerts.Message) error {
	err := sp.b.out.editFirst(ctx, at.channel, at.ts, func() *page { return sp.b.alertPage(m) })
	if malformed(err) {
		sp.b.log.Error("slack takes the blocks of an alert for malformed, so it is shown without them", "err", err)
		err = sp.b.out.editFirst(ctx, at.channel, at.ts, func() *page { return bare(sp.b.alertPage(m)) })
	}
	return err
}

// bare is a page with nothing but what its notification says.
func bare(p *page) *page { return newPageLike(&page{voice: p.voice, text: p.text}) }

// since is from when on a thing may have been said; Slack's clock is another.
func since(s alerts.Say) time.Time {
	if s.At.IsZero() {
		return s.At
	}
	return s.At.Add(-2 * time.Minute)
}

// mark is the block_id by which a thing is found again. It is other for each
// thing that was ever to be said.
func mark(kind string, s alerts.Say) string {
	s.Ref = ""
	raw, _ := json.Marshal(s) // strings, numbers and times
	sum := sha256.Sum256(raw)
	return kind + "-" + hex.EncodeToString(sum[:12])
}

// letter is one post of the speaker.
type letter struct {
	place        // ts "" for a message of its own, or the thread
	mark  string // it is found again by it
	since time.Time
	again bool // it may have been said before
	aloud bool // a line of a thread that the channel sees, too
	page  *page
}

// say posts once, unless it was said before. What Slack takes for malformed is
// said in plain text: a fault of ours must not keep people from knowing. It
// returns where it stands, and whether it was said just now.
func (sp speaker) say(ctx context.Context, l letter) (at place, first bool, err error) {
	type stands struct {
		ts    string
		first bool
	}
	found := make(chan stands, 1) // and no variables: whoever asked may have gone by then
	err = sp.b.out.sayFirst(ctx, func(ctx context.Context) error {
		ts, first, err := sp.postNew(ctx, l)
		found <- stands{ts, first}
		return err
	})
	at = place{channel: l.channel}
	select {
	case s := <-found:
		at.ts, first = s.ts, s.first
	default:
	}
	return at, first, err
}

// postNew posts, unless it was said before.
func (sp speaker) postNew(ctx context.Context, l letter) (ts string, first bool, err error) {
	if l.again {
		if ts, err = sp.b.api.find(ctx, l.channel, l.ts, l.mark, l.since); err != nil || ts != "" {
			return ts, false, err
		}
	}
	ts, err = sp.b.api.postOnce(ctx, l)
	if malformed(err) {
		sp.b.log.Error("slack takes the blocks of an alert for malformed, so it is said without them", "err", err)
		l.page = bare(l.page)
		ts, err = sp.b.api.postOnce(ctx, l)
	}
	return ts, err == nil, err
}

func malformed(err error) bool {
	known, ok := errors.AsType[slack.SlackErrorResponse](err)
	return ok && (strings.HasPrefix(known.Err, "invalid_blocks") || known.Err == "msg_blocks_too_long" || known.Err == "msg_too_long")
}

// postOnce posts and tries nothing a second time.
func (a *api) postOnce(ctx context.Context, l letter) (ts string, err error) {
	setID(l.page.blocks[0], l.mark)
	opts := l.page.options()
	if l.ts != "" {
		opts = append(opts, slack.MsgOptionTS(l.ts))
	}
	if l.aloud && l.ts != "" {
		opts = append(opts, slack.MsgOptionBroadcast())
	}
	_, ts, err = a.slack.PostMessageContext(ctx, l.channel, opts...)
	return ts, err
}

// channel is where alerts about a region are told, by the file that was read
// last; the fleet's for "".
func (b *Bot) channel(region string) string {
	s, giveBack := b.desk.Borrow()
	defer giveBack()
	if region == "" && s.Fleet.Slack.Channel != "" {
		return s.Fleet.Slack.Channel
	}
	if id := s.Fleet.Slack.AlertsOf(region); id != "" {
		return id
	}
	return b.o.Channel
}

// Reached reports whether Slack answers: where no host of the fleet does, that
// tells a dead fleet from a dead line of our own.
func (b *Bot) Reached(ctx context.Context) bool {
	one, cancel := context.WithTimeout(ctx, callTime/2)
	defer cancel()
	_, err := b.api.slack.AuthTestContext(one)
	return err == nil || answered(err)
}
