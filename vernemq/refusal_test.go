package vernemq

import (
	"strings"
	"testing"

	"vmqbot/answer"
)

// TestRefusals are the answers that no sample has, by their texts: clique's
// clique_error.erl, vmq_server_cmd.erl, files/runner and files/nodetool.
func TestRefusals(t *testing.T) {
	node := "vmq-3@host.example" // a name whose case is to be kept
	for _, c := range []struct {
		command, stdout, stderr string
		exit                    int
		want                    answer.Kind
	}{
		{"vernemq ping", "", "Node '" + node + "' not responding to pings.\n", 1, NotResponding},
		{"vernemq ping", "", "Node vmq@host not responding to pings.", 1, NotResponding},
		{"vernemq ping", "", "failed to connect to node '" + node + "' .\n", 1, NotResponding},
		{"vmq-admin cluster show", "Error: Usage information not found for the given command\n", "", 1, NotReady},
		{"vmq-admin cluster show", "", "RPC to '" + node + "' failed: {'EXIT',\n  {badarg,\n   [{ets,lookup,[clique_commands,[]],[]}]}}\n", 1, NotReady},
		{"vmq-admin cluster show", "", "RPC to '" + node + "' failed: {'EXIT',\n  {badarg,\n   [{ets,lookup,[clique_commands", 1, answer.Garbled},
		{"vmq-admin session show", "", "RPC to '" + node + "' failed: {'EXIT',{{badmatch,{error,{{nodedown,'" + node + "'},x}}},[]}}\n", 1, RPCFailed},
		{"vmq-admin cluster show", "", "RPC to '" + node + "' failed: nodedown\n", 1, RPCFailed},
		{"vmq-admin cluster leave node=" + node, "", "RPC to '" + node + "' failed: timeout\n", 1, answer.TimedOut},
		{"vmq-admin cluster leave", "You have to provide a node\n", "", 0, MissingArgument},
		{"vmq-admin cluster join discovery-node=" + node, "RPC to node '" + node + "' failed for reason: swc_down\n\n", "", 1, JoinFailed},
		{"vmq-admin cluster join discovery-node=" + node, "RPC to node '" + node + "' failed for reason: not_reach", "", 1, answer.Garbled},
		{"vmq-admin cluster join discovery-node=" + node, "Couldn't join cluster due to self_join\n", "", 0, SelfJoin},
		{"vmq-admin cluster join discovery-node=" + node, "Done\n", "", 1, answer.Garbled},
		{"vmq-admin cluster leave node=" + node, "Node '" + node + "' wasn't part of the cluster\n\n", "", 0, answer.NotFound},
		{"vmq-admin listener restart address=10.0.0.3 port=44053", "", "RPC to '" + node + "' failed: {'EXIT',{badarg,[{ets,lookup_element,[ranch_server,x],[]}]}}\n", 1, answer.NotFound},
		{"vmq-admin listener start address=10.0.0.9 port=1883", "can't start listener due to 'eaddrnotavail'\n", "", 0, AddressMissing},
		{"vmq-admin listener start address=10.0.0.9 port=1883", `{"alert":[{"text":"can't start listener due to 'eaddrinuse'","type":"text"}],"type":"alert"}`, "", 0, PortInUse},
		{"vmq-admin listener restart address=10.0.0.9 port=1883", "can't restart listener due to 'not_found'\n", "", 0, answer.NotFound},
		{"vmq-admin listener start address=10.0.0.9 port=1", "can't start listener due to '{shutdown,x}'\n", "", 0, Failed},
		{"vmq-admin listener start port=x", "Invalid arguments: port=x \n", "", 1, InvalidValue},
		{"vmq-admin show x y", "Invalid config keys: x y \n", "", 1, UnknownSetting},
		{"vmq-admin set x=1", "The following config keys are not settable: [\"x\"]\n", "", 1, UnknownSetting},
		{"vmq-admin set x=1=2", "Too many equal signs in argument: \"x=1=2\"\n", "", 1, InvalidValue},
		{"vmq-admin set x=1 --node=" + node, "Target node is down: '" + node + "'\n\n", "", 1, answer.Down},
		{"vmq-admin set a=maybe", "\"maybe\" is not a valid enum value, acceptable values are: on, off\n", "", 1, InvalidValue},
		{"vmq-admin session show --node=x --all", "", "Error: Cannot use --all(-a) and --node(-n) at the same time\n", 1, InvalidFlag},
		{"vmq-admin set x=1 --node=" + node, "", "Target process could not be reached on node: '" + node + "'\n", 1, answer.Down},
		{"vmq-admin cluster join discovery-node=" + node, "", "RPC to node '" + node + "' failed for reason: self_join\n", 1, answer.Garbled},
		{"vmq-admin cluster join discovery-node=" + node, "RPC to node '" + node + "' failed for reason: self_join\n", "", 1, SelfJoin},
		{"vmq-admin cluster join discovery-node=" + node, "RPC to node '" + node + "' failed for reason: not_reachable\n", "", 1, NotReachable},
		{"vmq-admin cluster join discovery-node=" + node, "RPC to node '" + node + "' failed for reason: non_empty_node\n", "", 1, NonEmpty},
		{"vernemq stop", "Node '" + node + "' not responding to pings.\nNode is not running!\n", "", 1, NotResponding},
		{"vernemq restart", "Node is not running!\nNode '" + node + "' not responding to pings.\n", "", 1, NotResponding},
		{"vernemq getpid", "", "Node '" + node + "' not responding to pings.\nNode is not running!\n", 1, NotResponding},
		{"vernemq stop", "Node '" + node + "' not responding to pings.\n", "Node is not running!\n", 1, NotResponding},
		{"vernemq restart", "Node is not running!\n", "Node '" + node + "' not responding to pings.\n", 1, NotResponding},
		{"vernemq getpid", "Node is not running!\n", "", 1, NotResponding},
		{"vernemq chkconfig", "vm.args needs to have a -name parameter.\n  -sname is not supported.\n", "", 1, BadConfig},
		{"vernemq chkconfig", "vm.args needs to have a -name parameter.\n  -sname is not supp", "", 1, answer.Garbled},
		{"vernemq chkconfig", "vm.args needs to have a -name parameter.\n  -sname is not supported.\n", "", 0, answer.Garbled},
		{"vmq-admin frob", "Invalid command 'frob'\n", "", 1, answer.Usage},
		{"vmq-admin set", "Usage: vmq-admin set <variable>=<value> ...\n", "", 1, answer.Usage},
		{"vernemq start", "Node is already running!\n", "", 1, AlreadyRunning},
		{"vernemq restart", "ok\nvmq_cluster_node_sup\nvernemq failed to start within 15 seconds,\nsee the output of 'vernemq console' for more information.\nIf you want to wait longer, set the environment variable\nWAIT_FOR_ERLANG to the number of seconds to wait.\n", "", 1, NotStarted},
		{"docker exec gone vernemq ping", "", "Error response from daemon: No such container: gone\n", 1, answer.NotFound},
		{"docker exec cn-1 vernemq ping", "", "Error response from daemon: Container 0a1b is not running\n", 1, answer.Down},
		{"docker exec cn-1 vernemq ping", "", "OCI runtime exec failed: exec failed: unable to start container process: exec: \"vernemq\": executable file not found in $PATH: unknown\n", 126, answer.NotFound},
		{"ssh cn vernemq ping", "", "bash: line 1: vernemq: command not found\n", 127, answer.NotFound},
	} {
		argv, ok := split(c.command)
		if !ok {
			t.Fatalf("%q is not recognized", c.command)
		}
		a := answer.Answer{Argv: argv, Exit: c.exit, Stdout: c.stdout, Stderr: c.stderr}
		m, ok := Explain(a)
		r, _ := m.Facts.(Details)
		switch {
		case ok != (c.want != answer.Garbled):
			t.Errorf("%s: %q is recognized: %v", c.command, c.stdout+c.stderr, ok)
		case ok && r.Refusal != c.want:
			t.Errorf("%s: %q is refused as %q (%s), want %q", c.command, c.stdout+c.stderr, r.Refusal, m.Meaning, c.want)
		case ok && strings.Contains(c.stdout+c.stderr, "'"+node+"'") && r.Node != node:
			t.Errorf("%s: %q names %q, want %s", c.command, c.stdout+c.stderr, r.Node, node)
		case strings.Contains(strings.ToLower(m.Meaning), node) && !strings.Contains(m.Meaning, node):
			t.Errorf("%s: %q changes the name of the node: %s", c.command, c.stdout+c.stderr, m.Meaning)
		}
	}
}

