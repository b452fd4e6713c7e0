package cli

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "github.com/containerd/errdefs", "github.com/docker/docker", "github.com/docker/go-connections/nat", "github.com/docker/go-units", "vmqbot/sim/kernel", "vmqbot/format")
}
