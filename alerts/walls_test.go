package alerts_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Pure(t, "vmqbot/timetable", "vmqbot/regions", "vmqbot/checks")
}
