package checks_test

import (
	"testing"

	"vmqbot/facts"
)

var script = facts.WeaveScript{Path: "/usr/local/bin/weave", Version: "2.8.3", User: "rajchaudhuri", SHA256: "ab"}

// installed gives cn-1 what prepare would, and then changes it.
func installed(change func(*facts.Setup)) func(*world) {
	return func(w *world) {
		w.at("cn-1", func(n *facts.Node) {
			s := facts.Setup{Root: true, Docker: "/usr/bin/docker", Conf: facts.Saw(`{"log-opts": {"max-size": "1m"}}`), Weave: facts.Saw(script), Folders: map[string]string{}}
			change(&s)
			n.Setup = facts.Saw(s)
			var images []facts.Image
			for _, ref := range script.Images() {
				images = append(images, facts.Image{Tags: []string{ref}})
			}
			n.Images = facts.Saw(images)
		})
	}
}

func TestTools(t *testing.T) {
	same := installed(func(*facts.Setup) {})
	images := func(seen facts.Seen[[]facts.Image]) func(*world) {
		return allOf(same, func(w *world) { w.at("cn-1", func(n *facts.Node) { n.Images = seen }) })
	}
	table(t, "tools", []row{
		{name: "all of it", broken: same, verdict: fine, evidence: "weave 2.8.3 and its images"},
		{name: "no script", broken: installed(func(s *facts.Setup) {
			s.Weave = facts.Missed[facts.WeaveScript](facts.Absent, "there is no weave script.")
		}), verdict: wrong, evidence: "there is no weave script", effect: "cannot be joined", repair: "prepare cn-1", row: "F17"},
		{name: "one image is missing", broken: images(facts.Saw([]facts.Image{{Tags: []string{"rajchaudhuri/weave:2.8.3", "rajchaudhuri/weaveexec:2.8.3"}}})), verdict: wrong,
			evidence: "lacks its images rajchaudhuri/weavedb:latest", effect: "registry", repair: "prepare cn-1", row: "F17"},
		{name: "an engine that does not take it", broken: allOf(same, func(w *world) { w.host("cn-1", func(m *facts.Machine) { m.MinAPI = facts.Saw("1.44") }) }), verdict: wrong,
			evidence: "weave 2.8.3 speaks API 1.24, and this Docker 1.44 and newer", effect: "fail on", repair: "prepare cn-1", row: "F17"},
		{name: "nobody looked", verdict: unknown, evidence: "not looked at"},
		{name: "images that nobody sees", broken: images(facts.Missed[[]facts.Image](facts.TooLate, "no answer")), verdict: unknown, evidence: "no answer"},
	})
}

func TestDaemon(t *testing.T) {
	conf := func(text string, flags ...string) func(*world) {
		return installed(func(s *facts.Setup) { s.Conf, s.Flags = facts.Saw(text), flags })
	}
	const effect, byHand = "does not start again", "dockerd --validate"
	table(t, "daemon", []row{
		{name: "logs are bounded", broken: conf(`{"log-opts": {}}`), verdict: fine, evidence: "is right"},
		{name: "by another driver", broken: conf(`{"log-driver": "journald"}`), verdict: fine, evidence: "is right"},
		{name: "by the command line", broken: conf(`{}`, "dockerd", "--log-opt", "max-size=1m"), verdict: fine, evidence: "is right"},
		{name: "they are not", broken: conf(`{"log-driver": "json-file"}`), verdict: wrong, evidence: "nothing bounds", effect: "disk is full", repair: "prepare cn-1", row: "F31"},
		{name: "no file at all", broken: installed(func(s *facts.Setup) { s.Conf = facts.Missed[string](facts.Absent, "none") }), verdict: wrong, evidence: "nothing bounds", effect: "disk is full", repair: "prepare cn-1", row: "F31"},
		{name: "no JSON", broken: conf(`bip: x`), verdict: wrong, evidence: "is wrong: it is no JSON object", effect: effect, byHand: byHand, row: "F15"},
		{name: "the command line says it too", broken: conf(`{"bip": "172.26.0.1/16", "log-opts": {}}`, "dockerd", "--bip=172.20.0.1/16"), verdict: wrong, evidence: "both set bip", effect: effect, byHand: byHand, row: "F15"},
		{name: "nobody may read it", broken: installed(func(s *facts.Setup) { s.Conf = facts.Missed[string](facts.Denied, "Permission denied") }), verdict: unknown, evidence: "Permission denied"},
		{name: "nobody looked", verdict: unknown, evidence: "not looked at"},
	})
}

func TestFoldersAndConfirmed(t *testing.T) {
	table(t, "folders", []row{
		{name: "none is planned", broken: installed(func(*facts.Setup) {}), verdict: fine, evidence: "planned folders are on"},
		{name: "one is missing", broken: allOf(installed(func(s *facts.Setup) { s.Folders["/etc/vernemq"] = "0:0" }), func(w *world) {
			n := &w.fleet.Regions[0].Nodes[0]
			n.Volumes.Conf, n.Volumes.Data = "/etc/vernemq", "/srv/data"
		}), verdict: wrong, evidence: "lacks /srv/data", effect: "none yet", repair: "prepare cn-1", row: "F31"},
		{name: "nobody looked", verdict: unknown, evidence: "not looked at"},
	})
	table(t, "confirmed", []row{
		{name: "nothing waits", broken: installed(func(*facts.Setup) {}), verdict: fine, evidence: "nothing waits"},
		{name: "a change does", broken: installed(func(s *facts.Setup) { s.Armed = true }), verdict: wrong, evidence: "was not confirmed", effect: "takes it back by itself", repair: "prepare cn-1", row: "F15"},
		{name: "nobody looked", verdict: unknown, evidence: "not looked at"},
	})
}