// TestReasonsBeginWithOurWords: the first letter of a reason is made large, so
// a name must not stand there.
func TestReasonsBeginWithOurWords(t *testing.T) {
	for _, x := range troubles {
		if strings.HasPrefix(strings.TrimLeft(x.say, "'\""), "$") {
			t.Errorf("%s: the reason begins with a name: %s", x.text, x.say)
		}
	}
	for reason, want := range map[string]string{"the node a@b is down": "The node a@b is down", "vernemq.conf does not pass": "vernemq.conf does not pass", "": "", "`a` is unknown": "`a` is unknown"} {
		if got := upper(reason); got != want {
			t.Errorf("%q is printed as %q, want %q", reason, got, want)
		}
	}
}

// TestOne: one of a thing is not several.
func TestOne(t *testing.T) {
	for command, c := range map[string]struct{ stdout, want string }{
		"vmq-admin session show":         {`{"table":[{"client_id":"a"}],"type":"table"}`, "1 session, of all"},
		"vmq-admin  session show":        {`{"table":[{"client_id":"a"},{"client_id":"b"}],"type":"table"}`, "2 sessions, of all"},
		"vmq-admin metrics show":         {"counter.a = 1\n", "1 number of this node"},
		"vmq-admin retain show":          {`{"table":[{"topic":"a","payload":"b"}],"type":"table"}`, "1 retained message matches"},
		"vmq-admin webhooks show":        {`{"table":[{"hook":"a","endpoint":"b"}],"type":"table"}`, "1 webhook is registered"},
		"vmq-admin plugin show":          {`{"table":[{"Plugin":"a","Type":"b","Hook(s)":"","M:F/A":""}],"type":"table"}`, "1 plugin is on"},
		"vmq-admin show a":               {`{"table":[{"node":"a@b","a":"on"}],"type":"table"}`, "values on 1 node."},
		"vmq-admin set a=1":              {"a set to \"1\"\n", "Changed on 1 node,"},
		"vmq-admin api-key show":         {`{"table":[{"Key":"abc"}],"type":"table"}`, "1 API key opens"},
		"vmq-admin node status":          {`{"table":[{"Status":"num_online","Value":1},{"Status":"queue_drop","Value":2}],"type":"table"}`, "1 client online, 2 messages dropped"},
		"vmq-admin log show config":      {`{"table":[{"logger":"a"}],"type":"table"}`, "table of 1 row,"},
		"vmq-admin cluster show":         {`{"table":[{"Node":"a@b","Running":false}],"type":"table"}`, "a@b is not running in this node's view (0 of 1 member run)"},
		"vernemq config effective":       {"nodename = a@b\n", "1 setting as"},
		"curl http://h:8888/status.json": {`{"a@b":{"mystatus":{"a@b":true},"listeners":[]}}`, "1 node answered"},
	} {
		argv, _ := split(command)
		m, ok := Explain(answer.Answer{Argv: argv, Stdout: c.stdout})
		if !ok || !strings.Contains(m.Meaning, c.want) {
			t.Errorf("%s: %s means %q, want %q", command, c.stdout, m.Meaning, c.want)
		}
	}
}

