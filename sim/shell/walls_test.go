package shell_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) { walls.Adapter(t, "mvdan.cc/sh/v3/syntax", "vmqbot/sim/kernel") }
