package dockerd

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/api/types/storage"
	"github.com/docker/go-connections/nat"
	"github.com/docker/go-units"
)

// never is how Docker writes a moment that has not come.
const never = "0001-01-01T00:00:00Z"

func when(t time.Time) string {
	if t.IsZero() {
		return never
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// Inspect is what `docker inspect` shows; with size also what was written.
func (c *Container) Inspect(size bool) container.InspectResponse {
	var rw, all *int64
	if size {
		n := c.written()
		total := n + c.image.size()
		rw, all = &n, &total
	}
	e := c.e
	e.mu.Lock()
	defer e.mu.Unlock()
	argv := append(c.argv(), "")
	home, layer := c.home(), dataRoot+"/overlay2/"+c.id
	host := *c.host
	conf := *c.config
	return container.InspectResponse{
		ContainerJSONBase: &container.ContainerJSONBase{
			ID: c.id, Created: when(c.created), Path: argv[0], Args: append([]string{}, argv[1:len(argv)-1]...),
			State: c.state(), Image: c.image.id, Name: "/" + c.name, RestartCount: c.st.restarts, Driver: "overlay2", Platform: "linux",
			ResolvConfPath: home + "/resolv.conf", HostnamePath: home + "/hostname", HostsPath: home + "/hosts", LogPath: home + "/" + c.id + "-json.log",
			ExecIDs: c.execIDs(), HostConfig: &host, SizeRw: rw, SizeRootFs: all,
			GraphDriver: storage.DriverData{Name: "overlay2", Data: map[string]string{
				"LowerDir": layer + "-init/diff", "MergedDir": layer + "/merged", "UpperDir": layer + "/diff", "WorkDir": layer + "/work",
			}},
		},
		Mounts: c.mountPoints(true), Config: &conf, NetworkSettings: c.netSettings(),
	}
}

// state is its state as inspect shows it; the caller holds the lock.
func (c *Container) state() *container.State {
	s := &container.State{
		Status: c.st.word(), Running: c.st.running, Paused: c.st.paused, Restarting: c.st.restarting, OOMKilled: c.st.oom,
		ExitCode: c.st.exit, Error: c.st.err, StartedAt: when(c.st.started), FinishedAt: when(c.st.finished), Health: c.health,
	}
	if c.run != nil {
		s.Pid = c.run.proc.PID
	}
	return s
}

func (c *Container) execIDs() []string {
	var ids []string
	for id, x := range c.e.execs {
		if x.c == c && x.running {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// mountPoints are the mounts by place; the list of containers leaves out
// where volumes lie.
func (c *Container) mountPoints(whole bool) []container.MountPoint {
	list := []container.MountPoint{}
	for _, m := range c.mounts {
		p := container.MountPoint{Type: "bind", Source: m.source, Destination: m.to, Mode: m.mode, RW: !m.readOnly, Propagation: "rprivate"}
		if m.volume != "" {
			p.Type, p.Name, p.Driver, p.Propagation = "volume", m.volume, "local", ""
			if m.named && m.mode == "" {
				p.Mode = "z"
			}
			if !whole {
				p.Source = ""
			}
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b container.MountPoint) int { return strings.Compare(a.Destination, b.Destination) })
	return list
}

// endpoint is the one network of a container; the caller holds the lock.
func (c *Container) endpoint() map[string]*network.EndpointSettings {
	name := c.network()
	s := &network.EndpointSettings{}
	if c.run != nil || name == "none" || name == "host" {
		s.NetworkID = networks[name]
	}
	if r := c.run; r != nil {
		s.EndpointID = c.id[32:] + c.id[:32]
		if r.ip.IsValid() {
			s.IPAddress, s.IPPrefixLen, s.Gateway = r.ip.String(), c.e.docker0.Bits(), c.e.docker0.Addr().String()
			b := r.ip.As4()
			s.MacAddress = "02:42:" + hex2(b[0]) + ":" + hex2(b[1]) + ":" + hex2(b[2]) + ":" + hex2(b[3])
		}
	}
	return map[string]*network.EndpointSettings{name: s}
}

func hex2(b byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[b>>4], digits[b&15]})
}

func (c *Container) netSettings() *container.NetworkSettings {
	n := &container.NetworkSettings{Networks: c.endpoint()}
	n.Ports = nat.PortMap{}
	if r := c.run; r != nil {
		n.SandboxID = c.id
		n.SandboxKey = "/var/run/docker/netns/" + c.id[:12]
		if c.HostNet() {
			n.SandboxKey = "/var/run/docker/netns/default"
		}
		for port := range c.config.ExposedPorts {
			n.Ports[port] = nil
		}
		for port, at := range r.ports {
			n.Ports[nat.Port(port)] = []nat.PortBinding{{HostIP: "0.0.0.0", HostPort: strconv.Itoa(at)}}
		}
		if r.ip.IsValid() {
			s := n.Networks["bridge"]
			n.IPAddress, n.IPPrefixLen, n.Gateway, n.EndpointID, n.MacAddress = s.IPAddress, s.IPPrefixLen, s.Gateway, s.EndpointID, s.MacAddress //nolint:staticcheck // 20.10 has them
		}
	}
	return n
}

// status is the column STATUS of docker ps; the caller holds the lock.
func (c *Container) status() string {
	now := time.Now()
	switch s := c.st; s.word() {
	case "paused":
		return "Up " + units.HumanDuration(now.Sub(s.started)) + " (Paused)"
	case "restarting":
		return "Restarting (" + itoa(s.exit) + ") " + units.HumanDuration(now.Sub(s.finished)) + " ago"
	case "running":
		up := "Up " + units.HumanDuration(now.Sub(s.started))
		if c.health == nil {
			return up
		}
		if c.health.Status == container.Starting {
			return up + " (health: starting)"
		}
		return up + " (" + c.health.Status + ")"
	case "created":
		return "Created"
	default:
		if s.finished.IsZero() {
			return "Created"
		}
		return "Exited (" + itoa(s.exit) + ") " + units.HumanDuration(now.Sub(s.finished)) + " ago"
	}
}
