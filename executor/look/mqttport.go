package look

import (
	"context"
	"net"
	"strconv"

	"vmqbot/executor/engine"
	"vmqbot/facts"
)

// mqttPort connects to the broker as the host sees it: on the container's
// address on Docker's bridge or, where that has none or does not answer, on
// the host port that Docker publishes.
func (l *Looker) mqttPort(ctx context.Context, host engine.Host, name string, c facts.Container) (net.Conn, error) {
	if !c.Running {
		return nil, &blindness{facts.Down, "the container " + c.Name + " on " + name + " is " + c.State + "."}
	}
	var doors []string
	if c.IP.IsValid() {
		doors = append(doors, net.JoinHostPort(c.IP.String(), strconv.Itoa(l.mqtt.Port)))
	}
	if p, ok := c.Published[l.mqtt.Port]; ok {
		doors = append(doors, net.JoinHostPort("127.0.0.1", strconv.Itoa(p)))
	} else if c.NetworkMode == "host" {
		doors = append(doors, net.JoinHostPort("127.0.0.1", strconv.Itoa(l.mqtt.Port)))
	}
	var first error
	for _, door := range doors {
		conn, err := host.Dial(ctx, "tcp", door)
		if err == nil {
			return conn, nil
		}
		if first == nil {
			first = &blindness{facts.Down, "MQTT at " + door + " on " + name + " does not accept a connection (" + err.Error() + "): the broker is still starting, or has no listener on this port."}
			if b := blind(err); b != facts.Failed && b != facts.Down {
				first = err
			}
		}
	}
	if first == nil {
		first = &blindness{facts.Absent, "the container " + c.Name + " on " + name + " has no address on Docker's bridge and does not publish port " + strconv.Itoa(l.mqtt.Port) + ", so no message can be tried."}
	}
	return nil, first
}
