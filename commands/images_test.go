package commands

import (
	"strings"
	"testing"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
)

// TestImagesOfEveryHost: a host without images has a line as well as one whose
// images cannot be seen, and only the second is unknown.
func TestImagesOfEveryHost(t *testing.T) {
	f := fleet(t)
	for _, c := range []struct {
		seen    facts.Seen[[]facts.Image]
		says    string
		verdict checks.Verdict
	}{
		{facts.Saw([]facts.Image{}), "cn-1 no images", checks.OK},
		{facts.Missed[[]facts.Image](facts.Down, "Docker does not answer."), "cn-1 ? Docker does not answer.", checks.Unknown},
		{facts.Saw([]facts.Image{{ID: "sha256:0123456789abcdef"}}), "cn-1 <untagged> 0123456789ab", checks.OK},
	} {
		w := ops.World{Fleet: f, Seen: facts.Fleet{Nodes: map[string]facts.Node{"cn-1": {Images: c.seen}}}}
		v, err := viewImages(ops.Request{Nodes: f.Nodes()[:1]}, w)
		line := strings.Join(strings.Fields(strings.SplitN(v.Text, "\n", 2)[1]), " ")
		if err != nil || v.Verdict != c.verdict || !strings.HasPrefix(line, c.says) {
			t.Errorf("%q (%s, %v), want %q", line, v.Verdict, err, c.says)
		}
	}
}
