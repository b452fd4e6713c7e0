package commands

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/vernemq"
)

var update = flag.Bool("update", false, "rewrite testdata")

// fleet is the annotated example, which the documents print as well.
func fleet(t testing.TB) *regions.Fleet {
	t.Helper()
	f, err := regions.Load("example.yaml", []byte(regions.Example), func(_, ref string) (string, error) { return "value-of-" + ref, nil })
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run go test ./commands -update", err)
	}
	if string(want) != got {
		t.Errorf("%s differs; run go test ./commands -update and read the diff\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}

// broken is the world of the goldens: cn-1's container was restarted.
func broken(f *regions.Fleet) facts.Fleet {
	w := factstest.Healthy(f)
	factstest.Restarted(&w, f, "cn-1")
	return w
}

// Every verb keeps the habits of the house, so that no reviewer has to ask.
func TestEveryVerb(t *testing.T) {
	f := fleet(t)
	for _, c := range All() {
		t.Run(c.Name, func(t *testing.T) {
			if first := c.Summary[:1]; first != strings.ToUpper(first) || strings.HasSuffix(c.Summary, ".") {
				t.Errorf("summary %q: a capital first and no period", c.Summary)
			}
			if strings.HasPrefix(strings.ToLower(c.Summary), c.Name+" ") {
				t.Errorf("summary %q says the verb again", c.Summary)
			}
			for i, e := range c.Examples {
				parsed, r, err := Parse(strings.Fields(e.Line), f)
				if err != nil || parsed != c {
					t.Fatalf("example %q does not parse: %v", e.Line, err)
				}
				golden(t, fmt.Sprintf("%s%d.txt", strings.ReplaceAll(c.Name, " ", "-"), i+1), "$ "+e.Line+"\n"+answerTo(t, c, r, f))
			}
		})
	}
}

func answerTo(t *testing.T, c *Command, r ops.Request, f *regions.Fleet) string {
	t.Helper()
	w := ops.World{Fleet: f, Seen: broken(f), History: past, Audit: trail, Book: watched, Wishes: wished}
	if c.Look(r).Facts.Guard {
		guarded(f, &w.Seen)
	}
	if c.Look(r).Facts.Library && c.Changes() {
		storehouses(f, &w.Seen)
	}
	if c.Look(r).Facts.Setup {
		factstest.Installed(&w.Seen, f)
	}
	if c.Look(r).Facts.Ground { // what nobody has looked at makes no example
		w.Seen = lived(f)
	}
	sized(&w.Seen, c.Look(r).Facts.Sizes)
	if line := c.Look(r).Facts.Admin; line != "" {
		answering(t, f, &w.Seen, line)
	}
	if c.Changes() {
		p, err := c.Plan(r, w)
		if err != nil {
			return "error: " + err.Error() + "\n"
		}
		return p.String()
	}
	v, err := c.View(r, w)
	if err != nil {
		t.Fatal(err)
	}
	return v.Text + "(" + v.Verdict.String() + ")\n"
}

// answering makes every broker answer a line of vmq-admin.
func answering(t *testing.T, f *regions.Fleet, w *facts.Fleet, line string) {
	t.Helper()
	argv, err := vernemq.Reading(line)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range f.Nodes() {
		factstest.Edit(w, n.Name, func(n *facts.Node) {
			n.Said = facts.Saw(facts.Said{Argv: argv, Stdout: "what vmq-admin prints: cluster_bytes_sent, sensor-7, and so on\n"})
		})
	}
}

// watched is what the watch knows of a lost address that it may not repair.
var watched = alerts.Book{Sent: map[string]alerts.Sent{"ip/cn": {Group: "ip/cn", Episode: 1, Lines: []alerts.Line{{
	ID: alerts.ID{Key: lostIP, Seq: 3}, Phase: alerts.Firing, Told: factstest.Now.Add(-3 * time.Minute), Paged: true, Steps: 1,
}}}}, Alerts: map[alerts.Key]alerts.Alert{lostIP: {
	Key: lostIP, Seq: 3, Phase: alerts.Firing, Severity: checks.Critical, Since: factstest.Now.Add(-3 * time.Minute), Fired: factstest.Now,
	Last: alerts.Found{Evidence: "want 10.0.0.1/24, have 127.0.0.1", Repair: "reattach cn-1"}, Refusal: alerts.ByHand, Verdict: checks.Bad,
}}}

var lostIP = alerts.Key{Check: "ip", Region: "cn", Node: "cn-1"}

var wished = []alerts.Wish{
	{ID: "4f2a91", Want: alerts.Schedule, By: "terminal:ana", At: factstest.Now.Add(-8 * 24 * time.Hour), Every: "0 4 * * 2", Line: "restart eu"},
	{Want: alerts.Ran, Of: "4f2a91", Due: factstest.Now.Add(-time.Hour), Reason: "missed: no watch ran"},
	{ID: "5be001", Want: alerts.Maintenance, By: "terminal:ana", At: factstest.Now.Add(-time.Minute), For: 2 * time.Hour, Every: "0 2 * * 6", Region: "us", Reason: "the provider's window"},
	{ID: "4f2a91", Want: alerts.Silence, By: "terminal:ana", At: factstest.Now.Add(-time.Minute), For: time.Hour, Check: "clock", Region: "eu", Reason: "chrony is being set up"},
	{ID: "0b77c2", Want: alerts.AutohealOff, By: "terminal:bob", At: factstest.Now.Add(-time.Minute), Region: "cn"},
}

var past = []ops.Operation{
	{ID: "4f2a91", Actor: "terminal:ana", Line: "reattach cn", State: ops.Done, Created: factstest.Now, Ended: factstest.Now.Add(6_100_000_000)},
	{ID: "0b77c2", Actor: "terminal:bob", Line: "reattach eu", State: ops.Broken, Reason: "Attach 10.0.0.4/24 to the container of eu-1: not proven within 1m0s: want 10.0.0.4/24, have none.", Remarks: []string{"While eu-1 was away, messages for it were dropped: 7 bytes by us-1. Whoever published them was told that they had arrived; to hold back more, raise outgoing_clustering_buffer_size under conf."}, Created: factstest.Now.AddDate(0, 0, -1), Ended: factstest.Now.AddDate(0, 0, -1).Add(90_000_000_000)},
}

var trail = []ops.AuditEvent{
	{Seq: 7, Op: "4f2a91", At: factstest.Now, Actor: "slack:U0BOB", Type: "finished", Detail: "done \noutput sha256 cd"},
	{Seq: 6, Op: "4f2a91", At: factstest.Now, Actor: "slack:U0BOB", Type: "request", Detail: "deploy eu\nglass broken by U0ANA: eu loses messages\nin T01/C0123"},
	{Seq: 5, Op: "4f2a91", At: factstest.Now, Actor: "slack:U0ANA", Type: "break-glass", Detail: "deploy eu\n" + strings.Repeat("ab", 32) + "\nvoices nobody\nreason eu loses messages\nin T01/C0123"},
	{Seq: 4, Op: "0b77c2", At: factstest.Now, Actor: "slack:U0SUE", Type: "denied", Detail: "deploy cn\n" + strings.Repeat("ab", 32) + "\nvoices nobody\nin T01/C0123"},
	{Seq: 3, Op: "4f2a91", At: factstest.Now, Actor: "slack:U0ANA", Type: "plan", Detail: strings.Repeat("ab", 32) + "\nReattach cn\n 1. Attach"},
	{Seq: 2, Op: "4f2a91", At: factstest.Now, Actor: "slack:U0ANA", Type: "request", Detail: "reattach cn\nin T01/C0123"},
	{Seq: 1, At: factstest.Now, Actor: "slack:U0EVE", Type: "refused", Detail: "deploy all\nrole: deploy needs the role operator, and yours is viewer.\nin T01/C0123"},
}

// TestHelpShowsWhatIsYours: with a caller who may not do everything.
func TestHelpShowsWhatIsYours(t *testing.T) {
	c, _ := Find("help")
	v, err := c.View(ops.Request{}, ops.World{Fleet: fleet(t), May: func(verb string) error {
		if verb == "deploy" {
			return ops.Errorf(ops.Refused, "", "needs operator; ask S0ONCALL")
		}
		return nil
	}})
	yours, others, _ := strings.Cut(v.Text, "Not yours here:")
	if err != nil || strings.Contains(yours, "deploy TARGET") || !strings.Contains(yours, "reattach") || !strings.Contains(others, "deploy  needs operator; ask S0ONCALL") {
		t.Errorf("%v\n%s", err, v.Text)
	}
}

func TestAPolicyForNoVerbIsRefused(t *testing.T) {
	for change, says := range map[string]string{
		"deploy:\n    approvers -> depoly:\n    approvers": `approval.depoly: there is no verb "depoly". Did you mean "deploy"?`,
		"deploy:\n    approvers -> status:\n    approvers": "approval.status: status changes nothing",
		"leave: {eu -> laeve: {eu":                         `rights.laeve: there is no verb "laeve". Did you mean "leave"?`,
		"x -> x":                                           "",
	} {
		was, is, _ := strings.Cut(change, " -> ")
		f, err := regions.Load("f", []byte(strings.Replace(regions.Example, was, is, 1)), func(_, ref string) (string, error) { return ref, nil })
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckPolicy(f); (says == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", change, err)
		}
	}
}

func TestGeneratedDocument(t *testing.T) {
	golden(t, "../../docs/commands.md", Markdown())
}

func TestRegistrationRefusesAHalfVerb(t *testing.T) {
	complete := Command{Name: "frob", Summary: "Frob it", Help: "It frobs.", Examples: []Example{{"frob", "it"}}, View: viewHelp}
	for name, breakIt := range map[string]func(*Command){
		"no help":                   func(c *Command) { c.Help = "" },
		"no example":                func(c *Command) { c.Examples = nil },
		"neither plan nor view":     func(c *Command) { c.View = nil },
		"both plan and view":        func(c *Command) { c.Plan = planReattach },
		"a change open to viewers":  func(c *Command) { c.View, c.Plan = nil, planReattach },
		"a name that is registered": func(c *Command) { c.Name = "status" },
	} {
		t.Run(name, func(t *testing.T) {
			c := complete
			breakIt(&c)
			defer func() {
				if recover() == nil {
					t.Error("was registered")
				}
			}()
			register(c)
		})
	}
}
