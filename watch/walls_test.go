package watch_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/regions", "vmqbot/facts", "vmqbot/checks", "vmqbot/alerts", "vmqbot/commands", "vmqbot/control", "vmqbot/ops", "vmqbot/picture", "vmqbot/timetable",
		"github.com/robfig/cron/v3")
}
