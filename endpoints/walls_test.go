package endpoints_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/regions", "vmqbot/checks", "vmqbot/ops", "vmqbot/format")
}
