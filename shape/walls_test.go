package shape

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Pure(t, "vmqbot/regions", "vmqbot/facts", "vmqbot/ops", "vmqbot/secret", "vmqbot/conf", "vmqbot/gate")
}
