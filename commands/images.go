package commands

import (
	"fmt"
	"strings"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "images",
	Summary: "List the images on each host",
	Help: `Lists the images of the hosts with the first digits of their identity (the
digest of the image's configuration) and their size. The image that a node's
container runs is marked with a star; two nodes that run one version show the
same identity.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"images", "every host"},
		{"images eu", "the hosts of one region"},
	},
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{Images: true}} },
	View: viewImages,
})

func viewImages(r ops.Request, w ops.World) (View, error) {
	rows := [][]string{{"NODE", "IMAGE", "ID", "SIZE", "CREATED"}}
	verdict := checks.OK
	data := map[string]facts.Seen[[]facts.Image]{}
	for _, n := range r.Nodes {
		seen := w.Seen.Nodes[n.Name]
		data[n.Name] = seen.Images
		images, ok := seen.Images.Get()
		if !ok {
			verdict = checks.Unknown
			rows = append(rows, []string{n.Name, "?", "", seen.Images.Why(), ""})
			continue
		}
		if len(images) == 0 {
			rows = append(rows, []string{n.Name, "no images", "", "", ""})
		}
		running, _ := seen.Container.Get()
		for _, i := range images {
			name := strings.Join(i.Tags, " ")
			if name == "" {
				name = "<untagged>"
			}
			if i.ID == running.ImageID && i.ID != "" {
				name += " *"
			}
			rows = append(rows, []string{n.Name, name, shortID(i.ID), size(i.Size), i.Created.UTC().Format("2006-01-02")})
		}
	}
	return View{Text: table(rows), Data: data, Verdict: verdict}, nil
}

// shortID is the first twelve digits, as Docker prints them.
func shortID(id string) string {
	id = strings.TrimPrefix(id, "sha256:")
	return id[:min(12, len(id))]
}

// size writes bytes in decimal units, as Docker does.
func size(bytes int64) string {
	switch {
	case bytes >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
	case bytes >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	default:
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	}
}
