package terminal_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "golang.org/x/term", "vmqbot/ops", "vmqbot/alerts", "vmqbot/cells", "vmqbot/speech")
}
