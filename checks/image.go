package checks

import (
	"strings"

	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "image", Row: "F33", Summary: "does every node run the image that is planned?", Severity: Info,
		Needs: []string{"docker"}, node: judgeImage,
	})
}

// judgeImage compares the reference with the plan, and the image behind it
// with that of the nodes that are planned alike: one name may be two images.
func judgeImage(s Subject) Observation {
	seen := s.facts().Container
	c, seenOK := seen.Get()
	switch {
	case !seenOK:
		return unknown("container %s: %s", s.Node.Container, reason(seen))
	case s.Node.Image == "":
		return unknown("the fleet file plans no image for %s", s.Node.Name)
	case c.Image == "" || c.ImageID == "":
		return unknown("Docker does not tell the image of %s", s.Node.Container)
	case facts.Canonical(c.Image) != facts.Canonical(s.Node.Image):
		return drift(s, bad("want image %s, have %s", s.Node.Image, c.Image))
	}
	same, others := alike(s, c)
	if same+len(others) == 0 && len(s.Fleet.Peers(s.Node)) > 0 && !onlyOneOfItsPlan(s) {
		return unknown("runs %s, and no other node of that image could be seen to compare it with", c.Image)
	}
	if len(others) > same {
		return drift(s, bad("%s is %s here, %s on %s", c.Image, short(c.ImageID), short(others[0].ImageID), others[0].node))
	}
	return ok("runs %s, %s", c.Image, short(c.ImageID))
}

func drift(s Subject, o Observation) Observation {
	return o.effect("no message is lost by it; %s may behave differently from the other nodes", s.Node.Name).
		repair("deploy %s", s.Node.Name)
}

type otherImage struct{ node, ImageID string }

// alike counts the other nodes planned with the same image that run this very
// one, and lists those that run another.
func alike(s Subject, c facts.Container) (same int, others []otherImage) {
	for _, p := range s.Fleet.Peers(s.Node) {
		o, seenOK := s.of(p).facts().Container.Get()
		if !seenOK || o.ImageID == "" || facts.Canonical(p.Image) != facts.Canonical(s.Node.Image) || facts.Canonical(o.Image) != facts.Canonical(p.Image) {
			continue
		}
		if o.ImageID == c.ImageID {
			same++
		} else {
			others = append(others, otherImage{p.Name, o.ImageID})
		}
	}
	return same, others
}

func onlyOneOfItsPlan(s Subject) bool {
	for _, p := range s.Fleet.Peers(s.Node) {
		if facts.Canonical(p.Image) == facts.Canonical(s.Node.Image) {
			return false
		}
	}
	return true
}

func short(id string) string {
	id = strings.TrimPrefix(id, "sha256:")
	return id[:min(12, len(id))]
}
