package onhost

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/answer", "vmqbot/executor/do", "vmqbot/executor/engine", "vmqbot/executor/lease", "vmqbot/executor/wire",
		"vmqbot/facts", "vmqbot/guard", "vmqbot/ops", "vmqbot/regions", "vmqbot/secret", "vmqbot/weave")
}
