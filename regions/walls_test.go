package regions_test

import (
	"testing"

	"vmqbot/walls"
)

// TestWalls keeps the clock, the network and the disk out: the fleet file is
// data, and who reads it decides where it comes from.
func TestWalls(t *testing.T) {
	walls.Pure(t, "vmqbot/secret", "vmqbot/spelling",
		"github.com/goccy/go-yaml", "github.com/goccy/go-yaml/ast", "github.com/goccy/go-yaml/parser")
}
