package commands

import (
	"fmt"
	"strings"

	"vmqbot/checks"
	"vmqbot/conf"
	"vmqbot/facts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "conf diff",
	Summary: "Compare the vernemq.conf on the hosts with the fleet file",
	Help: `Reads the vernemq.conf of each node's container, also of a stopped one, and
compares it with what the fleet file makes: - is what stands there, + what should.
Each line says whether a running broker takes the change (vmq-admin set) or a
restart is needed. Secrets are only said to be another. The exit status is 1 when
something differs and 4 when it cannot be seen. conf push writes it.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"conf diff", "every node"},
		{"conf diff cn-1", "one node"},
	},
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{Ground: true}} },
	View: viewConfDiff,
})

// diffData is the --json form of one node's differences.
type diffData struct {
	Node    string     `json:"node"`
	Blind   string     `json:"unseen,omitempty"`
	Same    bool       `json:"same"`
	Restart bool       `json:"restart"` // a running broker does not take all of it
	Lines   []diffLine `json:"lines"`
}

// diffLine is one difference.
type diffLine struct {
	Text    string `json:"text"` // one or two lines, with - and +
	Restart bool   `json:"restart"`
}

func viewConfDiff(r ops.Request, w ops.World) (View, error) {
	var b strings.Builder
	var data []diffData
	verdict := checks.OK
	for _, n := range r.Nodes {
		s := survey(r, w, n)
		c := compare(s)
		d := diffData{Node: n.Name, Blind: c.blind, Same: s.exists && c.same(), Restart: !c.live(), Lines: c.lines()}
		data = append(data, d)
		switch {
		case c.blind != "":
			verdict = graver(verdict, checks.Unknown)
			fmt.Fprintf(&b, "%s cannot be compared: %s\n", n.Name, trim(c.blind))
		case d.Same:
			fmt.Fprintf(&b, "%s is as the fleet file says\n", n.Name)
		default:
			verdict = checks.Bad
			b.WriteString(c.text(s, d))
		}
	}
	return View{Text: b.String(), Data: data, Verdict: verdict}, nil
}

// lines are the differences, one for each key and each port.
func (c compared) lines() []diffLine {
	lines := []diffLine{}
	for _, ch := range c.changes {
		lines = append(lines, diffLine{ch.String(), conf.NeedsRestart([]conf.Change{ch})})
	}
	for _, door := range c.closed {
		lines = append(lines, diffLine{"- opened by the gate: " + door, true})
	}
	for _, door := range c.opened {
		lines = append(lines, diffLine{"+ opened by the gate: " + door, false})
	}
	return lines
}

// text is what a reader sees of a node that differs.
func (c compared) text(s site, d diffData) string {
	n := s.node
	var b strings.Builder
	if !s.exists {
		return fmt.Sprintf("%s has no container\n     type: deploy %[1]s\n", n.Name)
	}
	fmt.Fprintf(&b, "%s differs\n", n.Name)
	for _, l := range d.Lines {
		how := "(at run time)"
		if l.Restart {
			how = "(restart)"
		}
		fmt.Fprintf(&b, "    %s  %s\n", strings.ReplaceAll(l.Text, "\n", "\n    "), how)
	}
	for _, remark := range c.remarks(s) {
		fmt.Fprintf(&b, "    %s\n", remark)
	}
	fmt.Fprintf(&b, "     type: %s %s\n", pushOrDeploy(s), n.Name)
	return b.String()
}

// remarks are what no line says.
func (c compared) remarks(s site) []string {
	var all []string
	switch {
	case c.missing:
		all = append(all, "there is no vernemq.conf")
	case c.broken != nil:
		all = append(all, "VerneMQ cannot read the file that stands there: "+c.broken.Error())
	case len(c.changes) == 0 && !c.sameText:
		all = append(all, "the settings are the same; only comments or their order differ")
	}
	for _, p := range c.old.Problems() {
		all = append(all, p.String())
	}
	if !s.gated {
		all = append(all, "its container has no gate: the MQTT ports stand in its file, and deploy takes them out and lets a gate open them")
	}
	if image, ok := s.ground.Image.Get(); ok && s.gated && s.old.ImageID != image.ID {
		all = append(all, fmt.Sprintf("it runs %s, and the file is made for %s", s.old.Image, s.image))
	}
	return all
}

// pushOrDeploy is the verb that puts a node right.
func pushOrDeploy(s site) string {
	if image, ok := s.ground.Image.Get(); s.gated && ok && s.old.ImageID == image.ID {
		return "conf push"
	}
	return "deploy"
}
