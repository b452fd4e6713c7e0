package look

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"vmqbot/facts"
	"vmqbot/secret"
)

// Where a broker's files are in its container; the package shape puts them
// there.
const (
	confFile  = "/etc/vernemq/vernemq.conf"
	doorsFile = "/etc/vernemq/vmqbot.listeners"
	dataDir   = "/var/lib/vernemq"
)

// keptDigits of its id are in the name of a container that is kept, and in that of
// its vernemq.conf.
const keptDigits = 12

// ground reads what a deploy stands on, in one burst with the base look; only
// what depends on the container waits until that is known. What would let a
// deploy start on a guess (processor, disks, ports) makes the whole unknown.
func (v view) ground(ctx context.Context, need facts.Need, based <-chan struct{}) facts.Seen[facts.Ground] {
	image := cmp.Or(need.Image, v.node.Image)
	var (
		g                facts.Ground
		all              sync.WaitGroup
		archErr, hostErr error
		keptErr          error
		machine          groundwork
	)
	all.Go(func() { g.Arch, archErr = v.docker.Arch(ctx) })
	all.Go(func() { g.Image = saw(v.docker.Image(ctx, image)) })
	all.Go(func() { g.Conf = as(secret.New, v.file(ctx, v.node.Container, confFile)) })
	all.Go(func() { g.Doors = v.file(ctx, v.node.Container, doorsFile) })
	all.Go(func() { machine, hostErr = v.beneath(ctx) })
	all.Go(func() {
		<-based // the base look has a deadline of its own
		g.InLayer = v.inLayer(ctx)
	})
	all.Go(func() {
		<-based
		g.Kept, keptErr = v.kept(ctx)
	})
	all.Wait()
	for _, err := range []error{archErr, hostErr, keptErr} {
		if err != nil {
			return missed[facts.Ground](err)
		}
	}
	docker, ok := v.seen.Docker.Get()
	if !ok {
		return facts.Missed[facts.Ground](v.seen.Docker.Blind(), v.seen.Docker.Why())
	}
	if v.seen.Container.Blind() == facts.Absent && len(g.Kept) > 0 { // an interrupted deploy leaves it so
		last := g.Kept[0].ID
		g.Conf, g.Doors = as(secret.New, v.file(ctx, last, confFile)), v.file(ctx, last, doorsFile)
	}
	if need.Kept {
		g.KeptConf = v.keptConf(ctx, g.Kept)
	}
	g.Disks, g.Data, g.Nofile = machine.disks, machine.data, machine.nofile
	g.Ports = taken(docker.Containers, v.node.Container)
	return facts.Saw(g)
}

func (v view) file(ctx context.Context, container, name string) facts.Seen[string] {
	body, err := v.docker.Get(ctx, container, name)
	return saw(string(body), err)
}

// as turns a fact into another.
func as[T, U any](f func(T) U, s facts.Seen[T]) facts.Seen[U] {
	if v, ok := s.Get(); ok {
		return facts.Saw(f(v))
	}
	return facts.Missed[U](s.Blind(), s.Why())
}

// taken are the ports of the host that containers other than own publish.
func taken(list []facts.Container, own string) map[int]string {
	ports := map[int]string{}
	for _, c := range list {
		for _, port := range c.Published {
			if c.Name != own {
				ports[port] = c.Name
			}
		}
	}
	return ports
}

// kept describes the old containers of the node: those that are called as it
// and the first twelve digits of their own id.
func (v view) kept(ctx context.Context) ([]facts.Container, error) {
	docker, _ := v.seen.Docker.Get()
	var (
		list []facts.Container
		all  sync.WaitGroup
	)
	for _, c := range docker.Containers {
		if c.Name == v.node.Container+"."+c.ID[:min(keptDigits, len(c.ID))] {
			list = append(list, c)
		}
	}
	errs := make([]error, len(list))
	for i, c := range list {
		all.Go(func() {
			list[i], errs[i] = v.docker.Container(ctx, c.ID)
			list[i].Status = c.Status
		})
	}
	all.Wait()
	slices.SortFunc(list, func(a, b facts.Container) int { return b.FinishedAt.Compare(a.FinishedAt) })
	return list, errors.Join(errs...)
}

// keptConf reads the vernemq.conf of kept containers. Where the folder of the
// current one is also theirs, deploy has put their file aside there.
func (v view) keptConf(ctx context.Context, kept []facts.Container) map[string]facts.Seen[secret.Text] {
	now, exists := v.seen.Container.Get()
	shared := v.node.Volumes.Conf
	if exists {
		shared = now.Mounts[path.Dir(confFile)]
	}
	said := make([]facts.Seen[secret.Text], len(kept))
	var all sync.WaitGroup
	for i, c := range kept {
		file := confFile
		if shared != "" && c.Mounts[path.Dir(confFile)] == shared {
			file += "." + c.ID[:min(keptDigits, len(c.ID))]
		}
		all.Go(func() { said[i] = as(secret.New, v.file(ctx, c.ID, file)) })
	}
	all.Wait()
	by := make(map[string]facts.Seen[secret.Text], len(kept))
	for i, c := range kept {
		by[c.ID] = said[i]
	}
	return by
}

// inLayer is how much of the broker's data goes when its container is removed.
// Where the image has no du, or the container is stopped, it is the whole
// layer, logs and all: never too little.
func (v view) inLayer(ctx context.Context) facts.Seen[int64] {
	c, ok := v.seen.Container.Get()
	if !ok {
		return facts.Missed[int64](v.seen.Container.Blind(), v.seen.Container.Why())
	}
	at := dataDir
	if volumeOf(c, at) == "" {
		real, err := v.docker.Folder(ctx, c.Name, at)
		if err != nil {
			return missed[int64](err)
		}
		at = real
	}
	if volume := volumeOf(c, at); volume != "" {
		return facts.Missed[int64](facts.Absent, "a volume holds "+dataDir+" of "+c.Name+" on "+v.name+": "+c.Mounts[volume]+" at "+volume+".")
	}
	if c.Running {
		a, err := v.docker.Exec(ctx, c.Name, secret.Words("du", "-sk", at), nil)
		if size, whole := kilobytes(a.Stdout); err == nil && a.Exit == 0 && whole {
			return facts.Saw(size)
		}
	}
	return saw(v.docker.LayerSize(ctx, c.Name))
}

// volumeOf is the mount point that holds a path of a container, or "".
func volumeOf(c facts.Container, path string) string {
	for point := range c.Mounts {
		if path == point || strings.HasPrefix(path, point+"/") {
			return point
		}
	}
	return ""
}

// kilobytes reads what du -sk printed, as bytes.
func kilobytes(du string) (int64, bool) {
	words := strings.Fields(du)
	if len(words) < 2 || strings.Count(strings.TrimSpace(du), "\n") > 0 {
		return 0, false
	}
	n, err := strconv.ParseInt(words[0], 10, 64)
	return n << 10, err == nil && n >= 0
}

func (v view) garbledGround(what string) error {
	return &blindness{facts.Unreadable, fmt.Sprintf("what df and du say on %s is not understood (%s): look there with `df -Pk`.", v.name, what)}
}
