package bot

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/ops"
)

// patience is after how long somebody who waits is told that it goes on.
const patience = 700 * time.Millisecond

// answerTime is how long one way of answering is tried.
const answerTime = 30 * time.Second

// command does one typed line.
func (b *Bot) command(ctx context.Context, s *control.Service, c call) error {
	if c.shared {
		c.who.Team = "shared:" + c.who.Team // the event itself says so; the directory may not know yet
	}
	if err := s.Enter(ctx, c.who, c.text, false); err != nil {
		return err
	}
	words, err := Words(c.text)
	if err != nil {
		return err
	}
	if c.trigger != "" && len(words) == 1 && words[0] == "deploy" {
		return b.openDeploy(ctx, s, c)
	}
	return b.line(ctx, s, c, words)
}

// line does one line of words, from whichever door.
func (b *Bot) line(ctx context.Context, s *control.Service, c call, words []string) error {
	cmd, req, err := commands.Parse(words, s.Fleet)
	if err != nil {
		return err
	}
	calm := b.goesOn(ctx, c, req.Line)
	if !b.slot(ctx) {
		calm()
		return ops.Errorf(ops.Refused, "", "I was stopped before your turn came; nothing was done.")
	}
	res, err := s.Do(ctx, cmd, req, control.Door{Caller: &c.who, Later: true, Ask: nobodyAsks})
	<-b.slots
	calm()
	if err != nil && res.View == nil {
		return err
	}
	return b.came(ctx, s, c, cmd, req, res)
}

// came answers with what came of a request.
func (b *Bot) came(ctx context.Context, s *control.Service, c call, cmd *commands.Command, req ops.Request, res control.Result) error {
	switch {
	case res.View != nil:
		return b.show(ctx, s, c, cmd, req, *res.View)
	case res.Approval != nil:
		return b.propose(ctx, s, c, *res.Approval, *res.Plan)
	case res.Op != nil:
		p := newPage(b.voice(), req.Line+": "+string(res.Op.State))
		return b.public(ctx, s, c, p.say(":white_check_mark: `"+p.escape(req.Line)+"`: "+p.escape(string(res.Op.State))+", asked by "+mention(c.who.User)))
	default:
		p := newPage(b.voice(), req.Line+": nothing to do")
		p.say(":white_check_mark: `" + p.escape(req.Line) + "`: nothing to do.").read(res.Plan.String())
		return b.public(ctx, s, c, p)
	}
}

func nobodyAsks(context.Context, ops.Plan) (bool, error) {
	return false, ops.Errorf(ops.Refused, "", "Nobody can be asked here.")
}

// slot waits for a place among those who look at the hosts.
func (b *Bot) slot(ctx context.Context) bool {
	select {
	case b.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// goesOn says that it goes on when the answer takes longer than patience. The
// function that it returns ends the waiting.
func (b *Bot) goesOn(ctx context.Context, c call, line string) func() {
	if c.reply == "" {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { // ends by cancel, and the caller waits for it
		defer close(done)
		if sleep(ctx, patience) != nil {
			return
		}
		p := newPage(b.voice(), "Looking...")
		if err := b.api.respond(ctx, c.reply, true, p.say(":mag: Looking: `"+p.escape(line)+"`")); err != nil && ctx.Err() == nil {
			b.log.Warn("the word that it goes on was lost", "err", b.red().Text(sentence(err)))
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// here reports whether an answer may be read by everybody in the place: in the
// fleet's channels, and where the bot is alone with one person.
func (b *Bot) here(ctx context.Context, s *control.Service, c call) bool {
	if s.Fleet.Slack.Known(c.who.Place) {
		return true
	}
	place, err := b.dir.Place(ctx, c.who.Place, false)
	return err == nil && place.Direct
}

// public answers where it was asked, for everybody who may read it there.
func (b *Bot) public(ctx context.Context, s *control.Service, c call, p *page) error {
	if !b.here(ctx, s, c) {
		b.private(ctx, c, p)
		return nil
	}
	if c.reply != "" {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
		err := b.api.respond(late, c.reply, false, p)
		cancel()
		if err == nil {
			return nil
		}
		b.log.Warn("an answer goes the other way", "err", b.red().Text(sentence(err)))
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	mark := ""
	if c.key != "" {
		mark = "answer-" + c.key
	}
	_, err := b.api.post(late, c.who.Place, c.thread, mark, p)
	return b.lost(err)
}

// lost logs an answer that Slack did not take; the person cannot be told.
func (b *Bot) lost(err error) error {
	if err != nil {
		b.log.Error("an answer was given up", "err", b.red().Text(sentence(err)))
	}
	return nil
}

func verdict(v checks.Verdict) string {
	switch v {
	case checks.OK:
		return ":large_green_circle:"
	case checks.Bad:
		return ":red_circle:"
	default:
		return ":white_circle:"
	}
}

func sign(c ops.Code) string {
	switch c {
	case ops.Refused:
		return ":no_entry:"
	case ops.Invalid:
		return ":grey_question:"
	case ops.Unseen:
		return ":white_circle:"
	default:
		return ":red_circle:"
	}
}

// typed turns a verb into what one types here.
func (b *Bot) typed(fix string) string {
	verb, _, _ := strings.Cut(fix, " ")
	for _, c := range commands.All() {
		if first, _, _ := strings.Cut(c.Name, " "); first == verb {
			return "/vmq " + fix
		}
	}
	return fix
}

var type1 = regexp.MustCompile(`(?m)(\b[Tt]ype:? )([a-z]+ )`)

// typedAll does the same in what a verb prints.
func (b *Bot) typedAll(text string) string {
	return type1.ReplaceAllStringFunc(text, func(s string) string {
		m := type1.FindStringSubmatch(s)
		if t := b.typed(m[2]); t != m[2] {
			return m[1] + t
		}
		return s
	})
}

var anID = regexp.MustCompile(`\b[USWC][A-Z0-9]{3,20}\b`)

// mentions shows the ids of people, groups and channels by their names. Text
// comes escaped.
func (b *Bot) mentions(text string) string {
	s, giveBack := b.desk.Borrow()
	defer giveBack()
	var known []string
	for _, ids := range s.Fleet.Roles {
		known = append(known, ids...)
	}
	for _, a := range s.Fleet.Approval {
		known = append(known, a.Approvers...)
		for _, in := range a.Regions {
			known = append(known, in.Approvers...)
		}
	}
	for _, in := range s.Fleet.Rights {
		for _, ids := range in {
			known = append(known, ids...)
		}
	}
	return anID.ReplaceAllStringFunc(text, func(id string) string {
		switch {
		case slices.Contains(known, id):
			return mention(id)
		case s.Fleet.Slack.Known(id):
			return "<#" + id + ">"
		}
		return id
	})
}
