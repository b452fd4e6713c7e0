package wire_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "golang.org/x/crypto/ssh", "github.com/pkg/sftp", "github.com/skeema/knownhosts", "mvdan.cc/sh/v3/syntax",
		"vmqbot/answer", "vmqbot/facts", "vmqbot/ops", "vmqbot/regions", "vmqbot/secret")
}
