package tools_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/sim/fabric", "vmqbot/sim/kernel", "vmqbot/sim/shell")
}
