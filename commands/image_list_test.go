package commands

import (
	"strings"
	"testing"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

// TestImagesOfEveryHost: a host without images has a line as well as one whose
// images cannot be seen, and only the second is unknown.
func TestImagesOfEveryHost(t *testing.T) {
	f := fleet(t)
	whole := facts.ImageDetail{ID: "sha256:0123456789abcdef", Cmd: []string{"start_vernemq"}, Size: 2_000_000, Created: factstest.Now.Add(-72 * time.Hour)}
	bare := whole
	bare.Cmd, bare.Created = nil, time.Unix(0, 0)
	saw := func(images ...facts.Stored) facts.Seen[facts.Library] {
		return facts.Saw(facts.Library{Images: images})
	}
	of := func(c facts.Container) facts.Seen[facts.Docker] {
		c.ImageID = whole.ID
		return facts.Saw(facts.Docker{Containers: []facts.Container{c}})
	}
	for _, c := range []struct {
		seen    facts.Seen[facts.Library]
		docker  facts.Seen[facts.Docker]
		says    string
		verdict checks.Verdict
	}{
		{saw(), of(facts.Container{}), "cn-1 no images", checks.OK},
		{facts.Missed[facts.Library](facts.Down, "Docker does not answer."), of(facts.Container{}), "cn-1 ? Docker does not answer", checks.Unknown},
		{saw(facts.Stored{ImageDetail: bare}), facts.Seen[facts.Docker]{}, "cn-1 <untagged> (no CMD) 0123456789ab 2.0 MB -", checks.OK},
		{saw(facts.Stored{ImageDetail: whole, Tags: []string{"airdroid/vernemq:1.6.1"}}), of(facts.Container{Name: "vernemq-release-cn-1", Running: true}),
			"cn-1 airdroid/vernemq:1.6.1 0123456789ab 2.0 MB 3 days runs in vernemq-release-cn-1, planned", checks.OK},
		{saw(facts.Stored{ImageDetail: whole, Tags: []string{"airdroid/vernemq:1.5"}}), of(facts.Container{Name: "vernemq-release-cn-1.c0ffee"}),
			"cn-1 airdroid/vernemq:1.5 0123456789ab 2.0 MB 3 days kept for rollback as vernemq-release-cn-1.c0ffee", checks.OK},
		{saw(facts.Stored{ImageDetail: whole, Tags: []string{"debian:12"}}), of(facts.Container{Name: "cron"}), "cn-1 debian:12 0123456789ab 2.0 MB 3 days kept by cron", checks.OK},
	} {
		w := ops.World{Fleet: f, Seen: facts.Fleet{At: factstest.Now, Nodes: map[string]facts.Node{"cn-1": {Library: c.seen, Docker: c.docker}}}}
		v, err := viewImages(ops.Request{Nodes: f.Nodes()[:1]}, w)
		line := strings.Join(strings.Fields(strings.SplitN(v.Text, "\n", 3)[1]), " ")
		if err != nil || v.Verdict != c.verdict || line != c.says {
			t.Errorf("%q (%s, %v), want %q", line, v.Verdict, err, c.says)
		}
	}
}

// TestAReferenceThatIsTwoImages is said: it was built anew, or tagged by hand.
func TestAReferenceThatIsTwoImages(t *testing.T) {
	f := fleet(t)
	w := ops.World{Fleet: f, Seen: factstest.Healthy(f)}
	has(&w, "eu-1", f.Nodes()[0].Image, "sha256:fedcba9876543210", "sha256:a1")
	v, err := viewImages(ops.Request{Nodes: f.Nodes()}, w)
	if want := "airdroid/vernemq:1.6.1 is 2 images: 0123456789ab on cn-1, sg-1, us-1; fedcba987654 on eu-1.\n"; err != nil || !strings.HasSuffix(v.Text, want) {
		t.Errorf("%s%v", v.Text, err)
	}
}

// has makes a host have one image and no other.
func has(w *ops.World, node, ref, id string, layers ...string) {
	factstest.Edit(&w.Seen, node, func(n *facts.Node) {
		l, _ := n.Library.Get()
		s := facts.Stored{ImageDetail: facts.ImageDetail{ID: id, Arch: "amd64", Cmd: []string{"start_vernemq"}, Size: 83_000_000, Created: factstest.Now.AddDate(0, 0, -1)}, Tags: []string{ref}, Layers: layers}
		for range layers {
			s.Sizes = append(s.Sizes, 83_000_000/int64(len(layers)))
		}
		l.Images = []facts.Stored{s}
		n.Library = facts.Saw(l)
	})
}
