package timetable

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) { walls.Pure(t, "github.com/robfig/cron/v3") }
