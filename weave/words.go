package weave

import (
	"fmt"
	"strings"
)

// several counts things: "1 peer", "2 peers".
func several(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// sentences joins what is not empty.
func sentences(all ...string) string {
	kept := all[:0:0]
	for _, s := range all {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, " ")
}

// starting is said of a router that is not ready.
func starting(ready bool) string {
	if ready {
		return ""
	}
	return "The router is still starting: ask again in a few seconds, and read `docker logs --tail 50 weave` if that lasts."
}

// warned passes warnings on.
func warned(warnings []string) string {
	if len(warnings) == 0 {
		return ""
	}
	return "Weave also said: " + strings.Join(warnings, " ")
}
