package bot

import (
	"github.com/slack-go/slack"
)

// texts are all texts of a page.
func texts(p *page) []string {
	all := []string{p.text}
	for _, b := range p.blocks {
		switch b := b.(type) {
		case *slack.SectionBlock:
			all = append(all, b.Text.Text)
		case *slack.HeaderBlock:
			all = append(all, b.Text.Text)
		case *slack.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				if t, ok := e.(*slack.TextBlockObject); ok {
					all = append(all, t.Text)
				}
			}
		}
	}
	return all
}
