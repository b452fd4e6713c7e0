package do_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/answer", "vmqbot/executor/engine", "vmqbot/executor/self", "vmqbot/executor/stock", "vmqbot/executor/wire", "vmqbot/facts", "vmqbot/images/vernemq", "vmqbot/ops", "vmqbot/regions", "vmqbot/secret", "vmqbot/vernemq", "vmqbot/weave")
}
