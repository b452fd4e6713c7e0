package dockerd

import (
	"context"
	"net/netip"
	"strconv"

	"vmqbot/sim/fabric"
)

// The ids of the three networks that every engine has.
var networks = map[string]string{
	"bridge": "b1" + zeros, "host": "b2" + zeros, "none": "b3" + zeros,
}

const zeros = "00000000000000000000000000000000000000000000000000000000000000"

// network is the network's name of a container's mode.
func (c *Container) network() string {
	switch m := c.host.NetworkMode; {
	case m.IsDefault(), m.IsBridge():
		return "bridge"
	default:
		return string(m)
	}
}

// plug makes the network namespace of a new life; the caller holds the lock.
func (c *Container) plug(r *run) error {
	e := c.e
	switch c.network() {
	case "host":
		r.space = e.machine.Net
		return nil
	case "none":
		r.space = e.opt.Fabric.Space(c.name)
		return nil
	case "bridge":
	default:
		return missing("network %s not found", c.network())
	}
	r.space = e.opt.Fabric.Space(c.name)
	ip := e.docker0.Masked().Addr().Next()
	for e.addresses[ip] {
		ip = ip.Next()
	}
	if !e.docker0.Contains(ip) {
		return broken("failed to create endpoint %s on network bridge: no available IPv4 addresses on this network's address pools: bridge (%s)", c.name, networks["bridge"])
	}
	r.ip, e.addresses[ip] = ip, true
	r.space.Plug("eth0", e.bridge, netip.PrefixFrom(ip, e.docker0.Bits()))
	r.space.SetGateway(e.machine.Net)
	return c.publish(r)
}

// publish hands ports of the machine on to the container.
func (c *Container) publish(r *run) error {
	r.ports = map[string]int{}
	for port, bindings := range c.host.PortBindings {
		for _, b := range bindings {
			if port.Proto() != "tcp" {
				continue
			}
			want, _ := strconv.Atoi(b.HostPort)
			got, err := c.publishOne(r.space, want, port.Int())
			if err != nil {
				return broken("driver failed programming external connectivity on endpoint %s (%s): %s", c.name, newID(), err.Msg)
			}
			r.ports[string(port)] = got
		}
	}
	return nil
}

func (c *Container) publishOne(space *fabric.Space, want, port int) (int, *Error) {
	host := c.e.machine.Net
	first, last := want, want
	if want == 0 {
		first, last = 49153, 65535
	}
	for p := first; p <= last; p++ {
		l, err := host.Listen(context.Background(), "0.0.0.0:"+strconv.Itoa(p))
		if err != nil {
			if want == 0 {
				continue
			}
			return 0, broken("Error starting userland proxy: listen tcp4 0.0.0.0:%d: bind: address already in use", p)
		}
		_ = l.Close() // it only had to be free
		if err := host.Publish(uint16(p), space, uint16(port)); err == nil {
			return p, nil
		}
	}
	return 0, broken("Bind for 0.0.0.0:%d failed: port is already allocated", want)
}

// unplug ends the network namespace of a life; the caller holds the lock.
func (c *Container) unplug(r *run) {
	if r.space == nil {
		return
	}
	c.e.paused.Delete(r.space)
	if r.space == c.e.machine.Net || c.HostNet() {
		return
	}
	c.e.machine.Net.Unpublish(r.space)
	delete(c.e.addresses, r.ip)
	r.space.Close()
}

// connected tells of the network that a life is in; the caller holds the lock.
func (c *Container) connected(action string) {
	name := c.network()
	kind := name
	if name == "none" {
		kind = "null"
	}
	c.e.emit("network", action, networks[name], map[string]string{"container": c.id, "name": name, "type": kind})
}
