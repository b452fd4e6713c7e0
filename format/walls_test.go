package format_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) { walls.Pure(t) }
