package sim

import (
	"context"
	"fmt"
	"net"
)

// MQTT is the address at which clients of this machine reach the MQTT port of
// a region's first node; of a fleet that is shut, clients that Dial.
func (f *Fleet) MQTT(region string) (address string, ok bool) {
	for _, h := range f.regions() {
		switch {
		case h.site.Region != region:
		case h.mqtt == nil:
			return fmt.Sprintf("%s:1883", h.site.IP), true
		default:
			return fmt.Sprintf("127.0.0.1:%d", h.mqtt.port()), true
		}
	}
	return "", false
}

// Dial opens a connection from the operator's machine to one of the fleet, as
// net.Dialer.DialContext does: the only way into a fleet that is shut.
func (f *Fleet) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return f.from.DialContext(ctx, network, address)
}
