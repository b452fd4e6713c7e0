package bot

import (
	"context"

	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/ops"
)

// views are shown below an operation that has ended, whichever way: what weave
// and VerneMQ say of all nodes then.
var views = []struct{ verb, title string }{
	{"peers", "Afterwards: weave's connections, as each host reports them"},
	{"cluster", "Afterwards: vmq-admin cluster show, on every node"},
}

// afterwards looks once more after an operation and posts what it saw below
// its live message. A bot that is being stopped does not wait for it.
func (b *Bot) afterwards(ctx context.Context, s *control.Service, l *live) {
	for _, v := range views {
		cmd, req, err := commands.Parse([]string{v.verb}, s.Fleet)
		if err != nil || !b.slot(ctx) {
			return
		}
		res, err := s.Do(ctx, cmd, req, control.Door{Role: ops.Viewer, Ask: nobodyAsks})
		<-b.slots
		if ctx.Err() != nil {
			return
		}
		if err != nil || res.View == nil {
			b.log.Warn("what an operation left could not be looked at", "verb", v.verb, "err", b.red().Text(sentence(err)))
			continue
		}
		l.tell(v.title, b.typedAll(res.View.Text))
	}
}
