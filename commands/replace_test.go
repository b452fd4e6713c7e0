package commands

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
)

const (
	keepConf      = "Keep the vernemq.conf of eu-1 as vernemq.conf.c0ffeeeu-1\n"
	tryAndPrepare = `
Try airdroid/vernemq:1.6.1 and the vernemq.conf of eu-1 in a throwaway container
Prepare the new container of eu-1
Keep the vernemq.conf of eu-1 as vernemq.conf.c0ffeeeu-1
`
	wipeAndInstall = `Move the data of eu-1 aside, to /srv/vernemq/data.c0ffeeeu-1
Keep the old container of eu-1 as vernemq-release-eu-1.c0ffeeeu-1
` + installAndJoin
	installAndJoin = `Put the new container of eu-1 in its place
Write its vernemq.conf
Start it: the gate waits for the address
Attach 10.0.0.4/24 to the container of eu-1
Wait until the broker of eu-1 answers and has bound 10.0.0.4:44053
Join eu-1 to the cluster of cn-1
Open the MQTT ports of eu-1
Wait until the MQTT ports of eu-1 are open
Prove the node in every view
Prove the data channels and an MQTT message, both ways
Watch eu-1 for 10s
Let Docker start the container of eu-1 again when the host restarts`
)

func TestReplaceIn(t *testing.T) {
	drained := strings.TrimPrefix(strings.TrimSuffix(drainGated, "\nClose the doors of eu-1 for whoever starts it again"), "\n")
	deeds(t, []deed{
		{name: "a node that is alive", line: "replace eu-1", steps: tryAndPrepare + drained + "\n" + wipeAndInstall, notes: "it begins anew, without its data"},
		{name: "a node of the runbook", line: "replace eu-1", byHand: true, steps: tryAndPrepare + strings.TrimPrefix(drainLoose, "\n") + "\n" + wipeAndInstall},
		{
			name: "one that left", line: "replace eu-1", world: func(w *facts.Fleet, f *regions.Fleet) {
				off(w, f, "eu-1")
				seeAs(w, f, "eu-1", "gone")
				noRestart(w, "eu-1")
			},
			steps: tryAndPrepare + wipeAndInstall,
		},
		{
			name: "one that runs on its own", line: "replace eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { alone(w, f, "eu-1") },
			steps: tryAndPrepare + "Keep Docker from starting the old container of eu-1 again\nStop the container of eu-1\n" + wipeAndInstall,
		},
		{
			name: "one that was removed and came back", line: "replace eu-1 --dead", world: func(w *facts.Fleet, f *regions.Fleet) { seeAs(w, f, "eu-1", "gone") },
			steps: tryAndPrepare + "Keep Docker from starting the old container of eu-1 again\nStop the container of eu-1\nTake eu-1 out of the cluster\n" + wipeAndInstall,
			notes: "price: the offline messages that are stored on eu-1 are lost",
		},
		{
			name: "one that lost its data", line: "replace eu-1 --dead", world: func(w *facts.Fleet, f *regions.Fleet) { sees(w, f, "eu-1") },
			steps: tryAndPrepare + "Keep Docker from starting the old container of eu-1 again\nStop the container of eu-1\nTake eu-1 out of the cluster\n" + wipeAndInstall,
		},
		{
			name: "a new machine in its place", line: "replace eu-1 --dead",
			world: func(w *facts.Fleet, f *regions.Fleet) {
				empty(w, f, "eu-1")
				seeAs(w, f, "eu-1", "stopped")
			},
			steps: strings.ReplaceAll(tryAndPrepare, keepConf, "") + "Take eu-1 out of the cluster\nMove the data of eu-1 aside, to /srv/vernemq/data.left\n" + installAndJoin,
		},
	})
}

func noRestart(w *facts.Fleet, name string) {
	factstest.Edit(w, name, func(n *facts.Node) {
		c, _ := n.Container.Get()
		c.RestartPolicy = "no"
		n.Container = facts.Saw(c)
	})
}

