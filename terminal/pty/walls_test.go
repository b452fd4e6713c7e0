package pty

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) { walls.Adapter(t, "golang.org/x/sys") }
