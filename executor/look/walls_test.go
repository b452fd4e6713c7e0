package look_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/answer", "vmqbot/dockerconf", "vmqbot/executor/engine", "vmqbot/executor/probe", "vmqbot/executor/self", "vmqbot/executor/stock", "vmqbot/executor/wire", "vmqbot/facts", "vmqbot/gate", "vmqbot/guard", "vmqbot/ops", "vmqbot/regions", "vmqbot/secret", "vmqbot/vernemq", "vmqbot/weave")
}
