package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/ops"
)

// What the buttons of an alert are called, and the form of a silence.
const (
	doRepair  = "repair"
	doAck     = "ack"
	doAckAll  = "ack-all"
	doUnack   = "unack"
	doSilence = "silence"
	doRunbook = "runbook"
	doGraph   = "graph"
)

// Grapher draws the last hours of what an alert is about, as a PNG.
type Grapher interface {
	Graph(ctx context.Context, key alerts.Key) (png []byte, err error)
}

// pressed does what a button of an alert means. It stands for a line that the
// person could have typed: the same parser, the same authorizer, the same
// audit. What is repaired is what the store says of the alert, not the button.
func (b *Bot) pressed(ctx context.Context, s *control.Service, c call) error {
	if err := s.Enter(ctx, c.who, c.action+" "+shorten(c.id, 100), true); err != nil {
		return err
	}
	a, err := b.alertOf(ctx, s, c.id)
	if err != nil {
		return err
	}
	switch below := inThread(c); {
	case !a.Needy():
		return ops.Errorf(ops.Invalid, "alerts", "%s is over already, so there is nothing to do.", a.Key)
	case c.action == doRepair && a.Last.Repair == "":
		return ops.Errorf(ops.Invalid, "alerts", "No command repairs %s now.", a.Key)
	case c.action == doRepair:
		return b.line(ctx, s, c, strings.Fields(a.Last.Repair))
	case c.action == doAck:
		return b.line(ctx, s, below, []string{"ack", a.Key.String()})
	case c.action == doAckAll:
		return b.line(ctx, s, below, []string{"ack", a.Key.Group()})
	case c.action == doUnack:
		return b.line(ctx, s, below, []string{"unack", a.Key.String()})
	case c.action == doSilence:
		return b.openSilence(ctx, c, a)
	case c.action == doRunbook:
		return b.runbook(ctx, s, c, a)
	default:
		return b.graph(ctx, s, below, a)
	}
}

// inThread is the same call, answered below the message that holds the button.
func inThread(c call) call {
	c.reply, c.thread = "", c.message
	if c.parent != "" {
		c.thread = c.parent
	}
	return c
}

// alertOf finds the alert that a button is about, as the watch knows it now.
func (b *Bot) alertOf(ctx context.Context, s *control.Service, id string) (alerts.Alert, error) {
	name, number, _ := strings.Cut(id, "#")
	k, ok := alerts.ParseKey(name)
	seq, err := strconv.Atoi(number)
	if !ok || err != nil || s.Book == nil {
		return alerts.Alert{}, ops.Errorf(ops.Invalid, "alerts", "This button is about no alert that I know.")
	}
	book, err := s.Book.Book(ctx)
	if err != nil {
		return alerts.Alert{}, err
	}
	a, known := book.Alerts[k]
	if !known || a.Seq != seq {
		return a, ops.Errorf(ops.Invalid, "alerts", "%s is over already, so there is nothing to do.", k)
	}
	return a, nil
}

// openSilence asks for how long and why.
func (b *Bot) openSilence(ctx context.Context, c call, a alerts.Alert) error {
	reason := slack.NewPlainTextInputBlockElement(b.voice().plain("the provider works on the host"), "reason")
	reason.MaxLength = 200
	var options []*slack.OptionBlockObject
	for _, o := range []struct{ value, text string }{{"15m", "15 minutes"}, {"1h", "an hour"}, {"4h", "4 hours"}, {"24h", "a day"}} {
		options = append(options, slack.NewOptionBlockObject(o.value, b.voice().plain(o.text), nil))
	}
	long := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "for", options...)
	long.InitialOption = options[1]
	what := fmt.Sprintf("Nothing is said about %s in %s, nobody is paged for it, and nothing of it is repaired by the bot itself. The watch goes on looking, and what is still wrong then is told when the silence ends.", a.Key.Check, a.Key.Region)
	return b.open(ctx, c, b.voice().modal(doSilence, "Silence an alert", "Silence", strings.Join([]string{c.id, c.who.Place, inThread(c).thread}, " "), slack.Blocks{BlockSet: []slack.Block{
		slack.NewSectionBlock(b.voice().plain(what), nil, nil),
		slack.NewInputBlock("for", b.voice().plain("How long"), nil, long),
		slack.NewInputBlock("reason", b.voice().plain("Why"), b.voice().plain("For whoever finds it"), reason),
	}}), "type it: /vmq silence "+a.Key.Region+" 1h REASON")
}

