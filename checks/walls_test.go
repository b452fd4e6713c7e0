package checks_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Pure(t, "vmqbot/regions", "vmqbot/facts", "vmqbot/weave", "vmqbot/vernemq", "vmqbot/conf", "vmqbot/gate", "vmqbot/guard", "vmqbot/dockerconf")
}
