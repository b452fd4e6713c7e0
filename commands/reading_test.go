package commands

import (
	"strings"
	"testing"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// asked is a verb as somebody types it on a fleet that was seen so.
func asked(t *testing.T, line string, seen func(*regions.Fleet, *facts.Fleet)) View {
	t.Helper()
	f := fleet(t)
	c, r, err := Parse(strings.Fields(line), f)
	if err != nil {
		t.Fatal(err)
	}
	w := ops.World{Fleet: f, Seen: factstest.Healthy(f)}
	seen(f, &w.Seen)
	v, err := c.View(r, w)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func says(stdout string, exit int) func(*regions.Fleet, *facts.Fleet) {
	return func(_ *regions.Fleet, w *facts.Fleet) {
		factstest.Edit(w, "cn-1", func(n *facts.Node) {
			n.Said = facts.Saw(facts.Said{Argv: []string{"vmq-admin", "x"}, Stdout: stdout, Stderr: map[bool]string{true: "RPC failed"}[exit != 0], Exit: exit})
		})
	}
}

func TestWhatVmqAdminSaysIsPrintedAsItCame(t *testing.T) {
	for _, row := range []struct {
		name, line string
		seen       func(*regions.Fleet, *facts.Fleet)
		want       string
		verdict    checks.Verdict
	}{
		{"as it came", "admin cn-1 -- cluster show --format=csv", says("a,b\n1,2", 0), "==> cn-1: vmq-admin x\na,b\n1,2\n", checks.OK},
		{"a failure", "admin cn-1 cluster show", says("", 1), "==> cn-1: vmq-admin x\nRPC failed\nexit status 1. Type: diagnose cn-1\n", checks.Bad},
		{"the lines with a text", "metrics cn-1 --grep DROP", says("counter.dropped = 1\ncounter.sent = 2\n", 0), "==> cn-1: vmq-admin x\ncounter.dropped = 1\n", checks.OK},
		{"a host that is away", "listeners cn-1", func(_ *regions.Fleet, w *facts.Fleet) { factstest.Dead(w, "cn-1") }, "==> cn-1: not seen: ssh to 203.0.113.10: dial tcp cn-1:22: i/o timeout; weave of sg-1, us-1, eu-1 still reaches it, so it is our way there that is broken\n", checks.Unknown},
		{"an answer of nothing", "listeners cn-1", says("", 0), "==> cn-1: vmq-admin x\n", checks.OK},
	} {
		v := asked(t, row.line, row.seen)
		if v.Text != row.want || v.Verdict != row.verdict {
			t.Errorf("%s: got %s\n%s\nwant\n%s", row.name, v.Verdict, v.Text, row.want)
		}
	}
}

func TestAPlannedWebhookThatIsNotCalled(t *testing.T) {
	const one = "| hook             | endpoint                     |\n| auth_on_register | http://%/x |\n"
	called := func(at string) View {
		return asked(t, "webhooks cn-1", func(f *regions.Fleet, w *facts.Fleet) {
			n, _ := f.Node("cn-1")
			n.Conf["vmq_webhooks.one.endpoint"] = secret.Plain("http://auth.example.net/x")
			says(strings.ReplaceAll(one, "%", at), 0)(f, w)
		})
	}
	if v := called("auth.example.net"); v.Verdict != checks.OK {
		t.Errorf("%s: %s", v.Verdict, v.Text)
	}
	if v := called("10.9.9.9:1"); v.Verdict != checks.Bad || !strings.Contains(v.Text, "cn-1 does not call auth.example.net:80, which the fleet file plans") {
		t.Errorf("%s: %s", v.Verdict, v.Text)
	}
}

func TestAdminRefuses(t *testing.T) {
	f := fleet(t)
	for line, want := range map[string]string{
		"admin cn":                            "admin wants COMMAND",
		"admin cn -- set a=b":                 "is none that only reads. Allowed is cluster show, listener show",
		"admin cn -- cluster leave node=a@b":  "`cluster leave` is none",
		"admin cn -- show distributed_cookie": "is a secret",
		"admin cn -- api-key show":            "prints the keys",
		"admin cn -- retain show":             "retain show --topic",
		"admin cn --yes cluster show":         "does not know the option",
		"admin xx -- cluster show":            "There is no region or node",
		"sessions all":                        "one node at a time",
	} {
		_, _, err := Parse(strings.Fields(line), f)
		if err == nil || !strings.Contains(err.Error(), want) || ops.CodeOf(err) == ops.Failed {
			t.Errorf("%s: got %v, want %s", line, err, want)
		}
	}
	_, r, err := Parse(strings.Fields("admin cn -- session show --client_id --limit=5"), f)
	if err != nil || r.Args["COMMAND"] != "session show --client_id --limit=5" {
		t.Errorf("got %q, %v", r.Args["COMMAND"], err)
	}
}
