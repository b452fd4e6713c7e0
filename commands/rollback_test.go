package commands

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/shape"
)

const (
	oldID   = "3f9c2a71b604aaaaaaaaaaaa"
	olderID = "3f00d1e2f304bbbbbbbbbbbb"
	oldName = "vernemq-release-eu-1.3f9c2a71b604"
)

// keptAt is a container that a deploy kept, as its inspect tells.
func keptAt(n regions.Node, id string, stopped time.Time) facts.Container {
	c := facts.Container{
		ID: id, Image: "airdroid/vernemq:1.6.0", ImageID: imageID, State: "exited", FinishedAt: stopped, RestartPolicy: "no",
		Labels: shape.Of(n, n.Image, 0).Spec.Labels, HealthSays: "stopping starts=1 crashes=0 exit=-1 for=term",
		Mounts: map[string]string{shape.ConfDir: n.Volumes.Conf, shape.LogDir: n.Volumes.Log, shape.DataDir: n.Volumes.Data},
	}
	c.Name = shape.KeptName(n, c)
	return c
}

// kept lets a deploy have kept two containers of eu-1, as changed.
func kept(w *facts.Fleet, f *regions.Fleet, changes ...func(*facts.Container)) {
	n, _ := f.Node("eu-1")
	old := keptAt(n, oldID, factstest.Now.Add(-3*time.Hour))
	for _, change := range changes {
		change(&old)
	}
	factstest.Edit(w, "eu-1", func(seen *facts.Node) {
		c, ok := seen.Container.Get()
		if ok {
			c.Mounts = keptAt(n, "", factstest.Now).Mounts
			seen.Container = facts.Saw(c)
		}
		g, _ := seen.Ground.Get()
		g.Kept = []facts.Container{keptAt(n, olderID, factstest.Now.AddDate(0, 0, -9)), old}
		g.KeptConf = confsOfThen(n)
		seen.Ground = facts.Saw(g)
	})
}

// loosely makes it a container of the runbook, with its data inside.
func loosely(c *facts.Container) {
	c.Labels, c.Cmd, c.HealthSays = nil, []string{"bash"}, ""
	delete(c.Mounts, shape.DataDir)
}

const (
	tryThen = "Try airdroid/vernemq:1.6.0 and the vernemq.conf of then in a throwaway container of eu-1\n"
	halted  = "Keep Docker from starting the old container of eu-1 again\nStop the container of eu-1\n" +
		"Keep the old container of eu-1 as vernemq-release-eu-1.c0ffeeeu-1\n"
	exchanged = "Put the container of before back\n" +
		"Put the vernemq.conf of then back and keep the current one as vernemq.conf.c0ffeeeu-1\n" +
		"Let Docker start it again when the host restarts\nStart it\nAttach 10.0.0.4/24 to the container of eu-1\n"
	gatedAgain = "Wait until the broker of eu-1 answers and has bound 10.0.0.4:44053\nWait until the MQTT ports of eu-1 are open\n"
	looseAgain = "Start the broker of eu-1\nWait until the broker of eu-1 answers\nBind 10.0.0.4:44053 in place\n"
	provenFor  = provenWith + "\nWatch eu-1 for 10s"
)

func TestRollbackIn(t *testing.T) {
	deeds(t, []deed{
		{
			name: "the container before", line: "rollback eu", world: func(w *facts.Fleet, f *regions.Fleet) { kept(w, f) },
			steps: tryThen + halted + exchanged + gatedAgain + provenFor,
			notes: "eu-1: back to 3f9c2a71b604, airdroid/vernemq:1.6.0, which stopped on 2026-11-23 11:00 UTC",
		},
		{
			name: "one that is named", line: "rollback eu-1 --to 3f00", world: func(w *facts.Fleet, f *regions.Fleet) { kept(w, f) },
			steps: tryThen + halted + exchanged + gatedAgain + provenFor, notes: "back to 3f00d1e2f304",
		},
		{
			name: "one of the runbook", line: "rollback eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { kept(w, f, loosely) },
			steps: tryThen + halted + exchanged + looseAgain + provenFor, notes: "price: the data of eu-1 lies in that container: messages since then are not in it",
		},
		{
			name: "a deploy broke off between the two names", line: "rollback eu-1",
			world: func(w *facts.Fleet, f *regions.Fleet) {
				empty(w, f, "eu-1")
				kept(w, f)
				seeAs(w, f, "eu-1", "stopped")
			},
			steps: tryThen + strings.Replace(exchanged, "vernemq.conf.c0ffeeeu-1", "vernemq.conf.next", 1) + gatedAgain + provenFor,
		},
		{
			name: "the current one does not run", line: "rollback eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { kept(w, f); off(w, f, "eu-1") },
			steps: tryThen + strings.Replace(halted, "Stop the container of eu-1\n", "", 1) + exchanged + gatedAgain + provenFor,
		},
		{
			name: "its vernemq.conf has stayed in it", line: "rollback eu-1",
			world: func(w *facts.Fleet, f *regions.Fleet) {
				kept(w, f, func(c *facts.Container) { delete(c.Mounts, shape.ConfDir) })
			},
			steps: tryThen + halted + strings.Replace(exchanged, "Put the vernemq.conf of then back and keep the current one as vernemq.conf.c0ffeeeu-1\n", "", 1) + gatedAgain + provenFor,
		},
		{
			name: "it had not ended well", line: "rollback eu-1", world: func(w *facts.Fleet, f *regions.Fleet) {
				kept(w, f, func(c *facts.Container) { c.ExitCode = 137 })
			},
			steps: tryThen + halted + exchanged + gatedAgain + provenFor, notes: "it had ended with exit status 137",
		},
		{
			name: "it wrote another format", line: "rollback eu-1", world: func(w *facts.Fleet, f *regions.Fleet) {
				kept(w, f, func(c *facts.Container) { c.Image = "airdroid/vernemq:2.0.1" })
				factstest.Edit(w, "eu-1", func(n *facts.Node) {
					c, _ := n.Container.Get()
					c.Image, c.ImageID = "airdroid/vernemq:2.1.2", "sha256:fedcba"
					n.Container = facts.Saw(c)
				})
			},
			steps: strings.Replace(tryThen, "1.6.0", "2.0.1", 1) + halted + exchanged + gatedAgain + provenFor, notes: "2.1.0 changed the format of the metadata (members, subscriptions, retained messages): expect to need replace",
		},
	})
}

