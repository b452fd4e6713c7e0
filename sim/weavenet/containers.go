package weavenet

import (
	"errors"
	"time"

	"vmqbot/sim/fabric"
)

// The images that weave launch runs.
const (
	RouterImage = "weaveworks/weave:" + version
	ExecImage   = "weaveworks/weaveexec:" + version
	DBImage     = "weaveworks/weavedb:latest"

	version     = "2.8.1"
	routerName  = "weave"
	dbName      = "weavedb"
	volumesName = "weavevolumes-" + version
)

// ErrNoContainer is what Find's error wraps when there is no such container.
var ErrNoContainer = errors.New("No such container") //nolint:staticcheck // Docker's word

// Container is one container of a host, as Docker shows it.
type Container struct {
	ID, Name, Image string
	State           string        // created, running, paused, restarting, exited or dead
	PID             int           // of its first process on the machine; 0 when it does not run
	Net             *fabric.Space // nil when it does not run
	HostNet         bool          // it lives in the host's network namespace
	Finished        time.Time     // when it ended last; zero when it never did
}

// Running reports whether its first process lives.
func (c Container) Running() bool { return c.PID != 0 }

// Containers finds containers.
type Containers interface {
	// Find takes a name or the beginning of an identifier.
	Find(ref string) (Container, error)
	// All lists them as docker ps -a does, the newest first.
	All() []Container
}

// Spec is a container to be made.
type Spec struct {
	Name, Image string
	Cmd         []string // after the image's entrypoint
	Env         []string // NAME=value
	Labels      map[string]string
	Restart     string // restart policy: "", "no" or "always"
	HostNet     bool
	HostPID     bool
	Privileged  bool
	Binds       []string // volumes as docker run -v writes them
	VolumesFrom []string
}

// Docker is what launching, stopping and resetting Weave needs of a host's
// Docker daemon. Containers are named by name or identifier.
type Docker interface {
	Containers
	// Ping is nil when the daemon answers.
	Ping() error
	Create(Spec) (id string, err error)
	Start(ref string) error
	// Stop ends a container, and is an error when it does not run. It returns
	// when the container has ended and is not to be restarted.
	Stop(ref string) error
	// Kill is Stop without grace.
	Kill(ref string) error
	// Remove takes a container away, running or not, with its volumes.
	Remove(ref string) error
}
