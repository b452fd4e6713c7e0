package dockerd

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/sim/dockerd/cli", "vmqbot/sim/fabric", "vmqbot/sim/kernel")
}
