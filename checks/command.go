package checks

import "vmqbot/facts"

func init() {
	register(Check{
		Name: "command", Row: "F32", Summary: "does the image say how it starts?", Severity: Info,
		Needs: []string{"docker"}, Facts: facts.Need{Library: true}, Named: true, node: judgeCommand,
	})
}

// judgeCommand looks at the image that the node's container is made from, or
// without one at the planned one. docker export and docker import forget what an
// image starts with.
func judgeCommand(s Subject) Observation {
	seen := s.facts().Library
	l, seenOK := seen.Get()
	if !seenOK {
		return unknown("the images of %s: %s", s.Node.Host, reason(seen))
	}
	image, there := l.Tagged(s.Node.Image)
	if c, running := s.facts().Container.Get(); running {
		image, there = l.Of(c.ImageID)
	}
	switch {
	case !there:
		return unknown("the image of %s is not on %s", s.Node.Name, s.Node.Host)
	case !image.Commandless():
		return ok("%s says how it starts", short(image.ID))
	}
	return bad("%s on %s says nothing of how it starts%s", short(image.ID), s.Node.Host, imported(image.Comment)).
		effect("no message is lost: deploy names the command itself, and docker run without one refuses").
		byHand("bring it whole from a host that has it: image ship %s --from NODE", s.Node.Name)
}

func imported(comment string) string {
	if comment == "" {
		return ""
	}
	return ": " + comment
}
