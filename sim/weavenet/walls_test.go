package weavenet_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/format", "vmqbot/sim/fabric", "vmqbot/sim/kernel")
}
