package control_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Pure(t, "vmqbot/regions", "vmqbot/facts", "vmqbot/checks", "vmqbot/commands", "vmqbot/ops", "vmqbot/secret")
}
