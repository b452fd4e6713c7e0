// Package shape answers what a node's container should be made of: the
// container's specification, its vernemq.conf and its doors, from the fleet
// file alone. Two nodes that are planned alike have the same shape but for
// name and address.
package shape

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"vmqbot/conf"
	"vmqbot/facts"
	"vmqbot/gate"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// Folders in every container.
const (
	ConfDir = "/etc/vernemq"
	LogDir  = "/var/log/vernemq"
	DataDir = "/var/lib/vernemq"
)

// ConfFile is the broker's configuration in ConfDir.
const ConfFile = "vernemq.conf"

const (
	// StopGrace is how long docker stop waits: a broker with offline messages
	// needs more than Docker's 10 s to close its store.
	StopGrace = 90 * time.Second
	// healthEach is how old the gate's word may be. Each costs one small process.
	healthEach = 5 * time.Second
	// maxNofile is enough for a broker's clients and what VerneMQ asks for.
	maxNofile = 262144
)

// Shape is what one node should be.
type Shape struct {
	Spec  ops.ContainerSpec
	Conf  secret.Text // vernemq.conf, with its secrets
	Shown string      // the same for readers
	Doors string      // vmqbot.listeners of a member
}

// Of is the shape of a node that runs image, on a host that grants nofile open
// files (0: not known, so nothing is asked for).
func Of(n regions.Node, image string, nofile int64) Shape {
	file := conf.Render(n, conf.ParseVersion(image))
	s := Shape{Conf: file.Text(), Shown: file.Shown(), Doors: file.Listeners()}
	s.Spec = ops.ContainerSpec{
		Name: n.Container, Hostname: n.Container, Image: image,
		Entrypoint: gate.Entrypoint(), Env: gate.Env(n.Address.Addr()),
		Publish: n.Ports, Mounts: mounts(n.Volumes), Nofile: min(nofile, maxNofile),
		Restart: "unless-stopped", StopAfter: StopGrace, Health: gate.Health(), HealthEach: healthEach,
	}
	s.Spec.Labels = map[string]string{
		gate.Label: "1", gate.NodeLabel: n.Name, gate.AddressLabel: n.Address.String(), gate.SpecLabel: digest(s.Spec),
	}
	return s
}

// mounts keep conf, log and data on the host; a folder that the fleet file
// does not name stays in the container.
func mounts(v regions.Volumes) []ops.Mount {
	var ms []ops.Mount
	for _, m := range []ops.Mount{{From: v.Conf, To: ConfDir}, {From: v.Log, To: LogDir}, {From: v.Data, To: DataDir}} {
		if m.From != "" {
			ms = append(ms, m)
		}
	}
	return ms
}

// digest names a specification by all that is in it.
func digest(s ops.ContainerSpec) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic("a specification is plain data: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// Gated reports whether a container was made by deploy.
func Gated(c facts.Container) bool { return c.Labels[gate.Label] != "" }

// Made reports whether a container was made from this very specification.
func (s Shape) Made(c facts.Container) bool {
	return c.Labels[gate.SpecLabel] == s.Spec.Labels[gate.SpecLabel]
}

// NextName is what the next container is called while it is prepared.
func NextName(n regions.Node) string { return n.Container + ".next" }

// KeptName is what an old container is called while it is kept for a rollback.
func KeptName(n regions.Node, old facts.Container) string {
	return n.Container + "." + Short(old)
}

// Backup is the name of the vernemq.conf that an old container ran with.
func Backup(old facts.Container) string { return ConfFile + "." + Short(old) }

// Short is the first twelve digits of a container's id, as Docker prints it.
func Short(c facts.Container) string { return c.ID[:min(12, len(c.ID))] }
