package metrics_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/regions", "vmqbot/facts", "vmqbot/checks", "vmqbot/commands", "vmqbot/alerts", "vmqbot/ops", "github.com/prometheus/client_golang")
}
