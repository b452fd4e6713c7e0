package facts_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Pure(t, "vmqbot/weave", "vmqbot/vernemq", "vmqbot/secret")
}
