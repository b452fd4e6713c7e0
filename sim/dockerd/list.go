package dockerd

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
)

// The filters of the list of containers.
var listFilters = map[string]bool{
	"ancestor": true, "before": true, "exited": true, "expose": true, "health": true, "id": true, "isolation": true, "is-task": true,
	"label": true, "name": true, "network": true, "publish": true, "since": true, "status": true, "volume": true,
}

// list are the containers that a question asks for, the newest first.
func (e *Engine) list(all bool, limit int, f filters.Args) ([]container.Summary, error) {
	if err := f.Validate(listFilters); err != nil {
		return nil, invalid("Invalid filter '%s'", strayKey(f, listFilters))
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	list := []container.Summary{}
	for _, c := range e.newest() {
		hidden := !all && limit <= 0 && f.Len() == 0 && !c.st.running
		if f.Len() > 0 && !all && !f.Contains("status") && !f.Contains("exited") && !c.st.running {
			hidden = true
		}
		if hidden || !e.matches(c, f) {
			continue
		}
		if list = append(list, c.summary()); len(list) == limit {
			break
		}
	}
	return list, nil
}

func strayKey(f filters.Args, known map[string]bool) string {
	for _, key := range f.Keys() {
		if !known[key] {
			return key
		}
	}
	return ""
}

// matches holds a container against all filters; the caller holds the lock.
func (e *Engine) matches(c *Container, f filters.Args) bool {
	health := "none"
	if c.health != nil {
		health = c.health.Status
	}
	byImage := func(ref string) bool { i := e.image(ref); return i != nil && i == c.image }
	published := func(want string) bool {
		port, _, _ := strings.Cut(want, "/")
		for _, b := range c.host.PortBindings {
			for _, p := range b {
				if p.HostPort == port {
					return true
				}
			}
		}
		return false
	}
	mountedAt := func(want string) bool {
		return slices.ContainsFunc(c.mounts, func(m mounted) bool { return m.volume == want || m.to == want || m.source == want })
	}
	return anyOf(f, "ancestor", byImage) && anyOf(f, "publish", published) && anyOf(f, "volume", mountedAt) &&
		f.MatchKVList("label", c.config.Labels) &&
		anyOf(f, "name", func(want string) bool {
			rule, err := regexp.Compile(want)
			return err == nil && (rule.MatchString(c.name) || rule.MatchString("/"+c.name))
		}) &&
		anyOf(f, "id", func(want string) bool { return strings.HasPrefix(c.id, want) }) &&
		anyOf(f, "status", func(want string) bool { return want == c.st.word() }) &&
		anyOf(f, "health", func(want string) bool { return want == health }) &&
		anyOf(f, "network", func(want string) bool { return want == c.network() || networks[c.network()] == want }) &&
		anyOf(f, "exited", func(want string) bool {
			return !c.st.running && !c.st.started.IsZero() && strconv.Itoa(c.st.exit) == want
		})
}

// anyOf reports that a filter is not set or that one of its values is true.
func anyOf(f filters.Args, key string, is func(string) bool) bool {
	return !f.Contains(key) || slices.ContainsFunc(f.Get(key), is)
}

// summary is a line of the list; the caller holds the lock.
func (c *Container) summary() container.Summary {
	s := container.Summary{
		ID: c.id, Names: []string{"/" + c.name}, Image: c.config.Image, ImageID: c.image.id, Command: command(c.argv()),
		Created: c.created.Unix(), Ports: c.portList(), Labels: c.config.Labels, State: c.st.word(), Status: c.status(),
		NetworkSettings: &container.NetworkSettingsSummary{Networks: c.endpoint()}, Mounts: c.mountPoints(false),
	}
	s.HostConfig.NetworkMode = string(c.host.NetworkMode)
	if i := c.e.image(c.config.Image); i != c.image {
		s.Image = c.image.id // its reference means another image by now
	}
	return s
}

// command writes a command line as Docker lists it.
func command(argv []string) string {
	words := make([]string, len(argv))
	for i, w := range argv {
		if words[i] = w; strings.Contains(w, " ") && i > 0 {
			words[i] = "'" + w + "'"
		}
	}
	return strings.Join(words, " ")
}

func (c *Container) portList() []container.Port {
	list := []container.Port{}
	if c.run == nil {
		return list
	}
	for port := range c.config.ExposedPorts {
		p := container.Port{PrivatePort: uint16(port.Int()), Type: port.Proto()}
		if at, ok := c.run.ports[string(port)]; ok {
			p.IP, p.PublicPort = "0.0.0.0", uint16(at)
		}
		list = append(list, p)
	}
	for port, at := range c.run.ports {
		number, proto, _ := strings.Cut(port, "/")
		n, _ := strconv.Atoi(number)
		if !slices.ContainsFunc(list, func(p container.Port) bool { return int(p.PrivatePort) == n && p.Type == proto }) {
			list = append(list, container.Port{IP: "0.0.0.0", PrivatePort: uint16(n), PublicPort: uint16(at), Type: proto})
		}
	}
	slices.SortFunc(list, func(a, b container.Port) int { return int(a.PrivatePort) - int(b.PrivatePort) })
	return list
}
