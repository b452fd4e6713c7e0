package commands

import (
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// The file of then names where its broker reads its metadata: another store than
// that in which the data is now knows nothing of it.
func TestRollbackKeepsTheMetadataStore(t *testing.T) {
	then := func(text facts.Seen[secret.Text]) func(*facts.Fleet, *regions.Fleet) {
		return func(w *facts.Fleet, _ *regions.Fleet) {
			factstest.Edit(w, "eu-1", func(n *facts.Node) {
				g, _ := n.Ground.Get()
				g.KeptConf = map[string]facts.Seen[secret.Text]{oldID: text}
				n.Ground = facts.Saw(g)
			})
		}
	}
	swc := then(facts.Saw(secret.New("metadata_plugin = vmq_swc\n")))
	now := func(text facts.Seen[secret.Text]) func(*facts.Fleet, *regions.Fleet) {
		return func(w *facts.Fleet, _ *regions.Fleet) {
			factstest.Edit(w, "eu-1", func(n *facts.Node) {
				g, _ := n.Ground.Get()
				g.Conf = text
				n.Ground = facts.Saw(g)
			})
		}
	}
	alone := func(w *facts.Fleet, f *regions.Fleet) { empty(w, f, "cn-1", "sg-1", "us-1") }
	inside := func(w *facts.Fleet, f *regions.Fleet) { kept(w, f, loosely) }
	unread := facts.Missed[secret.Text](facts.TooLate, "no answer in 5s.")
	absent := facts.Missed[secret.Text](facts.Absent, "there is no such file")
	for _, tt := range []struct {
		name    string
		changes []func(*facts.Fleet, *regions.Fleet)
		refused string
		code    ops.Code
	}{
		{"the same", nil, "", ""},
		{"the same by default", []func(*facts.Fleet, *regions.Fleet){then(facts.Saw(secret.New("")))}, "", ""},
		{"another", []func(*facts.Fleet, *regions.Fleet){swc}, "the data of eu-1 is in vmq_plumtree now, and 3f9c2a71b604 would use vmq_swc, as the vernemq.conf of then says, and read none of it", ops.Failed},
		{"another, alone", []func(*facts.Fleet, *regions.Fleet){swc, alone}, "and read none of it", ops.Failed},
		{"another, with the data of then", []func(*facts.Fleet, *regions.Fleet){inside, swc}, "the other members have vmq_plumtree by now: it could not talk to them", ops.Failed},
		{"another, with the data of then, alone", []func(*facts.Fleet, *regions.Fleet){inside, swc, alone}, "", ""},
		{"another, after an interrupted deploy", []func(*facts.Fleet, *regions.Fleet){
			func(w *facts.Fleet, f *regions.Fleet) {
				empty(w, f, "eu-1")
				kept(w, f)
				seeAs(w, f, "eu-1", "stopped")
			},
			now(facts.Saw(secret.New("metadata_plugin = vmq_plumtree\n"))), swc,
		}, "and read none of it", ops.Failed},
		{"a file that cannot be read", []func(*facts.Fleet, *regions.Fleet){then(unread)}, "whether 3f9c2a71b604 reads the data of eu-1 cannot be seen: no answer in 5s", ops.Unseen},
		{"a file of now that cannot be read", []func(*facts.Fleet, *regions.Fleet){now(unread)}, "cannot be seen: no answer in 5s", ops.Unseen},
		{"a file that is not kept is refused by the trial", []func(*facts.Fleet, *regions.Fleet){then(absent)}, "", ""},
		{"a file that VerneMQ could not read", []func(*facts.Fleet, *regions.Fleet){then(facts.Saw(secret.New("nonsense\n")))}, "VerneMQ cannot read the vernemq.conf that 3f9c2a71b604 ran with", ops.Failed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := fleet(t)
			w := deployed(f)
			kept(&w, f)
			for _, change := range tt.changes {
				change(&w, f)
			}
			p, err := planOf(t, f, w, "rollback eu-1")
			if tt.refused == "" && (err != nil || p.Empty()) || tt.refused != "" && (ops.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.refused) || len(p.Steps) > 0) {
				t.Errorf("%v; %d steps", err, len(p.Steps))
			}
		})
	}
}

// confsOfThen are what both kept containers ran with.
func confsOfThen(n regions.Node) map[string]facts.Seen[secret.Text] {
	then := facts.Saw(secret.New("nodename = " + n.ErlangName() + "\nmetadata_plugin = vmq_plumtree\n"))
	return map[string]facts.Seen[secret.Text]{oldID: then, olderID: then}
}
