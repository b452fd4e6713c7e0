package speech

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Pure(t, "vmqbot/cells")
}
