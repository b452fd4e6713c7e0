package engine_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "github.com/docker/docker", "github.com/docker/go-connections/nat", "github.com/docker/go-units", "github.com/containerd/errdefs",
		"vmqbot/answer", "vmqbot/executor/wire", "vmqbot/facts", "vmqbot/ops", "vmqbot/regions", "vmqbot/secret")
}