// TestMeanings: what an on-call must be told, by the command that they typed.
func TestMeanings(t *testing.T) {
	for file, words := range map[string][]string{
		"2.1.2/cluster-show-4-nodes":                {"All 4 members", "not proof", "44053", "`diagnose`"},
		"2.1.2/cluster-show-one-stopped":            {"VerneMQ@10.77.0.4 is not running", "3 of 4", "refuses clients", "do not make it leave"},
		"2.1.2/cluster-show-1-node":                 {"only itself", "20 seconds"},
		"1.6.1/listener-show-unbound":               {"F2", "`reattach`"},
		"2.1.2/listener-show-after-leave-without-k": {"suspended", "listener restart"},
		"2.1.2/listener-show-right-after-start":     {"no MQTT listener", "error.log"},
		"2.1.2/ping-down":                           {"VerneMQ@10.77.0.4", "address is missing", "F1", "cookie", "may still be alive"},
		"2.1.2/ping-up":                             {"no proof"},
		"2.1.2/join-ok":                             {"20 seconds", "every node"},
		"2.1.2/join-already":                        {"the node you ran it on", "not VerneMQ@10.77.0.1"},
		"2.1.2/join-wrong-cookie":                   {"cookie", "VerneMQ@10.77.0.1"},
		"2.1.2/leave-online-without-k":              {"still a member", "-k", "listener restart"},
		"2.1.2/leave-dead-node":                     {"unknown name", "ghost"},
		"2.1.2/leave-dead-while-another-down":       {"60 seconds", "Do not repeat it", "cluster show"},
		"1.6.1/leave-inconsistent-dead":             {"removed", "once more"},
		"2.1.2/start-own-ip-gone":                   {"8 seconds", "Do not start it again"},
		"2.1.2/chkconfig-unknown-key":               {"config generate", "Do not restart"},
		"2.1.2/config-generate-unknown-key":         {"allow_anonymos"},
		"2.1.2/http-health-one-stopped":             {"refuses every client", "`diagnose`"},
		"2.1.2/http-full-cluster-one-stopped":       {"Never restart"},
		"2.1.2/health-listener-stopped":             {"listener restart"},
		"2.1.2/metrics-netsplit-n1":                 {"netsplit is open"},
		"1.6.1/metrics":                             {"messages for another node were lost"},
		"2.1.2/metrics-show":                        {"no proof"},
		"1.6.1/status-json":                         {"view of VerneMQ@10.0.0.1"},
		"1.6.1/status-json-1.7":                     {"F2"},
		"2.1.2/set-all-one-stopped":                 {"3 nodes", "until each restarts"},
		"2.1.2/show-after-set":                      {"differs"},
		"2.1.2/webhooks-show-on-other-node":         {"plugin"},
	} {
		a, _ := sample(t, file+".txtar")
		m, ok := Explain(a)
		for _, w := range words {
			if !ok || !strings.Contains(m.Meaning, w) {
				t.Errorf("%s: the meaning lacks %q: %s", file, w, m.Meaning)
			}
		}
	}
}

// TestClusterPortPosing: `listener start` on 44053 makes a row that looks
// right and is not.
func TestClusterPortPosing(t *testing.T) {
	g := grid{[]string{"type", "status", "address", "port"}, [][]any{{"mqtt", "running", "10.0.0.2", "44053"}, {"http", "running", "127.0.0.1", "8888"}}}
	g.inEveryForm(ShowListeners(), func(form string, a answer.Answer) {
		m, ok := Explain(a)
		f, _ := m.Facts.(listenerFacts)
		if !ok || f.ClusterPort || !strings.Contains(m.Meaning, "open as type mqtt") {
			t.Errorf("%s: explained as %+v", form, m)
		}
	})
	done := answer.Answer{Argv: []string{"vmq-admin", "listener", "start", "address=10.0.0.2", "port=44053"}, Stdout: "Done\n"}
	if m, ok := Explain(done); !ok || !strings.Contains(m.Meaning, "require type vmq") {
		t.Errorf("Done on the cluster port is explained as %+v", m)
	}
}
