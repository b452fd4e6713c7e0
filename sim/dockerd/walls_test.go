package dockerd

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "github.com/distribution/reference", "github.com/docker/docker/api", "github.com/docker/go-connections/nat", "github.com/docker/go-units", "vmqbot/sim/dockerd/cli", "vmqbot/sim/fabric", "vmqbot/sim/kernel")
}
