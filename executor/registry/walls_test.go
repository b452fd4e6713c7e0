package registry_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) { walls.Adapter(t, "vmqbot/executor/stock") }
