package cells

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) { walls.Pure(t, "golang.org/x/text/width") }
