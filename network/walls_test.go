package network_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Pure(t, "vmqbot/ops", "vmqbot/regions", "vmqbot/secret", "vmqbot/weave")
}
