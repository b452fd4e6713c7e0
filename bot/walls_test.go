package bot_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "github.com/gorilla/websocket", "github.com/slack-go/slack", "vmqbot/alerts", "vmqbot/checks", "vmqbot/commands", "vmqbot/control", "vmqbot/ops", "vmqbot/picture", "vmqbot/regions", "vmqbot/secret", "vmqbot/speech")
}
