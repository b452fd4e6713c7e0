package vernemq

import (
	"testing"

	"vmqbot/walls"
)

// TestWalls: this room is pure, so that what it says of an answer depends on
// the answer alone.
func TestWalls(t *testing.T) { walls.Pure(t, "vmqbot/answer", "vmqbot/secret") }
