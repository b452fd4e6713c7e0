package commands

import (
	"fmt"
	"strings"

	"vmqbot/checks"
	"vmqbot/conf"
	"vmqbot/ops"
	"vmqbot/shape"
)

var _ = register(Command{
	Name:    "conf show",
	Summary: "Print the vernemq.conf that deploy would write",
	Help: `Prints each node's vernemq.conf as the fleet file makes it for the version of its
image, with [redacted] for secrets, then the MQTT ports that the gate opens when
the broker's plugins answer (they are not in the file), then what is wrong with
it or worth knowing. It touches no host: conf diff compares with what is there.`,
	Target: NeedsTarget,
	Examples: []Example{
		{"conf show cn-1", "the file of one node"},
		{"conf show all", "those of the whole fleet"},
	},
	Look: func(ops.Request) Look { return Look{None: true} },
	View: viewConfShow,
})

// confData is the --json form of one node's configuration.
type confData struct {
	Node     string   `json:"node"`
	File     string   `json:"file"`  // vernemq.conf, redacted
	Doors    string   `json:"doors"` // vmqbot.listeners
	Problems []string `json:"problems"`
}

func viewConfShow(r ops.Request, _ ops.World) (View, error) {
	var b strings.Builder
	var data []confData
	verdict := checks.OK
	for _, n := range r.Nodes {
		want := shape.Of(n, n.Image, 0)
		d := confData{Node: n.Name, File: want.Shown, Doors: want.Doors, Problems: []string{}}
		fmt.Fprintf(&b, "==> %s: vernemq.conf\n%s", n.Name, want.Shown)
		fmt.Fprintf(&b, "\n==> %s: opened by the gate\n%s", n.Name, want.Doors)
		for _, p := range conf.Problems(n, conf.ParseVersion(n.Image), nil) {
			word := "NOTE"
			if p.Stops {
				word, verdict = "WRONG", checks.Bad
			}
			d.Problems = append(d.Problems, p.String())
			fmt.Fprintf(&b, "%s  %s: %s\n", word, n.Name, p)
		}
		data = append(data, d)
	}
	return View{Text: b.String(), Data: data, Verdict: verdict, Raw: true}, nil
}
