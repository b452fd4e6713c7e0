package vernemq

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vmqbot/answer"
)

// TestAnyCutCluster: whatever is drawn, a beginning of it is refused or is a
// table of fewer nodes.
func TestAnyCutCluster(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := rapid.SliceOfN(nodeNames, 1, 6).Draw(t, "nodes")
		g := grid{columns: []string{"Node", "Running"}}
		var want []Member
		for _, n := range nodes {
			g.rows, want = append(g.rows, []any{n, true}), append(want, Member{n, true})
		}
		g.inEveryForm(ShowCluster(), func(form string, a answer.Answer) {
			n := rapid.IntRange(0, len(strings.TrimRight(a.Stdout, "\r\n"))-1).Draw(t, "cut")
			a.Stdout = a.Stdout[:n]
			got, err := ParseClusterShow(a)
			byRow := strings.HasPrefix(form, "padded") || strings.HasPrefix(form, "csv")
			if err == nil && (!byRow || len(got) >= len(want) || !reflect.DeepEqual(got, want[:len(got)])) {
				t.Fatalf("%q\nis cut from %s and read as %v", a.Stdout, form, got)
			}
		})
	})
}

// TestHalfAnswers are whole in form and wrong in what they say.
func TestHalfAnswers(t *testing.T) {
	for _, c := range []struct{ command, stdout string }{
		{"vmq-admin cluster show", `{"table":[{"Node":"a@10.0.0.1","Running":"maybe"}],"type":"table"}`},
		{"vmq-admin cluster show", `{"table":[{"Node":"a@10.0.0.1","Running":{"x":1}}],"type":"table"}`},
		{"vmq-admin cluster show", `{"table":["a@10.0.0.1"],"type":"table"}`},
		{"vmq-admin cluster show", `{"table":[],"type":"table"}`},
		{"vmq-admin cluster show", `{"alert":[{"type":"text"}],"type":"alert"}`},
		{"vmq-admin cluster show", "Node,Running\na@10.0.0.1,true"},
		{"vmq-admin cluster show", "Node,Running\na@10.0.0.1\n"},
		{"vmq-admin cluster show", "+---+---+\n|a  |b  |\n+---+---+\n|c  |d  |\n+---+\n"},
		{"vmq-admin cluster show", "+----------+-------+\n|   Node   |Running|\n+----------+-------+\n+----------+-------+\n"},
		{"vmq-admin listener show", `{"table":[{"type":"vmq","status":"running","address":"10.0.0.1","port":"x"}],"type":"table"}`},
		{"vmq-admin listener show", `{"table":[{"type":"vmq","status":"running","address":"10.0.0.1","port":"1","max_conns":-2}],"type":"table"}`},
		{"vmq-admin session show", `{"table":[{"client_id":"a","peer_port":"99999"}],"type":"table"}`},
		{"vmq-admin session show", `{"table":[{"client_id":"a","is_online":"perhaps"}],"type":"table"}`},
		{"vmq-admin webhooks show", `{"table":[{"hook":"","endpoint":"x"}],"type":"table"}`},
		{"vmq-admin webhooks show", `{"table":[{"hook":"a","endpoint":"x","response_timeout":"soon"}],"type":"table"}`},
		{"vmq-admin plugin show", `{"table":[{"Plugin":"","Type":"","Hook(s)":"a","M:F/A":"b"}],"type":"table"}`},
		{"vmq-admin plugin show", `{"table":[{"Plugin":"a","Type":"","Hook(s)":"a b","M:F/A":"b"}],"type":"table"}`},
		{"vmq-admin node status", `{"table":[{"Status":"msg_in","Value":"many"}],"type":"table"}`},
		{"vmq-admin node swc_sync_status", `{"table":[{"SWC Partition":"meta1","InitSynced":"nearly"}],"type":"table"}`},
		{"vmq-admin set a=1 --all", `{"table":[{"node":"a@10.0.0.1","node down/unreachable":false}],"type":"table"}`},
		{"vmq-admin set a=1 --all", `{"table":[{"node":"a@10.0.0.1","node down/unreachable":false,"result":"N/A"}],"type":"table"}`},
		{"vmq-admin show a --all", "Failed to get config for: ['a@10.0.0.1']\n"},
		{"vernemq chkconfig", "config is OK\n-config /a.config -args_file /b.args -vm_args /c.args\n"},
		{"vernemq config generate", "12:00:00.000 [info] all is well\n"},
		{"vernemq config generate", "Segmentation fault\n -config /a.config -args_file /b.args -vm_args /b.args\n"},
		{"vernemq version", "2.1\n"},
		{"vernemq getpid", "258"},
	} {
		argv, _ := split(c.command)
		if m, ok := Explain(answer.Answer{Argv: argv, Stdout: c.stdout}); ok {
			t.Errorf("%s: %q is understood as %+v", c.command, c.stdout, m)
		}
	}
}

