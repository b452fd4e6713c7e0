package slackworld

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) { walls.Adapter(t, "github.com/gorilla/websocket") }
