package bot

import (
	"slices"
	"strings"

	"vmqbot/alerts"
)

// alertLine is one line of history, below the message.
func (b *Bot) alertLine(s alerts.Say, m alerts.Message) *page {
	at, text := "", s.Text
	if clock, rest, ok := strings.Cut(s.Text, " "); ok && strings.Count(clock, ":") == 2 {
		at, text = clock, rest
	}
	where := s.ID.Key.Where()
	p := newPage(b.voice(), where+" "+text)
	line := p.escape(b.typedAll(text))
	if strings.HasPrefix(text, "acknowledged") {
		if r, ok := rowOf(m, s.ID); ok && r.Acked != "" {
			line += " (" + b.person(p, r.Acked) + ")"
		}
	}
	if !strings.Contains(text, where+":") {
		line = "*" + p.escape(where) + "* " + line
	}
	if at != "" {
		line = "`" + p.escape(at) + " UTC` " + line
	}
	return p.say(line)
}

// alertCall wakes somebody: a line that the channel sees too, with the names of
// those who are called. nil when nobody needs to come any more by now.
func (b *Bot) alertCall(s alerts.Say, m alerts.Message, who called) *page {
	r, ok := rowOf(m, s.ID)
	if !ok || r.Phase == alerts.Resolved && !r.Flapping || r.Acked != "" {
		return nil
	}
	p := newPage(b.voice(), "Please come: "+m.Check+" in "+m.Region+", "+s.Text)
	p.say(":rotating_light: " + mention(who.ids...) + " please come: " + p.escape(m.Check) + " in " + p.escape(m.Region) + ", " + p.escape(s.Text))
	for _, group := range who.unread {
		p.note("The user group " + p.escape(group) + " is empty or cannot be read, so everybody on the list is called. Correct `oncall` in the fleet file, or the group.")
	}
	return p.buttons(button{action: doAck, id: s.ID.String(), text: "I am on it"})
}

// alertDirect is the same call for one person alone: a telephone that is silent
// about a channel may ring for it. What it tells them to press or to type stands
// where everybody sees it.
func (b *Bot) alertDirect(s alerts.Say, m alerts.Message, at place) *page {
	p := newPage(b.voice(), "Please come: "+m.Check+" in "+m.Region+", "+s.Text)
	p.say(":rotating_light: *You are wanted:* " + p.escape(m.Check) + " in " + p.escape(m.Region) + ", " + p.escape(s.Text))
	return p.note("To take it on: the button of its message in <#" + at.channel + ">, or there `/vmq ack " + p.escape(s.ID.Key.String()) + "`")
}

// alertCalm says that nobody needs to come any more. Where somebody has taken
// it on, the line about that has said so already.
func (b *Bot) alertCalm(s alerts.Say, m alerts.Message) *page {
	if r, ok := rowOf(m, s.ID); ok && r.Acked != "" {
		return nil
	}
	p := newPage(b.voice(), s.ID.Key.Where()+": nobody needs to come any more")
	return p.say("*" + p.escape(s.ID.Key.Where()) + "* :bellhop_bell: nobody needs to come any more")
}

// alertRest is the same for one person alone, who was called by a message of
// their own and may have left the bed for it.
func (b *Bot) alertRest(s alerts.Say, m alerts.Message) *page {
	why := "it is over"
	p := newPage(b.voice(), "Nobody needs to come any more: "+m.Check+" in "+m.Region+", "+s.ID.Key.Where())
	if r, ok := rowOf(m, s.ID); ok && r.Acked != "" {
		why = b.person(p, r.Acked) + " has taken it on"
	}
	return p.say(":bellhop_bell: *Nobody needs to come any more:* " + p.escape(m.Check) + " in " + p.escape(m.Region) + ", " + p.escape(s.ID.Key.Where()) + ": " + why)
}

// rowOf is what a message tells of one alert.
func rowOf(m alerts.Message, id alerts.ID) (alerts.Row, bool) {
	i := slices.IndexFunc(m.Rows, func(r alerts.Row) bool { return r.ID == id })
	if i < 0 {
		return alerts.Row{}, false
	}
	return m.Rows[i], true
}