// silenced does what the form says. The form is the person's own confirmation;
// where the fleet file wants others to agree, it becomes a card.
func (b *Bot) silenced(ctx context.Context, s *control.Service, c call) error {
	carried := strings.Fields(c.id)
	if len(carried) != 3 {
		return ops.Errorf(ops.Invalid, "help silence", "This form is from another time; I do not know it any more.")
	}
	c.id, c.who.Place, c.thread = carried[0], carried[1], carried[2]
	var reason []string // what is written into a form is never an option
	for word := range strings.FieldsSeq(c.values["reason"]) {
		reason = append(reason, strings.TrimLeft(word, "-"))
	}
	if err := s.Enter(ctx, c.who, doSilence+" "+shorten(c.id, 100), true); err != nil {
		return err
	}
	a, err := b.alertOf(ctx, s, c.id)
	if err != nil {
		return err
	}
	target := a.Key.Region
	if _, planned := s.Fleet.Region(target); !planned {
		target = "all" // the bot's own network is in no region
	}
	long := c.values["for"]
	if long == "" {
		long = "1h"
	}
	return b.confirmed(ctx, s, c, append([]string{"silence", target, "--check", a.Key.Check, "--for", long}, reason...))
}

// confirmed does a line that the person has confirmed in a form.
func (b *Bot) confirmed(ctx context.Context, s *control.Service, c call, words []string) error {
	cmd, req, err := commands.Parse(words, s.Fleet)
	if err != nil {
		return err
	}
	res, err := s.Do(ctx, cmd, req, control.Door{Caller: &c.who, Later: true, Ask: nobodyAsks})
	if err != nil {
		return err
	}
	if res.Approval == nil || !res.Approval.Needs[0].Self {
		return b.came(ctx, s, c, cmd, req, res)
	}
	defer b.lives.about(res.Approval.ID)()
	if res, err = s.Decide(ctx, res.Approval.ID, c.who, ops.Approve, "", control.Door{Ask: nobodyAsks}); err != nil {
		return err
	}
	return b.came(ctx, s, c, cmd, req, control.Result{Op: res.Op, Plan: res.Plan})
}

// runbook tells one person what a check asks, what was found, and what to do.
func (b *Bot) runbook(ctx context.Context, s *control.Service, c call, a alerts.Alert) error {
	if err := b.mayRead(ctx, s, c); err != nil {
		return err
	}
	p := newPage(b.voice(), "Runbook: "+a.Key.Check)
	p.head(a.Key.String())
	question := a.Key.Check
	if check, ok := checks.Find(a.Key.Check); ok {
		question = check.Summary
		if len(check.Needs) > 0 {
			question += "\nIt is judged only where these are well: " + strings.Join(check.Needs, ", ") + "."
		}
	}
	p.say("*The check asks* " + p.escape(question))
	p.say("*Seen* " + p.escape(a.Last.Evidence))
	if a.Last.Effect != "" {
		p.say("*Means* " + p.escape(a.Last.Effect))
	}
	if a.Last.Row != "" {
		p.say("*Known as* " + p.escape(a.Last.Row) + " of the failure catalog")
	}
	switch node := p.escape(a.Key.Node); {
	case a.Last.Repair != "":
		p.say("*To repair it* `/vmq " + p.escape(a.Last.Repair) + "` shows its plan first, and asks")
		fallthrough
	default:
		if a.Last.NoRepair != "" {
			p.say("*By hand* " + p.escape(b.typedAll(a.Last.NoRepair)))
		}
		switch a.Key.Check {
		case alerts.Self, alerts.Storm:
		case alerts.Scheduled:
			p.say("*To know more* `/vmq schedule list` shows what is due when, and what came of it; `/vmq history` shows its operations")
		default:
			p.say("*To know more* `/vmq diagnose " + node + "` looks again at everything, `/vmq logs " + node + "` shows what the broker says")
		}
	}
	if page := alerts.Runbook(s.Fleet, a.Key.Check); page != "" {
		p.say("*In full* <" + page + "|" + p.escape(a.Key.Check) + ">: what else it can be, and what to do by hand")
	}
	b.private(ctx, c, p)
	return nil
}

// graph uploads the picture of the last hours below the alert.
func (b *Bot) graph(ctx context.Context, s *control.Service, c call, a alerts.Alert) error {
	if err := b.mayRead(ctx, s, c); err != nil {
		return err
	}
	if b.o.Graph == nil {
		return ops.Errorf(ops.Invalid, "alerts", "Nobody keeps the last hours here, so there is no picture.")
	}
	png, err := b.o.Graph.Graph(ctx, a.Key)
	if err != nil {
		return err
	}
	return b.file(ctx, c, "graph.png", a.Key.String(), png, false)
}

// mayRead asks control whether a person may read alerts: who may not is
// refused, and that stands in the audit.
func (b *Bot) mayRead(ctx context.Context, s *control.Service, c call) error {
	cmd, req, err := commands.Parse([]string{"alerts"}, s.Fleet)
	if err != nil {
		return err
	}
	_, err = s.Do(ctx, cmd, req, control.Door{Caller: &c.who, Later: true, Ask: nobodyAsks})
	return err
}
