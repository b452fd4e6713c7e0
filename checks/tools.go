package checks

import (
	"slices"
	"strings"

	"vmqbot/facts"
)

var setupNeed = facts.Need{Setup: true, Images: true, Machine: true}

func init() {
	register(Check{
		Name: "tools", Row: "F17", Summary: "is weave's script on the host, with its images, and does this Docker take it?", Severity: Warning,
		Needs: []string{"docker"}, Facts: setupNeed, Named: true, node: judgeTools,
	})
	register(Check{
		Name: "folders", Row: "F31", Summary: "are the planned folders on the host?", Severity: Warning,
		Needs: []string{"host"}, Facts: setupNeed, Named: true, node: judgeFolders,
	})
}

func judgeTools(s Subject) Observation {
	host, repair := s.Node.Host, "prepare "+s.Node.Name
	setup, seenOK := s.facts().Setup.Get()
	images, imagesOK := s.facts().Images.Get()
	m, why := machineOf(s)
	script, scriptOK := setup.Weave.Get()
	switch {
	case !seenOK:
		return unknown("what is installed on %s: %s", host, reason(s.facts().Setup))
	case !imagesOK:
		return unknown("the images on %s: %s", host, reason(s.facts().Images))
	case why != "":
		return unknown("%s", why)
	case !scriptOK:
		return bad("on %s %s", host, trimmed(setup.Weave.Why())).effect("the host cannot be joined").repair("%s", repair)
	}
	var lacks []string
	for _, want := range script.Images() {
		if !slices.ContainsFunc(images, func(i facts.Image) bool { return slices.Contains(i.Tags, want) }) {
			lacks = append(lacks, want)
		}
	}
	if len(lacks) > 0 {
		return bad("%s has weave %s and lacks its images %s", host, script.Version, strings.Join(lacks, ", ")).effect("weave would ask a registry for them").repair("%s", repair)
	}
	if no := WeaveRefused(script.Version, m.MinAPI); no != "" {
		return bad("%s", no).effect("weave attach and launch fail on %s", host).repair("%s", repair)
	}
	return ok("weave %s and its images are on %s", script.Version, host)
}

// WeaveRefused says why an engine does not take a version of weave, or "".
func WeaveRefused(version string, minAPI facts.Seen[string]) string {
	oldest, _ := minAPI.Get()
	least, known := minor(oldest)
	if speaks := weaveSpeaks(version); known && speaks < least {
		return "weave " + version + " speaks API 1." + itoa(speaks) + ", and this Docker " + oldest + " and newer"
	}
	return ""
}

func judgeFolders(s Subject) Observation {
	setup, seenOK := s.facts().Setup.Get()
	if !seenOK {
		return unknown("what is installed on %s: %s", s.Node.Host, reason(s.facts().Setup))
	}
	var lacks []string
	for _, f := range []string{s.Node.Volumes.Conf, s.Node.Volumes.Log, s.Node.Volumes.Data} {
		if f != "" && setup.Folders[f] == "" && !slices.Contains(lacks, f) {
			lacks = append(lacks, f)
		}
	}
	if len(lacks) > 0 {
		return bad("%s lacks %s", s.Node.Host, strings.Join(lacks, ", ")).effect("none yet: deploy has Docker make them, as root's").repair("prepare %s", s.Node.Name)
	}
	return ok("the planned folders are on %s", s.Node.Host)
}

func trimmed(s string) string { return strings.TrimRight(s, ". \n") }
