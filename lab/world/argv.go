package world

import "strings"

// Names of the outer Docker: the hosts' image and their network.
const (
	HostImage = "vmqbot-lab/host:latest"
	OuterNet  = "vmqlab"
)

// Prefix stands before a host's name to make its container's name.
const Prefix = "vmqlab-"

// HostRun is the argument list, after `docker`, that starts a host. disk is
// the host's directory on the machine; env holds NAME=value pairs.
func HostRun(h Host, disk string, env []string) []string {
	args := []string{"run", "--detach", "--privileged",
		"--name", Prefix + h.Name, "--hostname", h.Name,
		"--network", OuterNet, "--ip", h.IP,
		"--tmpfs", "/run:exec,mode=755", "--stop-timeout", "60",
		"--volume", disk + "/ssh:/etc/ssh/keys"}
	if h.HasDocker() {
		args = append(args, "--volume", disk+"/docker:/var/lib/docker", "--env", "LAB_DOCKER=1")
	}
	for _, pair := range env {
		args = append(args, "--env", pair)
	}
	return append(args, HostImage)
}

// BrokerRun is the argument list, after `docker`, that creates and starts the
// region's broker the way the runbook does: published ports for clients, three
// volumes, Docker's own bridge. The cluster port is not published.
func BrokerRun(h Host, image string) []string {
	return []string{"run", "--detach", "--name", h.Container(), "--hostname", h.Container(),
		"--restart", "unless-stopped",
		"--publish", "1883:1883", "--publish", "1889:1889", "--publish", "1900:1900",
		"--volume", "/etc/vernemq:/etc/vernemq",
		"--volume", "/data/server/docker/vernemq/log:/var/log/vernemq",
		"--volume", "/data/server/docker/vernemq/data:/var/lib/vernemq",
		image}
}

// WeaveLaunch is the argument list that starts weave on h with every other
// region as a peer. --no-dns, because weave's DNS stores Docker's bridge
// address in the router's arguments and the router then dies for ever when
// that address changes; nothing here uses weave's names.
func WeaveLaunch(h Host) []string {
	args := []string{"weave", "launch", "--no-dns"}
	for _, peer := range Regions() {
		if peer.Name != h.Name {
			args = append(args, peer.IP)
		}
	}
	return args
}

// Attach is the argument list that gives the broker its weave address. The
// address comes first; weave reads it as usage otherwise.
func Attach(h Host) []string { return []string{"weave", "attach", h.CIDR(), h.Container()} }

// OldRun is the argument list, after `docker`, that creates the container as
// the oldest runbook did: a shell at a terminal is the first process, nobody
// starts it again, what the broker remembers is in the container's own layer,
// and the cluster port is open to the world. The broker is started by hand.
func OldRun(h Host, image string) []string {
	return []string{"run", "-dit", "--name", h.Container(),
		"--publish", "1883:1883", "--publish", "1889:1889", "--publish", "1900:1900", "--publish", "44053:44053",
		"--volume", "/etc/vernemq:/etc/vernemq",
		"--volume", "/data/server/docker/vernemq/log:/var/log/vernemq",
		image, "sh"}
}

// Join is the argument list, after `docker exec NAME`, by which a node joins
// the cluster of another.
func Join(to Host) []string {
	return strings.Fields("vmq-admin cluster join discovery-node=" + to.Node())
}
