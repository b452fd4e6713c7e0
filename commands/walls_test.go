package commands_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Pure(t, "vmqbot/alerts", "vmqbot/cells", "vmqbot/timetable", "vmqbot/regions", "vmqbot/facts", "vmqbot/checks", "vmqbot/ops", "vmqbot/weave", "vmqbot/vernemq", "vmqbot/secret", "vmqbot/conf", "vmqbot/gate", "vmqbot/guard", "vmqbot/shape", "vmqbot/spelling", "vmqbot/network", "vmqbot/dockerconf", "vmqbot/images/vernemq")
}
