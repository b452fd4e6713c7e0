package images_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/lab/broker/script", "vmqbot/lab/world", "vmqbot/sim/fabric", "vmqbot/sim/kernel")
}
