package explain_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Pure(t, "vmqbot/answer", "vmqbot/explain/typed", "vmqbot/weave", "vmqbot/vernemq", "golang.org/x/tools/txtar")
}
