package checks

import (
	"fmt"

	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "container", Summary: "does the broker's container run?", Severity: Critical,
		Needs: []string{"docker"}, node: judgeContainer,
	})
}

func judgeContainer(s Subject) Observation {
	name := s.Node.Container
	if name == "" {
		return unknown("the fleet file names no container for %s", s.Node.Name)
	}
	seen := s.facts().Container
	c, seenOK := seen.Get()
	if !seenOK {
		if seen.Blind() != facts.Absent {
			return unknown("container %s: %s", name, reason(seen))
		}
		return down(s, fmt.Sprintf("want container %s running, there is none", name)).
			repair("deploy %s", s.Node.Name)
	}
	switch c.State {
	case "running":
		if !c.Running || c.PID <= 0 {
			return unknown("Docker calls %s running and names no process: look again", name)
		}
		return ok("%s is up%s", name, remarks(c))
	case "paused":
		return down(s, fmt.Sprintf("%s is paused", name)).byHand("docker unpause %s on %s", name, s.Node.Host)
	case "restarting":
		return down(s, fmt.Sprintf("%s does not stay up: started %d times, last exit %d%s", name, c.RestartCount, c.ExitCode, killed(c))).
			byHand("read why it ends: logs %s", s.Node.Name)
	case "created", "exited":
		return down(s, fmt.Sprintf("%s is %s, exit %d%s", name, c.State, c.ExitCode, killed(c))).
			repair("reattach %s --start", s.Node.Name)
	case "dead", "removing":
		return down(s, fmt.Sprintf("%s is %s", name, c.State)).
			byHand("Docker could not remove it: docker rm -f %s on %s, then deploy %s", name, s.Node.Host, s.Node.Name)
	default:
		return unknown("Docker reports %s in a state %q that is not known here", name, c.State)
	}
}

func down(s Subject, evidence string) Observation {
	return bad("%s", evidence).effect("clients cannot connect to %s; %s", s.Node.Name, othersRefuse)
}

func remarks(c facts.Container) string {
	text := ""
	if !c.StartedAt.IsZero() {
		text += " since " + c.StartedAt.UTC().Format("2006-01-02 15:04:05") + " UTC"
	}
	if c.RestartCount > 0 {
		text += fmt.Sprintf(", restarted %d times by Docker", c.RestartCount)
	}
	return text + killed(c)
}

// killed says that the kernel killed a process of the container for lack of
// memory. In a running container that is a remark: the broker lives.
func killed(c facts.Container) string {
	if !c.OOMKilled {
		return ""
	}
	return ", a process in it was killed for lack of memory"
}
