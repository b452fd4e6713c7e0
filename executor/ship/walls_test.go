package ship_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "vmqbot/answer", "vmqbot/executor/engine", "vmqbot/executor/registry", "vmqbot/executor/stock", "vmqbot/executor/wire", "vmqbot/facts", "vmqbot/ops", "vmqbot/regions", "vmqbot/secret")
}
