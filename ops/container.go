package ops

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"vmqbot/secret"
)

// ContainerSpec is everything that a created container is made from.
type ContainerSpec struct {
	Name       string            `json:"name"`
	Hostname   string            `json:"hostname"`
	Image      string            `json:"image"` // a reference that is on the host already
	Entrypoint []string          `json:"entrypoint,omitempty"`
	Cmd        []string          `json:"cmd,omitempty"`
	Env        []string          `json:"env,omitempty"` // NAME=value; no secrets: inspect shows them to everyone
	Publish    []int             `json:"publish,omitempty"`
	Mounts     []Mount           `json:"mounts,omitempty"`
	Labels     map[string]string `json:"labels,omitempty"`
	Nofile     int64             `json:"nofile,omitempty"`         // soft and hard limit of open files; 0 leaves Docker's
	Restart    string            `json:"restart,omitempty"`        // restart policy
	StopAfter  time.Duration     `json:"stop_after_ns,omitempty"`  // how long docker stop waits before it kills
	Health     []string          `json:"health,omitempty"`         // HEALTHCHECK; nil leaves the image's
	HealthEach time.Duration     `json:"health_each_ns,omitempty"` // its interval
	Network    string            `json:"network_mode,omitempty"`   // "none" for a throwaway container
	User       string            `json:"user,omitempty"`           // who runs it; "" leaves the image's
}

// Mount binds a folder of the host into a container.
type Mount struct {
	From string `json:"from"` // on the host; made when it is missing; "" for a folder that goes with the container
	To   string `json:"to"`   // in the container
}

// CreateContainer creates a container and does not start it.
type CreateContainer struct {
	Spec ContainerSpec `json:"create_container"`
}

// StopContainer stops a container; one that does not run stays as it is.
type StopContainer struct {
	Container string        `json:"stop_container"`
	Grace     time.Duration `json:"grace_ns"` // before it is killed
}

// RenameContainer gives a container another name.
type RenameContainer struct {
	From string `json:"rename_container"`
	To   string `json:"to"`
}

// RemoveContainer removes a container that does not run; its volumes' folders
// stay. One that is not there is fine.
type RemoveContainer struct {
	Container string `json:"remove_container"`
}

// SetRestart changes a container's restart policy.
type SetRestart struct {
	Container string `json:"set_restart"`
	Policy    string `json:"policy"`
}

// File is one file that is put into a container. Content may hold secrets and
// is shown by its digest only.
type File struct {
	Name    string      `json:"name"` // in the folder
	Content secret.Text `json:"-"`
	Mode    uint32      `json:"mode"` // permission bits
}

// PutFiles replaces files in one folder of a container, which may be stopped
// or not even started: in a folder that is mounted they land on the host.
type PutFiles struct {
	Container string `json:"put_files"`
	Dir       string `json:"dir"` // in the container
	Files     []File `json:"files"`
}

// TryContainer runs a throwaway container with no network to its end and
// removes it. Exit status 0 is success; what it printed is the answer.
type TryContainer struct {
	Spec  ContainerSpec `json:"try_container"`
	Dir   string        `json:"dir,omitempty"` // where Files are put before it starts
	Files []File        `json:"files,omitempty"`
}

func (CreateContainer) action() {}
func (StopContainer) action()   {}
func (RenameContainer) action() {}
func (RemoveContainer) action() {}
func (SetRestart) action()      {}
func (PutFiles) action()        {}
func (TryContainer) action()    {}

// String shows the command line as one would type it on the host.
func (c CreateContainer) String() string {
	return "$ docker create " + Line(secret.Words(c.Spec.Args()...))
}

// String shows the command line as one would type it on the host.
func (s StopContainer) String() string {
	return "$ docker stop " + Line(secret.Words("-t", fmt.Sprint(int(s.Grace.Seconds())), s.Container))
}

// String shows the command line as one would type it on the host.
func (r RenameContainer) String() string {
	return "$ docker rename " + Line(secret.Words(r.From, r.To))
}

// String shows the command line as one would type it on the host.
func (r RemoveContainer) String() string {
	return "$ docker rm " + Line(secret.Words(r.Container))
}

// String shows the command line as one would type it on the host.
func (s SetRestart) String() string {
	return "$ docker update " + Line(secret.Words("--restart", s.Policy, s.Container))
}

// String names the files and their contents by digest.
func (p PutFiles) String() string {
	return "put into " + display(p.Container+":"+p.Dir) + ": " + filesText(p.Files)
}

// String shows the command line as one would type it on the host.
func (t TryContainer) String() string {
	line := "$ docker run --rm " + Line(secret.Words(t.Spec.Args()...))
	if len(t.Files) > 0 {
		line += " (with " + t.Dir + "/" + filesText(t.Files) + ")"
	}
	return line
}

func filesText(files []File) string {
	texts := make([]string, len(files))
	for i, f := range files {
		texts[i] = display(f.Name) + fmt.Sprintf(" (%d bytes, mode %04o, digest %s)", len(f.Content.Reveal()), f.Mode, f.Content.Digest())
	}
	return strings.Join(texts, ", ")
}

// Args is the argument list after `docker create` for a reader: long scripts
// in the entrypoint are shortened.
func (c ContainerSpec) Args() []string {
	args := []string{"--name", c.Name}
	add := func(flag, value string) {
		if value != "" {
			args = append(args, flag, value)
		}
	}
	add("--hostname", c.Hostname)
	add("--restart", c.Restart)
	add("--network", c.Network)
	add("--user", c.User)
	if c.StopAfter > 0 {
		add("--stop-timeout", fmt.Sprint(int(c.StopAfter.Seconds())))
	}
	if c.Nofile > 0 {
		add("--ulimit", fmt.Sprintf("nofile=%d", c.Nofile))
	}
	for _, p := range c.Publish {
		add("-p", fmt.Sprintf("%d:%d", p, p))
	}
	for _, m := range c.Mounts {
		add("-v", strings.TrimPrefix(m.From+":"+m.To, ":"))
	}
	for _, e := range c.Env {
		add("-e", e)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Labels)) {
		add("-l", name+"="+c.Labels[name])
	}
	if len(c.Health) > 0 {
		add("--health-interval", c.HealthEach.String())
	}
	rest := slices.Clone(c.Cmd)
	if len(c.Entrypoint) > 0 {
		add("--entrypoint", c.Entrypoint[0])
		rest = append(slices.Clone(c.Entrypoint[1:]), rest...)
	}
	args = append(args, c.Image)
	for _, a := range rest {
		if strings.Contains(a, "\n") {
			a = "<script>" // vmqbot.spec covers it
		}
		args = append(args, a)
	}
	return args
}

// On does an action on another node's host than the step's.
type On struct {
	Node string `json:"on"`
	Do   Action `json:"do"`
}

func (On) action() {}

// String names the node before the action.
func (o On) String() string { return o.Node + ": " + o.Do.String() }
