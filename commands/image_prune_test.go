package commands

import (
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

// TestPruneKeepsWhatIsNeeded: each case takes one reason away from one image, or
// gives it one.
func TestPruneKeepsWhatIsNeeded(t *testing.T) {
	container := func(id string, running bool) func(*facts.Fleet) {
		return func(w *facts.Fleet) {
			factstest.Edit(w, "us-1", func(n *facts.Node) {
				d, _ := n.Docker.Get()
				d.Containers = append(slices.Clone(d.Containers), facts.Container{Name: "vernemq-release-us-1.c0ffee000000", ImageID: id, Running: running})
				n.Docker = facts.Saw(d)
			})
		}
	}
	const old1, old0, dangling = "airdroid/vernemq:1.5.1", "airdroid/vernemq:1.5.0", "dddddddddddd"
	for _, c := range []struct {
		name, line string
		change     func(*facts.Fleet)
		gone       []string
	}{
		{"the two newest stay", "image prune us", nil, []string{old0, dangling}},
		{"none stays", "image prune us --keep 0", nil, []string{"airdroid/vernemq:1.5.2", old1, old0, dangling}},
		{"all stay", "image prune us --keep 9", nil, []string{dangling}},
		{"one that rollback needs", "image prune us", container("sha256:150000000000", false), []string{dangling}},
		{"one without a name that a container needs", "image prune us", container("sha256:dddddddddddddddd", false), []string{old0}},
		{"one that runs", "image prune us", container("sha256:150000000000", true), []string{dangling}},
		{"one that is planned and does not run yet", "image prune us --keep 0", func(w *facts.Fleet) {
			factstest.Edit(w, "us-1", func(n *facts.Node) { n.Docker = facts.Saw(facts.Docker{}) })
		}, []string{"airdroid/vernemq:1.5.2", old1, old0, dangling}},
		{"a container of which Docker does not tell the image", "image prune us", container("", true), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := shipping(t, c.line, c.change)
			if err != nil {
				t.Fatal(err)
			}
			var gone []string
			for _, s := range p.Steps {
				gone = append(gone, ops.ShortID(s.Do.(ops.RemoveImage).Ref))
			}
			if !slices.Equal(gone, c.gone) {
				t.Errorf("%q, want %q", gone, c.gone)
			}
			if len(gone) > 0 && !slices.Equal(p.Locks, []string{"us"}) {
				t.Errorf("it locks %v, and a deploy could begin with an image that goes", p.Locks)
			}
		})
	}
}

func TestPruneTellsTheLastOfItsKind(t *testing.T) {
	p, err := shipping(t, "image prune us --keep 2", nil)
	if err != nil || !strings.Contains(p.Steps[0].NoUndo, "image ship us-1 --image airdroid/vernemq:1.5.0 --from cn-1 brings it back") {
		t.Errorf("%s%v", p, err)
	}
	p, err = shipping(t, "image prune us --keep 2", func(w *facts.Fleet) { also(w, "us-1", stored("airdroid/vernemq:1.4", "sha256:140", 400)) })
	if err != nil || !strings.Contains(p.String(), "no other host that can be seen keeps this image") {
		t.Errorf("%s%v", p, err)
	}
}

// TestPruneOfAllPromisesNothingThatItTakes: the other copy goes as well.
func TestPruneOfAllPromisesNothingThatItTakes(t *testing.T) {
	p, err := shipping(t, "image prune all --keep 0", nil)
	if err != nil || len(p.Steps) == 0 || strings.Contains(p.String(), "brings it back") {
		t.Errorf("%s%v", p, err)
	}
}

// TestPruneRefusesWhatItCannotSee: without the list of containers nobody knows
// what is needed.
func TestPruneRefusesWhatItCannotSee(t *testing.T) {
	for name, change := range map[string]func(*facts.Fleet){
		"host": func(w *facts.Fleet) { factstest.Dead(w, "us-1") },
		"images": func(w *facts.Fleet) {
			factstest.Edit(w, "us-1", func(n *facts.Node) { n.Library = facts.Missed[facts.Library](facts.TooLate, "no answer") })
		},
		"containers": func(w *facts.Fleet) {
			factstest.Edit(w, "us-1", func(n *facts.Node) { n.Docker = facts.Missed[facts.Docker](facts.TooLate, "no answer") })
		},
	} {
		if p, err := shipping(t, "image prune all", change); ops.CodeOf(err) != ops.Unseen || !strings.Contains(err.Error(), "us-1: ") {
			t.Errorf("%s: %v, %d steps", name, err, len(p.Steps))
		}
	}
}
