package bot

import (
	"context"
	"fmt"
	"strings"

	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/ops"
	"vmqbot/picture"
)

// view adds what a verb found; what a tool said stays as it came.
func (b *Bot) view(p *page, v commands.View, text string) bool {
	if v.Raw {
		return p.code(text)
	}
	return p.read(text)
}

// inWords is a view's text for a file.
func (b *Bot) inWords(v commands.View) string {
	if v.Raw {
		return v.Text
	}
	return b.voice().tongue.Text(v.Text)
}

// show answers with what a verb found: as code, or as a file when it is long.
func (b *Bot) show(ctx context.Context, s *control.Service, c call, cmd *commands.Command, req ops.Request, v commands.View) error {
	head, body, _ := strings.Cut(v.Text, "\n")
	if strings.HasPrefix(head, " ") || body == "" {
		head, body = req.Line, v.Text
	}
	p := newPage(b.voice(), head)
	p.say(verdict(v.Verdict) + " *" + p.escape(head) + "*")
	whole := b.view(p, v, b.typedAll(body))
	p.note(fmt.Sprintf("`%s` asked by %s", p.escape(req.Line), mention(c.who.User)))
	if whole {
		return b.draw(ctx, s, c, req, v, b.public(ctx, s, c, p))
	}
	p = newPage(b.voice(), head)
	p.say(verdict(v.Verdict) + " *" + p.escape(head) + "*")
	b.view(p, v, firstLines(body, 12))
	p.note(fmt.Sprintf("`%s` asked by %s; it goes on for %d lines, in the file", p.escape(req.Line), mention(c.who.User), strings.Count(body, "\n")))
	if err := b.public(ctx, s, c, p); err != nil || !b.here(ctx, s, c) {
		return err
	}
	err := b.file(ctx, c, strings.ReplaceAll(cmd.Name, " ", "-")+".txt", req.Line, []byte(b.inWords(v)), true)
	return b.draw(ctx, s, c, req, v, err)
}

// draw adds a picture where what was found has one. Nobody alone can be shown a
// file, so whoever asks elsewhere reads the text. said is how that went.
func (b *Bot) draw(ctx context.Context, s *control.Service, c call, req ops.Request, v commands.View, said error) error {
	mesh, ok := v.Data.(commands.Mesh)
	if !ok || said != nil || !b.here(ctx, s, c) {
		return said
	}
	png, err := picture.Mesh(mesh)
	if err != nil {
		b.log.Info("no picture was drawn", "err", err)
		return nil
	}
	return b.file(ctx, c, "mesh.png", req.Line, png, false)
}

// file uploads below an answer; where Slack does not take it, whoever asked is
// told that it is missing.
func (b *Bot) file(ctx context.Context, c call, name, title string, content []byte, text bool) error {
	err := b.api.upload(context.WithoutCancel(ctx), c.who.Place, c.thread, name, title, content, text)
	if err == nil {
		return nil
	}
	b.log.Error("a file was given up", "name", name, "err", b.red().Text(sentence(err)))
	return ops.Errorf(ops.Failed, "", "Slack did not take %s, or its answer was lost; ask again for it.", name)
}

func firstLines(s string, n int) string {
	lines := strings.SplitAfter(s, "\n")
	return strings.Join(lines[:min(n, len(lines))], "")
}