func TestRollbackRefuses(t *testing.T) {
	with := func(change func(*facts.Container)) func(*facts.Fleet, *regions.Fleet) {
		return func(w *facts.Fleet, f *regions.Fleet) { kept(w, f, change) }
	}
	deeds(t, []deed{
		{name: "nothing is kept", line: "rollback eu-1", refuses: "There is nothing to go back to", fix: "ps eu-1", code: ops.Failed},
		{name: "an empty host", line: "rollback eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { empty(w, f, "eu-1") }, refuses: "nothing to go back to", fix: "ps eu-1", code: ops.Failed},
		{
			name: "an id that nobody has", line: "rollback eu-1 --to abcd", world: func(w *facts.Fleet, f *regions.Fleet) { kept(w, f) },
			refuses: "no kept container abcd of eu-1; there is 3f9c2a71b604 (airdroid/vernemq:1.6.0), 3f00d1e2f304", fix: "rollbacks eu-1", code: ops.Failed,
		},
		{
			name: "its image is gone", line: "rollback eu-1", world: with(func(c *facts.Container) { c.ImageID = "sha256:feed00000000aaaa" }),
			refuses: "(airdroid/vernemq:1.6.0, feed00000000) is not on the host of eu-1 any more", fix: "image list eu-1", code: ops.Failed,
		},
		{name: "somebody has started it", line: "rollback eu-1", world: with(func(c *facts.Container) { c.Running = true }), refuses: "two brokers of one node must not", fix: "ps eu-1", code: ops.Failed},
		{
			name: "the node has left", line: "rollback eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { kept(w, f); off(w, f, "eu-1"); seeAs(w, f, "eu-1", "gone") },
			refuses: "a container of before would come back as a broker of its own", fix: "replace eu-1", code: ops.Failed,
		},
		{
			name: "another member is stopped", line: "rollback eu-1", world: func(w *facts.Fleet, f *regions.Fleet) { kept(w, f); off(w, f, "cn-1") },
			refuses: "cn-1: a member that is not healthy", fix: "reattach cn-1", code: ops.Failed,
		},
		{
			name: "a host that cannot be seen", line: "rollback eu-1", world: func(w *facts.Fleet, _ *regions.Fleet) { factstest.Dead(w, "eu-1") },
			refuses: "eu-1: dial tcp", fix: "diagnose eu-1", code: ops.Unseen,
		},
		{
			name: "images that cannot be listed", line: "rollback eu-1", world: func(w *facts.Fleet, f *regions.Fleet) {
				kept(w, f)
				factstest.Edit(w, "eu-1", func(n *facts.Node) { n.Images = facts.Missed[[]facts.Image](facts.TooLate, "no answer in 5s") })
			},
			refuses: "is still on the host of eu-1 cannot be seen: no answer in 5s", fix: "image list eu-1", code: ops.Unseen,
		},
	})
	for line, says := range map[string]string{
		"rollback all --to 3f9c2a71b604": "A kept container belongs to one node",
		"rollback eu-1 --to 3f9":         "is no container's id",
		"rollback eu-1 --to $(id)":       "is no container's id",
	} {
		if _, _, err := Parse(strings.Fields(line), fleet(t)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// A second rollback goes forward again, and one to what runs does nothing.
func TestRollbackTwice(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	kept(&w, f)
	n, _ := f.Node("eu-1")
	factstest.Edit(&w, "eu-1", func(seen *facts.Node) {
		c, _ := seen.Container.Get()
		g, _ := seen.Ground.Get()
		was := keptAt(n, "77aa88bb99cc0000", factstest.Now)
		c.ID = oldID
		g.Kept = append([]facts.Container{was}, g.Kept[0])
		g.KeptConf[was.ID] = g.KeptConf[olderID]
		seen.Container, seen.Ground = facts.Saw(c), facts.Saw(g)
	})
	p, err := planOf(t, f, w, "rollback eu-1")
	if err != nil || !strings.Contains(p.String(), "back to 77aa88bb99cc") {
		t.Errorf("%v\n%s", err, p)
	}
	p, err = planOf(t, f, w, "rollback eu-1 --to 3f9c2a71")
	if err != nil || !p.Empty() || !strings.Contains(p.String(), "eu-1 runs 3f9c2a71b604 already") {
		t.Errorf("%v\n%s", err, p)
	}
}

// The container of before may hold VerneMQ in another folder than the current
// one, so the fleet file's is asked there.
func TestRollbackBindsWithTheToolsOfThen(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	kept(&w, f, loosely)
	factstest.Edit(&w, "eu-1", func(n *facts.Node) {
		b, _ := n.Broker.Get()
		b.Process = facts.Saw(facts.Process{PID: 9, Root: "/opt/vernemq", Name: "VerneMQ@10.0.0.4"})
		n.Broker = facts.Saw(b)
	})
	p, err := planOf(t, f, w, "rollback eu-1")
	if err != nil || strings.Contains(p.String(), "/opt/vernemq") || !strings.Contains(p.String(), "/usr/lib/vernemq/bin/nodetool") {
		t.Errorf("%v\n%s", err, p)
	}
}

func TestRollbackGolden(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	kept(&w, f, loosely)
	p, err := planOf(t, f, w, "rollback eu-1")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "rollback-to-the-runbook.txt", p.String())
}

func TestRollbacksLists(t *testing.T) {
	f := fleet(t)
	w := deployed(f)
	kept(&w, f, loosely, func(c *facts.Container) { c.ImageID, c.ExitCode = "sha256:feed00000000", 137 })
	factstest.Dead(&w, "us-1")
	c, r, err := Parse([]string{"rollbacks"}, f)
	if err != nil {
		t.Fatal(err)
	}
	v, err := c.View(r, ops.World{Fleet: f, Seen: w})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "rollbacks-of-a-fleet.txt", v.Text+"("+v.Verdict.String()+")\n")
}

// The scripts that exchange vernemq.conf, as a host runs them: a mode of the
// file outlives the exchange, and the copy of it is for nobody else.
func TestConfComesBack(t *testing.T) {
	dir := t.TempDir()
	now, aside, then := filepath.Join(dir, "vernemq.conf"), filepath.Join(dir, "vernemq.conf.new"), filepath.Join(dir, "vernemq.conf.old")
	for file, text := range map[string]string{now: "now\n", then: "then\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(now, 0o644); err != nil {
		t.Fatal(err)
	}
	want := func(file, text string, mode os.FileMode) {
		t.Helper()
		b, err := os.ReadFile(file)
		info, statErr := os.Stat(file)
		if err != nil || statErr != nil || string(b) != text || info.Mode().Perm() != mode {
			t.Errorf("%s is %q, %v, %v; want %q, %v", filepath.Base(file), b, info.Mode(), err, text, mode)
		}
	}
	shell(t, "", confBack, now, aside, then)
	want(now, "then\n", 0o644)
	want(aside, "now\n", 0o600)
	shell(t, "", confForth, now, aside)
	want(now, "now\n", 0o644)
	shell(t, "vernemq.conf.lost", confBack, now, aside, filepath.Join(dir, "vernemq.conf.lost"))
	want(now, "now\n", 0o644)
}

// What the trial of then says, with a vernemq that accepts or refuses.
func TestTryBefore(t *testing.T) {
	dir := t.TempDir()
	conf, then := filepath.Join(dir, "vernemq.conf"), filepath.Join(dir, "then")
	if err := os.WriteFile(then, []byte("x = y\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := os.Getenv("PATH")
	t.Setenv("PATH", dir)
	shell(t, "the image has no vernemq", tryBefore, conf, then)
	for name, script := range map[string]string{
		"good": "#!/bin/sh\n[ \"$1\" = chkconfig ]\n",
		"bad":  "#!/bin/sh\n[ \"$1\" = chkconfig ] && exit 1\necho '[error] unknown variable: x'\n",
	} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "vernemq"), []byte(script), 0o700); err != nil { //nolint:gosec // it is run
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", filepath.Join(dir, "good")+":"+path)
	shell(t, "", tryBefore, conf, then)
	shell(t, "", tryBefore, conf, "")
	shell(t, "the vernemq.conf of then is not kept", tryBefore, conf, filepath.Join(dir, "lost"))
	t.Setenv("PATH", filepath.Join(dir, "bad")+":"+path)
	shell(t, "unknown variable: x", tryBefore, conf, then)
}
