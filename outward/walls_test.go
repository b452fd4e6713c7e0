package outward_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/regions", "vmqbot/alerts", "vmqbot/ops", "vmqbot/secret")
}