func TestReplaceRefuses(t *testing.T) {
	deeds(t, []deed{
		{
			name: "a lost host", line: "replace eu-1 --dead", world: func(w *facts.Fleet, f *regions.Fleet) { factstest.Dead(w, "eu-1"); seeAs(w, f, "eu-1", "stopped") },
			refuses: "leave eu-1 --dead, name the new host in the fleet file, deploy eu-1", fix: "diagnose eu-1", code: ops.Unseen,
		},
		{
			name: "the only member", line: "replace eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { empty(w, f, "cn-1", "sg-1", "us-1"); sees(w, f, "eu-1") },
			refuses: "no other member from which the data of eu-1 could come back", fix: "deploy eu-1", code: ops.Failed,
		},
		{
			name: "an empty fleet", line: "replace eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { empty(w, f, "cn-1", "sg-1", "us-1", "eu-1") },
			refuses: "no other member", fix: "deploy eu-1", code: ops.Failed,
		},
		{
			name: "no image", line: "replace eu-1", world: func(w *facts.Fleet, _ *regions.Fleet) {
				factstest.Edit(w, "eu-1", func(n *facts.Node) {
					g, _ := n.Ground.Get()
					g.Image = facts.Missed[facts.ImageDetail](facts.Absent, "no such image")
					n.Ground = facts.Saw(g)
				})
			},
			refuses: "is not on the host: image ship", fix: "image ship eu-1", code: ops.Failed,
		},
		{
			name: "a broker that is stopped", line: "replace eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { off(w, f, "eu-1") },
			refuses: "--dead gives them up", fix: "start eu-1", code: ops.Failed,
		},
		{
			name: "another member is stopped", line: "replace eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { off(w, f, "cn-1") },
			refuses: "cn-1: a member that is not healthy", fix: "reattach cn-1", code: ops.Failed,
		},
	})
}

// What replace does to a living node, read as its plan.
func TestReplaceGolden(t *testing.T) {
	f := fleet(t)
	p, err := planOf(t, f, deployed(f), "replace eu-1")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "replace-a-living-node.txt", p.String())
	at := slices.IndexFunc(p.Steps, func(s ops.Step) bool { return s.Final })
	if slices.ContainsFunc(p.Steps[at:], func(s ops.Step) bool { _, starts := s.Undo.(ops.StartContainer); return starts }) {
		t.Error("a node that has left would be started again by the undo")
	}
}

// The data of a container of the oldest kind stays in it; a copy would bring
// back what is to go.
func TestReplaceCopiesNoData(t *testing.T) {
	f := fleet(t)
	w := runbook(f)
	inLayer(&w)
	p, err := planOf(t, f, w, "replace cn-1")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(titles(p), "Copy the data") {
		t.Error(titles(p))
	}
}

// The scripts that move data, as a host runs them.
func TestDataIsMovedAsideAndBack(t *testing.T) {
	dir := t.TempDir()
	data, aside := filepath.Join(dir, "data"), filepath.Join(dir, "data.c0ffee")
	for _, name := range []string{"msgstore/1.log", ".hidden", "..odd", "with blank"} {
		file := filepath.Join(data, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("nowhere", filepath.Join(data, "dangling")); err != nil {
		t.Fatal(err)
	}
	before := filesIn(t, data)
	shell(t, "", moveAll, data, aside)
	if got := filesIn(t, data); got != "" {
		t.Errorf("left behind: %s", got)
	}
	if got := filesIn(t, aside); got != before {
		t.Errorf("moved %s, want %s", got, before)
	}
	shell(t, "", moveAll, data, aside) // again: nothing is there
	undone := filepath.Join(dir, "data.undone")
	shell(t, "", moveBack, aside, data, undone)
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("nothing was in the way, and yet: %v %v", entries, err)
	}
	// A broker has run meanwhile, twice, and left something.
	for _, n := range []string{"1", "2"} {
		shell(t, "", moveAll, data, aside)
		shell(t, "", `echo new >"$1/swc_meta"`, data)
		shell(t, "", moveBack, aside, data, undone)
		if got := filesIn(t, undone+"."+n); got != "swc_meta" {
			t.Errorf("what was new is %q", got)
		}
	}
	if got := filesIn(t, data); got != before {
		t.Errorf("came back as %s, want %s", got, before)
	}
	if _, err := os.Stat(aside); !os.IsNotExist(err) {
		t.Error("the folder beside it stays")
	}
	shell(t, "", moveAll, filepath.Join(dir, "missing"), aside) // nothing to move is fine
	shell(t, "is there already", moveAll+moveAllOnto(data, aside), data, aside)
}

// moveAllOnto puts a file where another is, and moves again.
func moveAllOnto(data, aside string) string {
	return "echo mine >'" + filepath.Join(data, ".hidden") + "'\n" + moveAll
}

func filesIn(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, ", ")
}

// shell runs a script as a container would, and wants it to fail with a
// sentence, or "" for success.
func shell(t *testing.T, fails, script string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "/bin/sh", append([]string{"-c", script, "vmqbot"}, args...)...).CombinedOutput()
	if (err != nil) != (fails != "") || !strings.Contains(string(out), fails) {
		t.Errorf("%v: %s\nwant %q", err, out, fails)
	}
	return string(out)
}
