package dockerd

import (
	"encoding/json"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/go-connections/nat"
)

// change applies lines of a Dockerfile to a configuration.
func change(c *container.Config, lines []string) error {
	for _, l := range lines {
		word, rest, _ := strings.Cut(strings.TrimSpace(l), " ")
		rest = strings.TrimSpace(rest)
		switch strings.ToUpper(word) {
		case "CMD":
			c.Cmd = argvOf(rest)
		case "ENTRYPOINT":
			c.Entrypoint = argvOf(rest)
		case "ENV":
			name, value, ok := strings.Cut(rest, "=")
			if !ok {
				name, value, _ = strings.Cut(rest, " ")
			}
			c.Env = append(c.Env[:len(c.Env):len(c.Env)], name+"="+strings.Trim(value, `"`))
		case "USER":
			c.User = rest
		case "WORKDIR":
			c.WorkingDir = rest
		case "LABEL":
			name, value, _ := strings.Cut(rest, "=")
			labels := map[string]string{name: strings.Trim(value, `"`)}
			for k, v := range c.Labels {
				if _, ok := labels[k]; !ok {
					labels[k] = v
				}
			}
			c.Labels = labels
		case "EXPOSE":
			port := rest
			if !strings.Contains(port, "/") {
				port += "/tcp"
			}
			ports := nat.PortSet{nat.Port(port): {}}
			for p := range c.ExposedPorts {
				ports[p] = struct{}{}
			}
			c.ExposedPorts = ports
		case "VOLUME":
			volumes := map[string]struct{}{rest: {}}
			for v := range c.Volumes {
				volumes[v] = struct{}{}
			}
			c.Volumes = volumes
		case "STOPSIGNAL":
			c.StopSignal = rest
		case "HEALTHCHECK":
			if rest == "NONE" {
				c.Healthcheck = &container.HealthConfig{Test: []string{"NONE"}}
				continue
			}
			argv := argvOf(strings.TrimSpace(strings.TrimPrefix(rest, "CMD")))
			if len(argv) == 3 && argv[0] == "/bin/sh" {
				argv = []string{"CMD-SHELL", argv[2]}
			} else {
				argv = append([]string{"CMD"}, argv...)
			}
			c.Healthcheck = &container.HealthConfig{Test: argv}
		default:
			return invalid("dockerfile parse error line 1: unknown instruction: %s", strings.ToUpper(word))
		}
	}
	return nil
}

// argvOf reads a JSON list, or a line for the shell.
func argvOf(s string) []string {
	var words []string
	if err := json.Unmarshal([]byte(s), &words); err == nil {
		return words
	}
	return []string{"/bin/sh", "-c", s}
}
