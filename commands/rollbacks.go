package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/shape"
)

var _ = register(Command{
	Name:    "rollbacks",
	Summary: "List the containers that deploys have kept",
	Help: `Lists what rollback can put back: for each node the containers that a deploy
replaced, newest first, with their image, when and how they ended, the last word
of their gate, and where their data lies ("shared" is the data folder of the
node, which the current container uses too). A container whose image is gone
from the host cannot come back.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"rollbacks", "every node"},
		{"rollbacks eu", "one region"},
	},
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{Ground: true, Images: true}} },
	View: viewRollbacks,
})

// keptData is the --json form of one kept container.
type keptData struct {
	Node      string          `json:"node"`
	Container facts.Container `json:"container"`
	Image     bool            `json:"image_there"`
	Shared    bool            `json:"data_shared"`
}

func viewRollbacks(r ops.Request, w ops.World) (View, error) {
	rows := [][]string{{"NODE", "ID", "IMAGE", "STOPPED (UTC)", "AGO", "EXIT", "LAST WORD", "DATA", ""}}
	verdict := checks.OK
	data := []keptData{}
	for _, n := range r.Nodes {
		s := survey(r, w, n)
		images, seen := s.seen.Images.Get()
		if s.blind == "" && !seen {
			s.blind = s.seen.Images.Why()
		}
		if s.blind != "" {
			verdict = checks.Unknown
			rows = append(rows, []string{n.Name, "?", trim(s.blind), "", "", "", "", "", ""})
			continue
		}
		all := keptOf(s)
		if len(all) == 0 {
			rows = append(rows, []string{n.Name, "none", "", "", "", "", "", "", ""})
		}
		for _, c := range all {
			k := keptData{Node: n.Name, Container: c, Shared: c.Mounts[shape.DataDir] != ""}
			k.Image = slices.ContainsFunc(images, func(i facts.Image) bool { return i.ID == c.ImageID })
			data = append(data, k)
			rows = append(rows, k.row(w.Seen.At))
		}
	}
	return View{Text: table(rows), Data: data, Verdict: verdict}, nil
}

func (k keptData) row(now time.Time) []string {
	c := k.Container
	where, remark := "in the container", ""
	if k.Shared {
		where = "shared"
	}
	if !k.Image {
		remark = "its image is gone"
	}
	if c.Running {
		remark = strings.TrimPrefix(remark+", it runs", ", ")
	}
	word := c.HealthSays
	if word == "" {
		word = "-"
	}
	return []string{
		k.Node, shape.Short(c), c.Image, c.FinishedAt.UTC().Format("2006-01-02 15:04"), ago(now.Sub(c.FinishedAt)),
		fmt.Sprint(c.ExitCode), trim(word), where, remark,
	}
}

// ago is an age as people say it.
func ago(d time.Duration) string {
	switch {
	case d < 0:
		return "-"
	case d < time.Hour:
		return count(int(d/time.Minute), "minute")
	case d < 48*time.Hour:
		return count(int(d/time.Hour), "hour")
	}
	return count(int(d/(24*time.Hour)), "day")
}
