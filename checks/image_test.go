package checks_test

import (
	"testing"

	"vmqbot/facts"
	"vmqbot/regions"
)

func imageID(id string, nodes ...string) func(*world) {
	return func(w *world) {
		for _, n := range nodes {
			w.container(n, func(c *facts.Container) { c.ImageID = id })
		}
	}
}

func TestImage(t *testing.T) {
	const effect = "no message is lost by it"
	ref := func(s string) func(*world) {
		return func(w *world) { w.container("cn-1", func(c *facts.Container) { c.Image = s }) }
	}
	table(t, "image", []row{
		{name: "as planned, and the same everywhere", verdict: fine, evidence: "runs airdroid/vernemq:1.6.1, 0123456789ab"},
		{name: "another tag", broken: ref("airdroid/vernemq:1.6.2"), verdict: wrong,
			evidence: "want image airdroid/vernemq:1.6.1, have airdroid/vernemq:1.6.2", effect: effect, repair: "deploy cn-1", row: "F33"},
		{name: "no tag means latest", broken: ref("airdroid/vernemq"), verdict: wrong, evidence: "have airdroid/vernemq", effect: effect, repair: "deploy cn-1", row: "F33"},
		{name: "Docker Hub written out is the same image", broken: ref("docker.io/airdroid/vernemq:1.6.1"), verdict: fine, evidence: "runs docker.io/airdroid"},
		{name: "one tag, and another image behind it", broken: imageID("sha256:fedcba9876543210", "cn-1"), verdict: wrong,
			evidence: "airdroid/vernemq:1.6.1 is fedcba987654 here, 0123456789ab on sg-1", effect: effect, repair: "deploy cn-1", row: "F33"},
		{name: "another node is the odd one", broken: imageID("sha256:fedcba9876543210", "us-1"), verdict: fine, evidence: "0123456789ab"},
		{name: "two against two: nobody knows who is right", broken: imageID("sha256:fedcba9876543210", "us-1", "eu-1"), verdict: wrong,
			evidence: "on us-1", effect: effect, repair: "deploy cn-1", row: "F33"},
		{name: "a node that is planned with another image does not count", broken: func(w *world) {
			for _, p := range []string{"sg-1", "us-1", "eu-1"} {
				w.plan(p, func(n *regions.Node) { n.Image = "airdroid/vernemq:2.1.2" })
				w.container(p, func(c *facts.Container) { c.Image, c.ImageID = "airdroid/vernemq:2.1.2", "sha256:2222222222222222" })
			}
		}, verdict: fine, evidence: "runs"},
		{name: "nobody to compare with", broken: func(w *world) {
			for _, p := range []string{"sg-1", "us-1", "eu-1"} {
				w.unsee(p)
			}
		}, verdict: unknown, evidence: "no other node"},
		{name: "nothing is planned", broken: func(w *world) { w.plan("cn-1", func(n *regions.Node) { n.Image = "" }) }, verdict: unknown, evidence: "plans no image"},
		{name: "Docker does not tell", broken: imageID("", "cn-1"), verdict: unknown, evidence: "does not tell the image"},
		{name: "a stopped container has an image too", broken: inState("exited", nil), verdict: fine, evidence: "runs airdroid"},
		{name: "there is no container", broken: func(w *world) {
			w.at("cn-1", func(n *facts.Node) { n.Container = facts.Missed[facts.Container](facts.Absent, "no such container") })
		}, verdict: unknown, evidence: "no such container"},
	})
}
