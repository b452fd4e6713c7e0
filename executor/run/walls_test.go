package run_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/regions", "vmqbot/facts", "vmqbot/checks", "vmqbot/ops", "vmqbot/secret")
}
