package picture

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	const x = "golang.org/x/image/"
	walls.Pure(t, "vmqbot/checks", "vmqbot/commands", "vmqbot/facts", x+"font", x+"font/gofont/goregular", x+"font/opentype", x+"math/fixed", x+"vector")
}
