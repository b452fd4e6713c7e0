package ops_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Pure(t, "vmqbot/alerts", "vmqbot/checks", "vmqbot/regions", "vmqbot/facts", "vmqbot/secret")
}
