package look

import (
	"bufio"
	"context"
	"strings"

	"vmqbot/answer"
	"vmqbot/executor/self"
	"vmqbot/facts"
	"vmqbot/guard"
	"vmqbot/secret"
)

// guardScript asks the guard of a node what it says of itself. It is constant;
// where the guard's program is, and the node, are its arguments.
const guardScript = `uname -sm
echo "@0 machine $?"
if [ -x "$1" ]; then
"$1" guard state "$2"
echo "@0 state $?"
else
echo "@0 none 0"
fi
echo "@0 end 0"
`

// guard reads what there is of a guard on the node's host.
func (v view) guard(ctx context.Context) facts.Seen[facts.Guard] {
	mine, err := self.Read()
	if err != nil {
		return missed[facts.Guard](err)
	}
	a, err := v.host.Run(ctx, secret.Words("sh", "-c", guardScript, "vmqbot-guard", guard.Program(v.node.Name), v.node.Name), nil)
	if err != nil {
		return missed[facts.Guard](err)
	}
	g := facts.Guard{OurMach: self.Machine(), Ours: mine.SHA256, OurSize: int64(len(mine.Content))}
	return v.parseGuard(g, a)
}

func (v view) parseGuard(g facts.Guard, a answer.Answer) facts.Seen[facts.Guard] {
	garbled := facts.Missed[facts.Guard](facts.Unreadable, "what the host of "+v.node.Name+" says of its guard is not understood: "+strings.TrimSpace(a.Stdout+" "+a.Stderr))
	r := bufio.NewReaderSize(strings.NewReader(a.Stdout), longestLine)
	machine, status, err := section(r, 0, "machine")
	if err != nil || status != 0 {
		return garbled
	}
	g.Machine = strings.TrimSpace(machine)
	if strings.Contains(a.Stdout, "\n@0 none 0\n") {
		g.State = facts.Missed[facts.GuardState](facts.Absent, v.node.Name+" has no guard.")
		if _, _, err = section(r, 0, "none"); err == nil {
			_, _, err = section(r, 0, "end")
		}
		if err != nil {
			return garbled
		}
		return facts.Saw(g)
	}
	text, status, err := section(r, 0, "state")
	if err == nil {
		_, _, err = section(r, 0, "end")
	}
	if err != nil {
		return garbled
	}
	if status != 0 {
		g.State = facts.Missed[facts.GuardState](facts.Failed, "the guard of "+v.node.Name+" does not say how it is: "+strings.TrimSpace(a.Stderr))
		return facts.Saw(g)
	}
	s, err := guard.ParseState([]byte(text))
	if err != nil {
		g.State = facts.Missed[facts.GuardState](facts.Unreadable, err.Error())
		return facts.Saw(g)
	}
	g.State = facts.Saw(s)
	return facts.Saw(g)
}
