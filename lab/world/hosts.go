// Package world is what the lab should be: names, addresses, and the text of
// every file and command line that follows from them. It touches nothing.
package world

import (
	"fmt"
	"slices"
)

// The network that the hosts share. The machine itself is its .254.
const (
	Subnet  = "10.78.0.0/24"
	Gateway = "10.78.0.1"
	Machine = "10.78.0.254/24"
)

// Release is the directory of VerneMQ inside its image.
const Release = "/usr/lib/vernemq"

// Host is a machine of the lab, seen from outside: a container with an sshd.
type Host struct {
	Name  string // region, or "jump"
	IP    string // underlay address
	Title string // the region as people call it; empty for the jump host
	Index int    // the region's place in the plan, from 1; 0 for the jump host
}

// Jump is the host that ssh may have to pass through. It has no Docker.
var Jump = Host{Name: "jump", IP: "10.78.0.10"}

// Regions returns the region hosts in the order in which they join.
func Regions() []Host {
	return []Host{
		{Name: "cn", IP: "10.78.0.11", Title: "China", Index: 1},
		{Name: "sg", IP: "10.78.0.12", Title: "Singapore", Index: 2},
		{Name: "us", IP: "10.78.0.13", Title: "United States", Index: 3},
		{Name: "eu", IP: "10.78.0.14", Title: "Europe", Index: 4},
	}
}

// All returns every host, the jump host first.
func All() []Host { return append([]Host{Jump}, Regions()...) }

// Find returns the host of that name.
func Find(name string) (Host, error) {
	i := slices.IndexFunc(All(), func(h Host) bool { return h.Name == name })
	if i < 0 {
		return Host{}, fmt.Errorf("there is no host %q in the lab; type one of jump, cn, sg, us, eu", name)
	}
	return All()[i], nil
}

// HasDocker says whether the host runs containers.
func (h Host) HasDocker() bool { return h.Index > 0 }

// Container is the name of the broker's container on a region host.
func (h Host) Container() string { return "vernemq-release-" + h.Name + "-1" }

// Address is the broker's address on the weave network.
func (h Host) Address() string { return fmt.Sprintf("10.0.0.%d", h.Index) }

// CIDR is the address as `weave attach` wants it.
func (h Host) CIDR() string { return h.Address() + "/24" }

// MQTT is where clients reach the broker: the host's published port.
func (h Host) MQTT() string { return h.IP + ":1883" }

// Node is the broker's Erlang name.
func (h Host) Node() string { return "VerneMQ@" + h.Address() }
