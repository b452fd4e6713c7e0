package guarded

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/answer", "vmqbot/guard/onhost", "vmqbot/ops", "vmqbot/sim/kernel")
}
