package checks

import (
	"strconv"
	"strings"

	"vmqbot/dockerconf"
	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "daemon", Row: "F15", Summary: "does Docker's daemon.json start a daemon, and bound the logs?", Severity: Warning,
		Needs: []string{"host"}, Facts: setupNeed, Named: true, node: judgeDaemon,
	})
	register(Check{
		Name: "confirmed", Row: "F15", Summary: "is no change of Docker's network waiting to be taken back?", Severity: Critical,
		Needs: []string{"host"}, Facts: facts.Need{Setup: true}, Named: true, node: judgeConfirmed,
	})
}

// judgeDaemon reads what the next daemon will read.
func judgeDaemon(s Subject) Observation {
	setup, seenOK := s.facts().Setup.Get()
	if !seenOK {
		return unknown("what is installed on %s: %s", s.Node.Host, reason(s.facts().Setup))
	}
	c, flags, why := DaemonConf(setup)
	switch {
	case why != "" && setup.Conf.Blind() == facts.Denied:
		return unknown("%s on %s", why, s.Node.Host)
	case why != "":
		return bad("%s on %s", why, s.Node.Host).
			effect("Docker does not start again, and takes every container with it").
			byHand("on %s: mend %s; dockerd --validate says whether it is right", s.Node.Host, dockerconf.Path)
	case !bounded(c, flags):
		return bad("nothing bounds what Docker keeps of the containers' logs on %s", s.Node.Host).row("F31").
			effect("they grow until the disk is full").repair("prepare %s", s.Node.Name)
	}
	return ok("%s on %s is right, and bounds the logs", dockerconf.Path, s.Node.Host)
}

// DaemonConf is a host's daemon.json, what its daemon's command line sets, and why
// no daemon would start with both, or "".
func DaemonConf(setup facts.Setup) (dockerconf.Conf, map[string]string, string) {
	flags := dockerconf.Flags(setup.Flags)
	text, seenOK := setup.Conf.Get()
	if !seenOK && setup.Conf.Blind() != facts.Absent {
		return dockerconf.Conf{}, flags, dockerconf.Path + " cannot be read (" + trimmed(setup.Conf.Why()) + ")"
	}
	c, err := dockerconf.Parse(text)
	if err != nil {
		return c, flags, dockerconf.Path + " is wrong: " + err.Error()
	}
	if both := c.Both(flags); len(both) > 0 {
		return c, flags, dockerconf.Path + " and dockerd's command line both set " + strings.Join(both, ", ")
	}
	return c, flags, ""
}

// bounded reports that somebody has thought of the logs: another driver than the
// one that grows without end, or its options.
func bounded(c dockerconf.Conf, flags map[string]string) bool {
	_, driver := flags["log-driver"]
	_, opts := flags["log-opts"]
	return driver || opts || c.Has("log-opts") || c.Has("log-driver") && c.Text("log-driver") != "json-file"
}

// judgeConfirmed finds a change that the host takes back by itself unless
// somebody confirms it, or took back.
func judgeConfirmed(s Subject) Observation {
	setup, seenOK := s.facts().Setup.Get()
	switch {
	case !seenOK:
		return unknown("what is installed on %s: %s", s.Node.Host, reason(s.facts().Setup))
	case setup.Armed:
		return bad("a change of Docker's network on %s was not confirmed", s.Node.Host).
			effect("the host takes it back by itself in some minutes, and Docker restarts; or when it reboots").repair("prepare %s", s.Node.Name)
	}
	return ok("nothing waits to be taken back on %s", s.Node.Host)
}

func itoa(n int) string { return strconv.Itoa(n) }
