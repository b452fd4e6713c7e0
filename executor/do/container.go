package do

import (
	"context"
	"fmt"
	"strings"

	"vmqbot/executor/engine"
	"vmqbot/ops"
	"vmqbot/regions"
)

// change does an action that only the engine is needed for; known is false for
// every other one.
func change(ctx context.Context, e *engine.Engine, a ops.Action) (err error, known bool) { //nolint:revive // the error is the answer
	switch a := a.(type) {
	case ops.StartContainer:
		return e.Start(ctx, a.Container), true
	case ops.CreateContainer:
		return e.Create(ctx, a.Spec), true
	case ops.StopContainer:
		return e.Stop(ctx, a.Container, a.Grace), true
	case ops.RenameContainer:
		return e.Rename(ctx, a.From, a.To), true
	case ops.RemoveContainer:
		return e.Remove(ctx, a.Container), true
	case ops.SetRestart:
		return e.SetRestart(ctx, a.Container, a.Policy), true
	case ops.PutFiles:
		return e.Put(ctx, a.Container, a.Dir, a.Files), true
	case ops.TagImage:
		return e.Tag(ctx, a.ID, a.Ref), true
	case ops.RemoveImage:
		return e.RemoveImage(ctx, a.Ref), true
	}
	return nil, false
}

// try runs a throwaway container; what it complained of is the error.
func (d *Doer) try(ctx context.Context, n regions.Node, t ops.TryContainer, line func(string)) (string, error) {
	a, err := d.engines.Of(n).Try(ctx, t.Spec, t.Dir, t.Files, line)
	switch {
	case err != nil:
		return printed(a), sentence(err, n)
	case a.Exit == 0:
		return printed(a), nil
	}
	return printed(a), ops.Errorf(ops.Failed, "conf show "+n.Name, "A throwaway container of %s on %s ended with exit status %d: %s", t.Spec.Image, n.Host, a.Exit, complaint(printed(a)))
}

const (
	mostLines = 8   // of a complaint
	mostChars = 300 // of one of its lines
)

// complaint is what went wrong, out of everything that was printed: the lines
// that VerneMQ's configuration marks as errors, or else the last lines.
func complaint(output string) string {
	if strings.Contains(output, "exec format error") {
		return "the image is built for another processor than the host's (exec format error)."
	}
	var marked, all []string
	for l := range strings.Lines(output) {
		l = strings.TrimSpace(l)
		if l == "" {
			continue
		}
		all = append(all, short(l))
		if _, said, ok := strings.Cut(l, "[error] "); ok && !strings.HasPrefix(said, "Error generating configuration") {
			marked = append(marked, short(said))
		}
	}
	switch {
	case len(marked) > mostLines: // the first cause and the conclusion
		marked = append(marked[:mostLines-1:mostLines-1], marked[len(marked)-1])
	case len(all) == 0:
		return "it printed nothing."
	case len(marked) == 0:
		marked = all[max(0, len(all)-mostLines):]
	}
	return strings.Join(marked, " | ")
}

func short(l string) string {
	if len(l) <= mostChars {
		return l
	}
	return fmt.Sprintf("%s...", strings.ToValidUTF8(l[:mostChars], ""))
}
