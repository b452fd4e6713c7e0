package executor_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/ops", "vmqbot/regions", "vmqbot/executor/do", "vmqbot/executor/engine", "vmqbot/executor/lease",
		"vmqbot/executor/look", "vmqbot/executor/run", "vmqbot/executor/ship", "vmqbot/executor/stock", "vmqbot/executor/wire")
}