// TestEdges are right answers of shapes that no sample has.
func TestEdges(t *testing.T) {
	for _, c := range []struct{ command, stdout, facts string }{
		{"vmq-admin listener show", `{"table":[],"type":"table"}`, `{"listeners":[],"cluster_port":false}`},
		{"vmq-admin set a=1 b=2", "a set to \"1\"\nb set to \"2\"\n", `{"nodes":[{"reached":true,"values":{"a":"1","b":"2"}}]}`},
		{"vmq-admin set a=1 --all", "Setting config across the cluster\n" + grid{[]string{"Node", "Node Down/Unreachable", "Result"},
			[][]any{{"a@10.0.0.1", false, `a set to "1"10okok`}, {"b@10.0.0.2", true, "N/A"}}}.padded(),
			`{"nodes":[{"node":"a@10.0.0.1","reached":true,"values":{"a":"1"}},{"node":"b@10.0.0.2","reached":false}]}`},
		{"vmq-admin show a --all", `[{"table":[{"Node":"a@10.0.0.1","a":1}],"type":"table"},{"alert":[{"text":"Failed to get config for: ['b@10.0.0.2',c@10.0.0.3]\n","type":"text"}],"type":"alert"}]`,
			`{"nodes":[{"node":"a@10.0.0.1","values":{"a":"1"}}],"unreached":["b@10.0.0.2","c@10.0.0.3"]}`},
		{"vmq-admin retain show --topic --payload --mountpoint", grid{[]string{"payload", "topic", "mountpoint"}, [][]any{{"a|b", "x/y", "m"}}}.padded(),
			`{"retained":[{"topic":"x/y","payload":"a|b","more":{"mountpoint":"m"}}]}`},
		{"vmq-admin webhooks show", grid{[]string{"hook", "endpoint", "base64payload"}, [][]any{{"auth_on_publish", "http://a/", true}}}.centered(),
			`{"webhooks":[{"hook":"auth_on_publish","endpoint":"http://a/","base64payload":true}]}`},
		{"vmq-admin cluster leave node=d@10.0.0.4 -k", "Migrated 3/30 queues and 17/1730 messages\nDone\n",
			`{"node":"d@10.0.0.4","outcome":"left","migration":[{"queues":3,"total_queues":30,"messages":17,"total_messages":1730}]}`},
		{"vmq-admin node stop", "Done\n", `{"done":true}`},
		{"vmq-admin node start", `{"text":"Done","type":"text"}`, `{"done":true}`},
		{"vmq-admin metrics reset", "Done\n", `{"done":true}`},
		{"vmq-admin trace stop_all", "Done\n", `{"done":true}`},
		{"vmq-admin metrics show -d", "# The number of bytes.\ncounter.bytes_sent = 9\n\n", `{"metrics":{"bytes_sent":9}}`},
		{"vernemq config describe nodename", "Documentation for nodename\nName of the Erlang node\n\n   Default Value : VerneMQ@127.0.0.1\n", `{"setting":"nodename","text":"Documentation for nodename\nName of the Erlang node\n\n   Default Value : VerneMQ@127.0.0.1"}`},
		{"vernemq restart", "ok\n=INFO REPORT==== 1-Jan-2026::00:00:00.000000 ===\nAdministrative stop\n\n!!!!\n!!!! WARNING: ulimit -n is 1; 2 is the recommended minimum.\n!!!!\nvmq_cluster_node_sup\n", `{"started":true,"open_files":1,"recommended":2}`},
		{"vmq-admin cluster show", "+-----+-----+\n| ^[[1mNode^[[0m | ␛[1mRunning␛[0m |\n+-----+-----+\n| a@10.0.0.1 | true |\n+-----+-----+\n", `{"nodes":[{"node":"a@10.0.0.1","running":true}]}`},
	} {
		argv, _ := split(c.command)
		m, ok := Explain(answer.Answer{Argv: argv, Stdout: c.stdout})
		if got := asJSON(t, m.Facts); !ok || got != c.facts {
			t.Errorf("%s: %q means %s (%v), want %s", c.command, c.stdout, got, ok, c.facts)
		}
	}
}

// TestSmallParsers are those that callers use and Explain does not.
func TestSmallParsers(t *testing.T) {
	if d, err := ParseNodeOp(answer.Answer{Argv: StopNode(), Stdout: "Done\n"}); err != nil || !d.Done {
		t.Errorf("node stop is read as %v, %v", d, err)
	}
	_, err := ParseDisconnect(answer.Answer{Argv: []string{"vmq-admin", "session", "disconnect"}, Stdout: "Don"})
	checkKind(t, "session disconnect", err, answer.Garbled)
	for _, columns := range [][]string{{"Key"}, {"Key", "Scope"}} {
		row := []any{"abc", "mgmt"}
		g := grid{columns, [][]any{row[:len(columns)]}}
		keys, err := ParseAPIKeys(answer.Answer{Argv: []string{"vmq-admin", "api-key", "show"}, Stdout: g.centered()})
		if err != nil || len(keys) != 1 || keys[0].Key.Reveal() != "abc" || len(keys[0].More) != len(columns)-1 {
			t.Errorf("the API keys are read as %+v, %v", keys, err)
		}
	}
	a, _ := sample(t, "2.1.2/join-no-args.txtar")
	if m, _ := Explain(a); m.Facts.(Details).Node != "" { // the node there is an example
		t.Errorf("the example in the usage is taken for a node: %+v", m)
	}
}
