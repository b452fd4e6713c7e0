package sim

import (
	"testing"

	"vmqbot/walls"
)

// The fleet joins the rooms of the simulated world and knows none of the bot's.
func TestWalls(t *testing.T) {
	walls.Adapter(t, "github.com/docker/docker/api", "github.com/docker/go-connections/nat", "golang.org/x/crypto/ssh", "golang.org/x/sync/errgroup", "vmqbot/lab/world", "vmqbot/sim/dockerd", "vmqbot/sim/fabric", "vmqbot/sim/images", "vmqbot/sim/kernel", "vmqbot/sim/shell", "vmqbot/sim/sshd", "vmqbot/sim/tools", "vmqbot/sim/weavenet")
}
