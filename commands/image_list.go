package commands

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "image list",
	Summary: "Show the images on each host and what needs them",
	Help: `Lists the images of the hosts: every reference, the first digits of the identity
(the digest of the image's configuration), size, age, and what needs it. "runs in"
is a container that is up, "kept for" one that a deploy or a person stopped and
rollback may put back, "planned" what the fleet file names. Two nodes that run one
version show the same identity; where one reference is two images, that is said.

An image that went through docker export and docker import has forgotten how it
starts; "no CMD" tells it. deploy can use it all the same, docker run cannot.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"image list", "every host"},
		{"image list eu", "the hosts of one region"},
	},
	Look: func(ops.Request) Look { return Look{Facts: facts.Need{Library: true}} },
	View: viewImages,
})

// imageRow is one image for programs.
type imageRow struct {
	Node   string       `json:"node"`
	Image  facts.Stored `json:"image"`
	Needed []string     `json:"needed,omitempty"` // by what, in words
}

func viewImages(r ops.Request, w ops.World) (View, error) {
	rows := [][]string{{"NODE", "IMAGE", "ID", "SIZE", "AGE", "NEEDED"}}
	verdict := checks.OK
	data := []imageRow{}
	of := map[string]map[string][]string{} // reference, id, nodes
	for _, n := range r.Nodes {
		seen := w.Seen.Nodes[n.Name]
		l, ok := seen.Library.Get()
		if !ok {
			verdict = checks.Unknown
			rows = append(rows, []string{n.Name, "?", trim(seen.Library.Why()), "", "", ""})
			continue
		}
		if len(l.Images) == 0 {
			rows = append(rows, []string{n.Name, "no images", "", "", "", ""})
		}
		for _, i := range newestFirst(l.Images) {
			needed := needs(w.Fleet, seen, n, i)
			data = append(data, imageRow{n.Name, i, needed})
			rows = append(rows, []string{n.Name, called(i), shortID(i.ID), size(i.Size), age(w.Seen.At, i.Created), strings.Join(needed, ", ")})
			for _, tag := range i.Tags {
				if of[tag] == nil {
					of[tag] = map[string][]string{}
				}
				of[tag][i.ID] = append(of[tag][i.ID], n.Name)
			}
		}
	}
	return View{Text: table(rows) + twofold(of), Data: data, Verdict: verdict}, nil
}

// called is an image's references, and what is wrong with it.
func called(i facts.Stored) string {
	name := strings.Join(i.Tags, " ")
	if name == "" {
		name = "<untagged>"
	}
	if i.Commandless() {
		name += " (no CMD)"
	}
	return name
}

func age(now, made time.Time) string {
	if made.Unix() <= 0 { // a build that is to be the same every time says so
		return "-"
	}
	return ago(now.Sub(made))
}

// twofold says which references are several images.
func twofold(of map[string]map[string][]string) string {
	var b strings.Builder
	for _, ref := range slices.Sorted(maps.Keys(of)) {
		if len(of[ref]) > 1 {
			fmt.Fprintf(&b, "%s is %d images: %s.\n", ref, len(of[ref]), each(of[ref]))
		}
	}
	return b.String()
}

// each writes which image is where.
func each(of map[string][]string) string {
	var parts []string
	for _, id := range slices.Sorted(maps.Keys(of)) {
		parts = append(parts, shortID(id)+" on "+strings.Join(of[id], ", "))
	}
	return strings.Join(parts, "; ")
}

// needs says what would miss an image: containers, whether they run or were
// kept, and the fleet file.
func needs(f *regions.Fleet, seen facts.Node, n regions.Node, i facts.Stored) []string {
	var why []string
	docker, _ := seen.Docker.Get()
	for _, c := range docker.Containers {
		switch {
		case c.ImageID != i.ID:
		case c.Running:
			why = append(why, "runs in "+c.Name)
		case strings.HasPrefix(c.Name, n.Container+"."):
			why = append(why, "kept for rollback as "+c.Name)
		default:
			why = append(why, "kept by "+c.Name)
		}
	}
	for _, of := range f.Nodes() {
		if slices.Contains(i.Tags, facts.Canonical(of.Image)) {
			return append(why, "planned")
		}
	}
	return why
}

func newestFirst(images []facts.Stored) []facts.Stored {
	images = slices.Clone(images)
	slices.SortFunc(images, func(a, b facts.Stored) int {
		if c := b.Created.Compare(a.Created); c != 0 {
			return c
		}
		return strings.Compare(strings.Join(a.Tags, " ")+a.ID, strings.Join(b.Tags, " ")+b.ID)
	})
	return images
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
