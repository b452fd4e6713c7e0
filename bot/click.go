package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/ops"
)

// What buttons and modals are called. A button carries an id, never an
// instruction: what happens is in the store.
const (
	doApprove = "approve"
	doDeny    = "deny"
	doGlass   = "break-glass"
	doCancel  = "cancel"
	doDeploy  = "deploy"
)

// clicked does what a button means.
func (b *Bot) clicked(ctx context.Context, s *control.Service, c call) error {
	switch c.action {
	case doApprove:
		return b.decide(ctx, s, c, c.id, ops.Approve, "")
	case doDeny:
		return b.decide(ctx, s, c, c.id, ops.Deny, "")
	case doGlass:
		return b.openGlass(ctx, s, c)
	case doCancel:
		if err := s.Stop(ctx, c.id, c.who); err != nil {
			return err
		}
		b.lives.asked2stop(c.id, c.who.User)
		p := newPage(b.voice(), "It stops before its next step.")
		b.private(ctx, c, p.say(":octagonal_sign: "+p.escape(c.id)+" stops before its next step; what has an undo is undone."))
		return nil
	case doDeploy:
		return b.openDeploy(ctx, s, c)
	case doRepair, doAck, doAckAll, doUnack, doSilence, doRunbook, doGraph:
		return b.pressed(ctx, s, c)
	default:
		return ops.Errorf(ops.Invalid, "help", "This button is from another time; I do not know it any more.")
	}
}

// decide takes one decision, and when it completes the consent stays with the
// operation to its end.
func (b *Bot) decide(ctx context.Context, s *control.Service, c call, id string, choice ops.Choice, reason string) error {
	defer b.lives.about(id)()
	res, err := s.Decide(ctx, id, c.who, choice, reason, control.Door{Ask: nobodyAsks, Emit: func(e ops.Event) {
		b.lives.hear(id, e)
		if e.Kind == ops.Decided && c.kind == click && c.who.Place == "" {
			b.counted(c, *e.Approval)
		}
	}})
	if res.Approval != nil {
		if l := b.lives.decided(id, *res.Approval, res, err); l != nil && res.Op != nil {
			b.afterwards(ctx, s, l)
		}
	}
	ran := res.Approval != nil && res.Approval.State == ops.Spent && res.Approval.By == c.who.User
	if err != nil && ran {
		return nil // the card tells everybody
	}
	return err
}

// counted tells who decided at home, where nothing moves, that it counts.
func (b *Bot) counted(c call, a ops.Approval) {
	b.out.say(func(ctx context.Context) error {
		p := newPage(b.voice(), a.Line+": your decision counts")
		p.say(":ballot_box_with_check: `" + p.escape(a.Line) + "` (operation `" + a.Op + "`): your decision counts. Its card shows how it goes on.")
		_, err := b.api.post(ctx, c.who.User, "", "", p)
		return err
	})
}

// openGlass asks for the reason. The card's id goes along.
func (b *Bot) openGlass(ctx context.Context, s *control.Service, c call) error {
	if err := s.Enter(ctx, c.who, doGlass+" "+c.id, true); err != nil {
		return err
	}
	input := slack.NewPlainTextInputBlockElement(b.voice().plain("cn is down, and nobody on call answers"), "reason")
	input.Multiline, input.MaxLength = true, 500
	v := b.voice().modal(doGlass, "Break the glass", "Run it now", c.id, slack.Blocks{BlockSet: []slack.Block{
		slack.NewSectionBlock(b.voice().plain("This runs the plan without the approval that it needs. Only an admin may, the channel is told, and the reason stays in the audit."), nil, nil),
		slack.NewInputBlock("reason", b.voice().plain("Why can this not wait?"), nil, input),
	}})
	return b.open(ctx, c, v, "have somebody approve it")
}

func (v voice) modal(id, title, submit, carries string, blocks slack.Blocks) slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: id, Title: plain(shorten(v.tongue.Line(title), 24)), Submit: plain(shorten(v.tongue.Line(submit), 24)), Close: v.plain("Back"),
		PrivateMetadata: carries, Blocks: blocks,
	}
}

// open shows a modal; the trigger is good for three seconds. Where it does not open,
// the answer says how the same is done without it.
func (b *Bot) open(ctx context.Context, c call, v slack.ModalViewRequest, without string) error {
	one, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if _, err := b.api.slack.OpenViewContext(one, c.trigger, v); err != nil {
		b.log.Warn("a form could not be opened", "err", b.red().Text(sentence(err)))
		return ops.Errorf(ops.Failed, "", "The form could not be opened in time; press again, or %s.", without)
	}
	return nil
}

// openDeploy is the form for a deploy.
func (b *Bot) openDeploy(ctx context.Context, s *control.Service, c call) error {
	if c.kind == click || c.kind == visit {
		c.who.Place = ""
	}
	if err := s.Enter(ctx, c.who, doDeploy, true); err != nil {
		return err
	}
	if err := s.May(ctx, c.who, doDeploy); err != nil {
		return err
	}
	var options []*slack.OptionBlockObject
	add := func(value, text string) {
		if len(options) < 100 {
			options = append(options, slack.NewOptionBlockObject(value, plain(shorten(b.voice().tongue.Line(text), mostOption)), nil))
		}
	}
	for _, r := range s.Fleet.Regions {
		add(r.Name, r.Name+": "+r.Title)
		for _, n := range r.Nodes {
			if len(r.Nodes) > 1 {
				add(n.Name, n.Name)
			}
		}
	}
	add("all", "all regions, one node after the other")
	image := slack.NewPlainTextInputBlockElement(plain(shorten(s.Fleet.Image, 150)), "image")
	soak := slack.NewPlainTextInputBlockElement(b.voice().plain("10"), "soak")
	v := b.voice().modal(doDeploy, "Deploy", "Show the plan", "", slack.Blocks{BlockSet: []slack.Block{
		slack.NewInputBlock("target", b.voice().plain("Where"), nil, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, b.voice().plain("a region"), "target", options...)),
		slack.NewInputBlock("image", b.voice().plain("Image"), b.voice().plain("Empty for the one of the fleet file"), image).WithOptional(true),
		slack.NewInputBlock("soak", b.voice().plain("Soak"), b.voice().plain("Seconds that each node must stay well before the next one"), soak).WithOptional(true),
	}})
	return b.open(ctx, c, v, "type it: /vmq deploy REGION")
}

