package commands

import (
	"fmt"

	"vmqbot/spelling"
)

// maybe returns ` Did you mean "x"?` when one of the known words was probably
// meant.
func maybe(typed string, known []string) string {
	best := spelling.Nearest(typed, known)
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" Did you mean %q?", best)
}
