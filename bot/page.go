package bot

import (
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"vmqbot/secret"
	"vmqbot/speech"
)

// Slack's limits in characters, and ours where its cumulative one is written
// nowhere (slack-go/bolt issues: between 12 000 and 13 200 over all blocks).
const (
	mostSection = 2_900 // 3 000
	mostHeader  = 150
	mostButton  = 75
	mostValue   = 2_000
	mostText    = 3_500 // 4 000 before a message is split
	mostTotal   = 9_500 // under 10 000
	mostBlocks  = 50    // 100 in a modal or a home
	mostOption  = 75
	mostActions = 25
)

// page builds one message or view. It is the one place where text enters a
// block: everything is redacted, escaped and cut to Slack's limits here.
type page struct {
	voice
	text   string // what a notification shows, and programs that know no blocks
	blocks []slack.Block
	size   int
	full   bool // something did not fit
}

// voice is how the bot speaks: without secrets, and in the fleet's language. What
// is put together in English is said in it where it enters a block.
type voice struct {
	red    *secret.Redactor
	tongue *speech.Tongue // nil for English
}

func newPage(v voice, text string) *page {
	p := &page{voice: v}
	p.text = shorten(p.tongue.Text(p.escape(text)), mostText)
	return p
}

// escape makes text of others harmless: no mention, no link, no secret.
func (p *page) escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(printable(p.red.Text(s)))
}

// printable keeps what a screen shows: a client chooses its own name, and so
// what a broker logs.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == utf8.RuneError:
			return '\ufffd'
		}
		return r
	}, s)
}

// shorten cuts to n characters, never inside an entity.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := string(r[:n-1])
	if i := strings.LastIndexByte(cut, '&'); i >= 0 && i > len(cut)-6 && !strings.Contains(cut[i:], ";") {
		cut = cut[:i]
	}
	return cut + "\u2026"
}

// room takes n characters from what is left for the whole message.
func (p *page) room(n int) bool {
	if p.size+n > mostTotal || len(p.blocks) >= mostBlocks-2 {
		p.full = true
		return false
	}
	p.size += n
	return true
}

// say adds a paragraph; markup is ours, and text of others in it was escaped.
func (p *page) say(markup string) *page {
	markup = shorten(p.tongue.Text(markup), mostSection)
	if markup != "" && p.room(len(markup)) {
		p.blocks = append(p.blocks, slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, markup, false, false), nil, nil))
	}
	return p
}

// note adds a line in small print.
func (p *page) note(markup string) *page {
	markup = shorten(p.tongue.Text(markup), mostSection)
	if markup != "" && p.room(len(markup)) {
		p.blocks = append(p.blocks, slack.NewContextBlock("", slack.NewTextBlockObject(slack.MarkdownType, markup, false, false)))
	}
	return p
}

// head adds a heading.
func (p *page) head(text string) *page {
	text = shorten(printable(p.red.Text(text)), mostHeader)
	if p.room(len(text)) {
		p.blocks = append(p.blocks, slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, text, false, false)))
	}
	return p
}

// code adds text of others as it is, over several blocks when it is long. It
// reports whether all of it fit.
func (p *page) code(text string) bool {
	for _, chunk := range chunks(p.escape(text), mostSection-20) {
		if !p.room(len(chunk)) {
			return false
		}
		p.blocks = append(p.blocks, slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, fence(chunk), false, false), nil, nil))
	}
	return true
}

// read adds text of ours that is set in columns, as code but in the fleet's
// language.
func (p *page) read(text string) bool { return p.code(p.tongue.Text(text)) }

// fence puts text that was escaped between the marks of code.
func fence(escaped string) string {
	return "```\n" + strings.ReplaceAll(escaped, "```", "'''") + "\n```"
}

// chunks takes text apart at line ends.
func chunks(s string, n int) (all []string) {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(s, "\n")) {
		line = shorten(line, n)
		if b.Len() > 0 && b.Len()+len(line) > n {
			all = append(all, strings.TrimRight(b.String(), "\n"))
			b.Reset()
		}
		b.WriteString(line)
	}
	if b.Len() > 0 {
		all = append(all, strings.TrimRight(b.String(), "\n"))
	}
	return all
}

// button is one that can be pressed: what it means and which id it carries. It
// never carries an instruction.
type button struct {
	action, id, text string
	style            slack.Style
	ask              string // a question before it counts; "" for none
}

func (p *page) buttons(all ...button) *page {
	var elements []slack.BlockElement
	for _, b := range all[:min(len(all), mostActions)] {
		e := slack.NewButtonBlockElement(b.action, shorten(b.id, mostValue), plain(shorten(p.tongue.Line(b.text), mostButton)))
		if b.style != "" {
			e = e.WithStyle(b.style)
		}
		if b.ask != "" {
			e = e.WithConfirm(slack.NewConfirmationBlockObject(p.plain("Are you sure?"), plain(shorten(p.tongue.Line(b.ask), 300)), p.plain("Yes"), p.plain("No")))
		}
		elements = append(elements, e)
	}
	if len(elements) > 0 {
		p.blocks = append(p.blocks, slack.NewActionBlock("", elements...))
	}
	return p
}

// plain is a label in the fleet's language.
func (v voice) plain(s string) *slack.TextBlockObject { return plain(v.tongue.Line(s)) }

func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// mention names people and groups by id so that Slack shows their names.
func mention(ids ...string) string {
	var all []string
	for _, id := range ids {
		switch {
		case strings.HasPrefix(id, "U"), strings.HasPrefix(id, "W"):
			all = append(all, "<@"+id+">")
		case strings.HasPrefix(id, "S"):
			all = append(all, "<!subteam^"+id+">")
		default:
			all = append(all, id)
		}
	}
	if len(all) == 0 {
		return "nobody"
	}
	return strings.Join(all, ", ")
}
