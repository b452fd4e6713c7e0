package ops_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"vmqbot/ops"
	"vmqbot/secret"
)

var update = flag.Bool("update", false, "write the golden files")

// reattach is a plan with a step of every kind.
func reattach() ops.Plan {
	return ops.Plan{
		Title: "Reattach cn",
		Locks: []string{"cn"},
		Notes: []string{"sg-1: its address is there"},
		Steps: []ops.Step{
			{Title: "Start the container", Node: "cn-1", Do: ops.StartContainer{Container: "vernemq-release-cn-1"}, Verify: []string{"container"}, StopOnly: true, NoUndo: "it should run", Timeout: time.Minute},
			{Title: "Attach the address", Node: "cn-1", Do: ops.Run{Argv: secret.Words("weave", "attach", "10.0.0.1/24", "vernemq-release-cn-1")}, Verify: []string{"ip", "peer"}, Undo: ops.Run{Argv: secret.Words("weave", "detach", "10.0.0.1/24", "vernemq-release-cn-1")}, Timeout: 90 * time.Second},
			{Title: "Bind the cluster port", Node: "cn-1", Do: ops.Exec{Container: "vernemq-release-cn-1", Judge: ops.Rebound, Argv: append(secret.Words("nodetool", "-setcookie"), secret.Hidden("hunter2"), secret.Plain(`vmq, "10.0.0.1", 44053`))}, MayFail: true, NoUndo: "a bound port harms nobody", Timeout: time.Second},
			{Title: "Wait for the channels", Node: "cn-1", Do: ops.Wait{For: "both directions"}, Verify: []string{"channel"}, Among: []string{"sg-1", "us-1"}, Timeout: 2 * time.Minute},
			{Title: "Restart", Node: "cn-1", Do: ops.Run{Argv: secret.Words("docker", "restart", "x")}, Drops: true},
		},
	}
}

func TestPlanGolden(t *testing.T) {
	for name, p := range map[string]ops.Plan{"reattach": reattach(), "nothing": {Title: "Reattach cn", Notes: []string{"cn-1: all is well"}}} {
		file := "testdata/" + name + ".plan"
		if *update {
			if err := os.WriteFile(file, []byte(p.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.String(); got != string(want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
		if p.Empty() != (name == "nothing") {
			t.Errorf("%s is empty: %t", name, p.Empty())
		}
	}
}

// The hash names everything that a reader of the plan sees.
func TestHashCoversWhatIsShown(t *testing.T) {
	want := reattach().Hash()
	if len(want) != 64 || strings.Trim(want, "0123456789abcdef") != "" || reattach().Hash() != want {
		t.Fatalf("the hash is %q", want)
	}
	seen := map[string]string{want: "nothing"}
	for change, do := range map[string]func(*ops.Plan){
		"the title":             func(p *ops.Plan) { p.Title += "!" },
		"a note":                func(p *ops.Plan) { p.Notes[0] += "!" },
		"one more note":         func(p *ops.Plan) { p.Notes = append(p.Notes, "x") },
		"a step less":           func(p *ops.Plan) { p.Steps = p.Steps[:4] },
		"the order":             func(p *ops.Plan) { p.Steps[0], p.Steps[1] = p.Steps[1], p.Steps[0] },
		"a step's title":        func(p *ops.Plan) { p.Steps[0].Title += "!" },
		"a step's node":         func(p *ops.Plan) { p.Steps[1].Node = "sg-1" },
		"what is done":          func(p *ops.Plan) { p.Steps[1].Do = ops.Wait{For: "a miracle"} },
		"a word":                func(p *ops.Plan) { p.Steps[1].Do.(ops.Run).Argv[2] = secret.Plain("10.0.0.2/24") },
		"where it is done":      func(p *ops.Plan) { p.Steps[0].Do = ops.StartContainer{Container: "other"} },
		"a proof":               func(p *ops.Plan) { p.Steps[1].Verify = p.Steps[1].Verify[:1] },
		"a proof's time":        func(p *ops.Plan) { p.Steps[1].Timeout++ },
		"a proof's peers":       func(p *ops.Plan) { p.Steps[3].Among = p.Steps[3].Among[:1] },
		"what the proof is for": func(p *ops.Plan) { p.Steps[0].StopOnly = false },
		"the undo":              func(p *ops.Plan) { p.Steps[1].Undo = nil },
		"why there is no undo":  func(p *ops.Plan) { p.Steps[0].NoUndo = "!" },
		"the price":             func(p *ops.Plan) { p.Steps[1].Drops = true },
		"the locks":             func(p *ops.Plan) { p.Locks = nil },
		"that it may fail":      func(p *ops.Plan) { p.Steps[1].MayFail = true },
	} {
		p := reattach()
		do(&p)
		if other, twice := seen[p.Hash()]; twice {
			t.Errorf("%s changed as much as %s: nothing that the hash covers", change, other)
		}
		seen[p.Hash()] = change
	}
}

// The hash covers nothing that no reader sees, least of all a secret.
func TestHashCoversNothingElse(t *testing.T) {
	for change, do := range map[string]func(*ops.Plan){
		"who cannot be seen":  func(p *ops.Plan) { p.Unseen = []string{"us-1"} },
		"a secret":            func(p *ops.Plan) { p.Steps[2].Do.(ops.Exec).Argv[2] = secret.Hidden("other") },
		"who reads an answer": func(p *ops.Plan) { p.Steps[2].Do = judged(p.Steps[2].Do.(ops.Exec)) },
		"nil and empty":       func(p *ops.Plan) { p.Steps[1].Among = []string{} },
	} {
		p := reattach()
		do(&p)
		if p.String() != reattach().String() || p.Hash() != reattach().Hash() {
			t.Errorf("%s changes the plan:\n%s", change, p)
		}
	}
	if strings.Contains(reattach().String(), "hunter2") {
		t.Error("the plan shows a secret")
	}
}

func judged(e ops.Exec) ops.Exec {
	e.Judge = ops.Ping
	return e
}
