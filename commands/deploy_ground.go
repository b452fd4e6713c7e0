package commands

import (
	"fmt"
	"slices"
	"strings"

	"vmqbot/checks"
	"vmqbot/conf"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// minFree is what a disk must have free for a broker to live on: its store
// grows with offline messages, and a full disk stops it.
const minFree = 512 << 20

// groundRefusal is what is known to stand in the way before anything stops:
// all of it at once, so that it is read once.
func groundRefusal(r ops.Request, w ops.World, sites []site) error {
	var unseen, wrong []string
	var fix string
	say := func(name, how, format string, args ...any) {
		wrong = append(wrong, name+": "+fmt.Sprintf(format, args...))
		if fix == "" {
			fix = how
		}
	}
	for _, s := range sites {
		if s.blind != "" {
			unseen = append(unseen, s.node.Name+": "+trim(s.blind))
			continue
		}
		hostReady(s, w, say)
		if s.renew {
			engineReady(s, say)
			imageReady(s, say)
			diskReady(s, say)
			confReady(s, say)
		}
	}
	unseen = append(unseen, othersReady(r, w, say)...)
	return notReady(r, unseen, wrong, fix)
}

// notReady is the one error of everything that stands in the way.
func notReady(r ops.Request, unseen, wrong []string, fix string) error {
	switch {
	case len(unseen) > 0:
		return ops.Errorf(ops.Unseen, "diagnose "+r.Target, "Nothing was done, because not everything could be seen: %s.", strings.Join(unseen, "; "))
	case len(wrong) > 0:
		return ops.Errorf(ops.Failed, fix, "Nothing was done. %s.", strings.Join(wrong, "; "))
	}
	return nil
}

// othersReady refuses while a member that would be left to serve is not
// healthy, and returns those that cannot be seen.
func othersReady(r ops.Request, w ops.World, say sayFunc) (unseen []string) {
	for _, n := range w.Fleet.Nodes() {
		if !slices.Contains(members(w), n.Name) || slices.ContainsFunc(r.Nodes, func(t regions.Node) bool { return t.Name == n.Name }) {
			continue
		}
		if why := blind(w.Seen.Nodes[n.Name]); why != "" {
			unseen = append(unseen, n.Name+" is a member and cannot be seen: "+trim(why))
		} else if o, faulty := fault(w, n); faulty && o.Verdict == checks.Unknown {
			unseen = append(unseen, n.Name+" is a member, and whether it is healthy cannot be seen: "+trim(o.Evidence))
		} else if faulty {
			say(n.Name, "reattach "+n.Name, "a member that is not healthy: %s", trim(o.Evidence))
		}
	}
	return unseen
}

type sayFunc func(name, fix, format string, args ...any)

// hostReady refuses a host on which an address cannot be attached.
func hostReady(s site, w ops.World, say sayFunc) {
	for _, c := range []string{"router", "clash"} {
		if o := checks.One(w.Fleet, w.Seen, s.node, c); o.Verdict == checks.Bad || (c == "router" && o.Verdict != checks.OK) {
			say(s.node.Name, "diagnose "+s.node.Name, "%s", trim(o.Evidence))
		}
	}
	for _, p := range s.node.Ports {
		if by := s.ground.Ports[p]; by != "" && by != s.node.Container && !strings.HasPrefix(by, s.node.Container+".") {
			say(s.node.Name, "ps "+s.node.Name, "port %d of the host is taken by the container %s", p, by)
		}
	}
}

// imageReady refuses an image that cannot run there.
func imageReady(s site, say sayFunc) {
	image, ok := s.ground.Image.Get()
	switch {
	case !ok && s.ground.Image.Blind() == facts.Absent:
		say(s.node.Name, bringing(s), "the image %s is not on the host: image ship brings it from another host", s.image)
	case !ok:
		say(s.node.Name, "image list "+s.node.Name, "the image %s: %s", s.image, trim(s.ground.Image.Why()))
	case s.ground.Arch != "" && image.Arch != "" && image.Arch != s.ground.Arch:
		say(s.node.Name, "image list "+s.node.Name, "the image %s is built for %s and the host is %s", s.image, image.Arch, s.ground.Arch)
	}
}

// bringing is the line that brings the image that a node lacks.
func bringing(s site) string {
	if s.image == s.node.Image {
		return "image ship " + s.node.Name
	}
	return "image ship " + s.node.Name + " --image " + s.image
}

// diskReady refuses a host whose disk would fill, and data that a copy would
// mix with other data.
func diskReady(s site, say sayFunc) {
	layer, inLayer := s.ground.InLayer.Get()
	inLayer = inLayer && s.exists
	for _, folder := range []string{s.node.Volumes.Data, s.node.Volumes.Log, s.node.Volumes.Conf} {
		need := int64(minFree)
		if folder == s.node.Volumes.Data && inLayer {
			need += layer
		}
		if d, ok := s.ground.Disks[folder]; ok && folder != "" && d.Free < need {
			say(s.node.Name, "diagnose "+s.node.Name, "%s has %d MB free, want %d: make room there", folder, d.Free>>20, need>>20)
		}
	}
	if !inLayer {
		return
	}
	switch there, ok := s.ground.Data.Get(); {
	case s.node.Volumes.Data == "":
		say(s.node.Name, "help deploy", "its data lies in the container and the fleet file names no folder for it: set container.volumes.data")
	case !ok:
		say(s.node.Name, "diagnose "+s.node.Name, "its data lies in the container, and whether %s is empty cannot be seen: %s", s.node.Volumes.Data, trim(s.ground.Data.Why()))
	case there > 0 && !halfCopied(s):
		say(s.node.Name, "diagnose "+s.node.Name, "its data lies in the container, and %s holds other data (%d kB): move that away first", s.node.Volumes.Data, there>>10)
	}
}

func confReady(s site, say sayFunc) {
	for _, p := range conf.Problems(s.node, conf.ParseVersion(s.image), nil) {
		if !p.Stops {
			continue // deploy tells it in a note
		}
		say(s.node.Name, "conf show "+s.node.Name, "%s", trim(p.String()))
	}
}

// notHealthy says what is wrong with a member that is to serve while another
// is away, or "".
func notHealthy(w ops.World, n regions.Node) string {
	if o, faulty := fault(w, n); faulty {
		return trim(o.Evidence)
	}
	return ""
}

// fault is the first check that a member in full work would pass and this one
// does not.
func fault(w ops.World, n regions.Node) (checks.Observation, bool) {
	for _, c := range []string{"container", "ip", "broker", "port"} {
		if o := checks.One(w.Fleet, w.Seen, n, c); o.Verdict != checks.OK {
			return o, true
		}
	}
	return checks.Observation{}, false
}
