package checks

import (
	"slices"
	"strings"

	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "volumes", Row: "F31", Summary: "does the container keep its data, its files and its log where it is planned?", Severity: Info,
		Needs: []string{"host"}, Facts: machineNeed, Named: true, node: judgeVolumes,
	})
}

// judgeVolumes looks whether each planned folder is mounted: data in a
// container's own layer go with the container.
func judgeVolumes(s Subject) Observation {
	m, why := machineOf(s)
	if why != "" {
		return unknown("%s", why)
	}
	c, seenOK := s.facts().Container.Get()
	if !seenOK && s.facts().Container.Blind() != facts.Absent {
		return unknown("container %s: %s", s.Node.Container, reason(s.facts().Container))
	}
	mounted := func(dir string) bool {
		for _, from := range c.Mounts {
			if strings.TrimRight(from, "/") == strings.TrimRight(dir, "/") {
				return true
			}
		}
		return false
	}
	v := s.Node.Volumes
	var loose, absent []string
	for _, f := range []struct{ what, dir string }{{"data", v.Data}, {"configuration", v.Conf}, {"log", v.Log}} {
		switch {
		case f.dir == "":
		case seenOK && !mounted(f.dir):
			loose = append(loose, f.what+" ("+f.dir+")")
		case slices.Contains(m.Missing, f.dir):
			absent = append(absent, f.dir)
		}
	}
	switch {
	case len(loose) > 0:
		o := bad("%s does not mount the folder of its %s", s.Node.Container, strings.Join(loose, ", "))
		if strings.HasPrefix(loose[0], "data") {
			o = o.effect("no message is lost yet; a docker rm of it takes the membership, retained and offline messages of %s along", s.Node.Name)
		} else {
			o = o.effect("no message is lost by it; what is written there goes with the container")
		}
		return o.repair("deploy %s", s.Node.Name)
	case len(absent) > 0:
		return bad("%s is not there on %s", strings.Join(absent, ", "), s.Node.Host).
			effect("no message is lost by it").repair("deploy %s", s.Node.Name)
	case !seenOK:
		return ok("the planned folders are there on %s", s.Node.Host)
	}
	return ok("%s mounts the planned folders", s.Node.Container)
}
