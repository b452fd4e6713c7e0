package probe_test

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "github.com/eclipse/paho.mqtt.golang", "vmqbot/facts", "vmqbot/regions")
}
