package look

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"

	"vmqbot/executor/engine"
	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/regions"
)

// doors is a host where only some addresses answer.
type doors struct {
	engine.Host
	open  string
	tried []string
	err   error
}

func (d *doors) Dial(_ context.Context, _, addr string) (net.Conn, error) {
	d.tried = append(d.tried, addr)
	if addr != d.open {
		return nil, d.err
	}
	near, _ := net.Pipe()
	return near, nil
}

func TestTheWayToMQTT(t *testing.T) {
	refused := &wire.Error{Blind: facts.Down, Tried: "connecting", Why: "nothing answers there (Connection refused)"}
	gone := &wire.Error{Blind: facts.Unreachable, Tried: "connecting", Why: "no route"}
	bridged := facts.Container{Name: "vernemq-cn-1", Running: true, IP: netip.MustParseAddr("172.17.0.2"), Published: map[int]int{1883: 11883}}
	hosted := facts.Container{Name: "vernemq-cn-1", Running: true, NetworkMode: "host"}
	alone := facts.Container{Name: "vernemq-cn-1", Running: true, NetworkMode: "none"}
	dead := facts.Container{Name: "vernemq-cn-1", State: "exited", IP: bridged.IP}
	for _, c := range []struct {
		what  string
		c     facts.Container
		open  string
		err   error
		tried string
		want  facts.Blind
		says  string
	}{
		{"on the bridge", bridged, "172.17.0.2:1883", refused, "172.17.0.2:1883", "", ""},
		{"on the published port", bridged, "127.0.0.1:11883", refused, "172.17.0.2:1883 127.0.0.1:11883", "", ""},
		{"on the host's network", hosted, "127.0.0.1:1883", refused, "127.0.0.1:1883", "", ""},
		{"nowhere", bridged, "", refused, "172.17.0.2:1883 127.0.0.1:11883", facts.Down, "MQTT at 172.17.0.2:1883 on cn.example.net"},
		{"the host is gone", bridged, "", gone, "172.17.0.2:1883 127.0.0.1:11883", facts.Unreachable, "no route"},
		{"no door", alone, "", refused, "", facts.Absent, "does not publish port 1883"},
		{"no broker", dead, "", refused, "", facts.Down, "is exited"},
	} {
		l := New(nil, nil, regions.MQTT{Port: 1883}, Options{})
		h := &doors{open: c.open, err: c.err}
		conn, err := l.mqttPort(t.Context(), h, "cn.example.net", c.c)
		if strings.Join(h.tried, " ") != c.tried || (conn != nil) != (c.want == "") || err != nil && (blind(err) != c.want || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: tried %q, %v", c.what, h.tried, err)
		}
	}
}