// form is the line that a filled form stands for.
func form(values map[string]string) []string {
	words := []string{doDeploy, values["target"]}
	for _, name := range []string{"image", "soak"} {
		if v := strings.TrimSpace(values[name]); v != "" {
			words = append(words, "--"+name, v)
		}
	}
	return words
}

// check reads a form before it is acknowledged, and answers what is wrong with
// it for Slack to show in the form; nil when it can be done.
func (b *Bot) check(c call) any {
	if c.action != doDeploy {
		return nil
	}
	s, giveBack := b.desk.Borrow()
	defer giveBack()
	_, _, err := commands.Parse(form(c.values), s.Fleet)
	if err == nil {
		return nil
	}
	block, at := "target", len(err.Error())
	for _, name := range []string{"image", "soak"} { // the first that it names: its end shows how to type all of them
		if i := strings.Index(err.Error(), "-"+name); i >= 0 && i < at {
			block, at = name, i
		}
	}
	return slack.NewErrorsViewSubmissionResponse(map[string]string{block: shorten(printable(b.red().Text(err.Error())), 500)})
}

// submitted does what a filled form means. A deploy from a form is shown in
// the fleet's channel: that is where changes are asked for.
func (b *Bot) submitted(ctx context.Context, s *control.Service, c call) error {
	switch c.action {
	case doGlass:
		return b.decide(ctx, s, c, c.id, ops.BreakGlass, c.values["reason"])
	case doSilence:
		return b.silenced(ctx, s, c)
	case doDeploy:
		c.who.Place = s.Fleet.Slack.Channel
		if err := s.Enter(ctx, c.who, strings.Join(form(c.values), " "), true); err != nil {
			return err
		}
		return b.line(ctx, s, c, form(c.values))
	default:
		return ops.Errorf(ops.Invalid, "help", "This form is from another time; I do not know it any more.")
	}
}

// home publishes a person's home: the fleet at a glance, what waits, and what
// was done.
func (b *Bot) home(ctx context.Context, s *control.Service, c call) error {
	p := newPage(b.voice(), "vmq")
	if err := s.Enter(ctx, c.who, "home", false); err != nil {
		p.say(":no_entry: " + b.mentions(p.escape(err.Error())))
		return b.publish(ctx, c.who.User, p)
	}
	for _, verb := range []string{"status", "history"} {
		if verb == "history" {
			b.waiting(ctx, s, c.who, p)
			p.say("*Done lately*")
		}
		words := map[string][]string{"status": {"status"}, "history": {"history", "-n", "5"}}[verb]
		cmd, req, err := commands.Parse(words, s.Fleet)
		if err != nil {
			return err
		}
		if !b.slot(ctx) {
			return nil
		}
		res, err := s.Do(ctx, cmd, req, control.Door{Caller: &c.who, Later: true, Ask: nobodyAsks})
		<-b.slots
		if err != nil {
			p.say(":no_entry: " + b.mentions(p.escape(err.Error())))
			return b.publish(ctx, c.who.User, p)
		}
		p.read(b.typedAll(res.View.Text))
	}
	p.buttons(button{action: doDeploy, id: "form", text: "Deploy...", style: slack.StylePrimary})
	p.note(fmt.Sprintf("As of %s. Open this tab again for a new look.", date(time.Now())))
	return b.publish(ctx, c.who.User, p)
}

// mostWaiting is how many requests a home lists.
const mostWaiting = 5

// waiting lists what waits for approval, those that wait for this person first.
// Only they have buttons: what one has asked for, or voted about, or has no
// voice in, is for others.
func (b *Bot) waiting(ctx context.Context, s *control.Service, who ops.Caller, p *page) {
	all, err := s.Approvals.WaitingApprovals(ctx)
	if err != nil {
		b.log.Error("what waits cannot be read", "err", err)
		return
	}
	var yours, others []ops.Approval
	for _, a := range all {
		switch {
		case a.State != ops.Open:
		case s.WaitsFor(ctx, a, who):
			yours = append(yours, a)
		default:
			others = append(others, a)
		}
	}
	for i, a := range append(yours, others...) {
		if i == mostWaiting {
			p.note(fmt.Sprintf("and %d more", len(yours)+len(others)-i))
			break
		}
		text := "`" + p.escape(a.Line) + "` asked by " + mention(a.Requester.User) + " " + needText(a) + ", until " + date(a.Expires)
		if i < len(yours) {
			p.say("*Waits for you:* " + text).buttons(cardButtons(a)...)
		} else {
			p.say("*Waits for others:* " + text)
		}
	}
	if len(yours)+len(others) == 0 {
		p.say("Nothing waits for approval.")
	}
}

func (b *Bot) publish(ctx context.Context, user string, p *page) error {
	err := b.api.persist(ctx, "views.publish", true, func(ctx context.Context) error {
		_, err := b.api.slack.PublishViewContext(ctx, slack.PublishViewContextRequest{
			UserID: user, View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: p.blocks}},
		})
		return err
	})
	return b.lost(err)
}
