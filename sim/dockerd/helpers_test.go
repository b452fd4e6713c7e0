package dockerd_test

import "github.com/docker/go-connections/nat"

func portMap(inside, outside string) nat.PortMap {
	return nat.PortMap{nat.Port(inside): {{HostPort: outside}}}
}
