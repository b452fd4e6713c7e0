package weave

import (
	"errors"
	"regexp"

	"vmqbot/answer"
)

// dockerID is a container's whole identifier. A name will not do: who gives an
// address back has to be sure of whom.
var dockerID = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// KeptFor is the container for which a router keeps the address that it refused to
// attach. It may be gone: a router that missed its end, or was given the address
// for no container's life (ownedData.IsContainer in weave's ipam/allocator.go),
// keeps it for ever, over relaunches too, and nothing can be attached there.
func KeptFor(refused error) (container string, ok bool) {
	var no *answer.Refusal
	if !errors.As(refused, &no) || no.Kind != OwnedByContainer {
		return "", false
	}
	container = dockerID.FindString(no.Raw)
	return container, container != ""
}

// KeptPath is where the router gives back, by DELETE, what it keeps for a container:
// 204, or 400 where that is nothing.
func KeptPath(container string) string { return "/ip/" + container }
