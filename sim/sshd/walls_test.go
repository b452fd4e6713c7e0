package sshd

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "github.com/pkg/sftp", "golang.org/x/crypto/ssh", "vmqbot/sim/kernel")
}
