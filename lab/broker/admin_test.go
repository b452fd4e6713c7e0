package broker_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// What people type at one node, and what they see.
func TestCommandsOfOneNode(t *testing.T) {
	w := newWorld(t)
	r := w.start(1)
	for _, c := range []struct {
		argv string
		exit int
		want string // a regular expression
	}{
		{"node status", 0, `\x1b\[1mStatus`},
		{"node history", 0, `^no_state\n$`},
		{"cluster leave", 0, `^You have to provide a node\n$`},
		{"cluster leave node=x@y --timeout=0", 1, `^Invalid value: "0" for flag: timeout\n$`},
		{"cluster leave node=x@y -i abc", 1, `^Invalid value: "abc" for flag: summary-interval\n$`},
		{"cluster leave node=nobody@127.0.0.99", 0, `^Done\n$`},
		{"cluster join discovery-node=nonsense", 1, `failed for reason: not_reachable`},
		{"listener start port=1", 0, `^vmq-admin listener start address=IpAddr port=Port`},
		{"listener start address=here port=1", 1, `^Invalid value: "here"\n$`},
		{"listener start address=127.0.0.1 port=99999", 1, `^Invalid value: "99999"\n$`},
		{"listener start address=127.0.0.1 port=1 --max_connections=many", 1, `^Invalid value: "many" for flag: max_connections\n$`},
		{"listener start address=192.0.2.1 port=1883", 0, `^can't start listener due to '.*eaddrnotavail`},
		{"listener start address=IP port=1883", 0, `^can't start listener due to 'already_started'\n$`},
		{"listener start address=IP port=8889 --ssl", 0, `^can't start listener due to 'not_supported_by_the_stand_in'\n$`},
		{"listener start address=IP port=8889 --http", 0, `^Done\n$`},
		{"listener stop address=IP port=8889 -k", 0, `^Done\n$`},
		{"listener show --format=csv", 0, `http,suspended,[\d.]+,8889`},
		{"listener restart address=IP port=8889", 0, `^Done\n$`},
		{"listener restart address=IP port=8889", 0, `^Done\n$`},
		{"listener delete address=IP port=8889", 0, `^Done\n$`},
		{"listener delete address=IP port=8889", 0, `^Done\n$`},
		{"listener stop address=IP port=8889", 0, `^can't stop listener due to 'not_found'\n$`},
		{"show max_inflight_messages retry_interval --format=csv", 0, `^node,max_inflight_messages,retry_interval\r\n.*,20,20\r\n$`},
		{"show a b", 1, `^Invalid config keys: a b \n$`},
		{"set", 0, `^Usage: vmq-admin set <key>=<value>\n$`},
		{"set allow_anonymous=maybe", 1, `^Error transforming datatype for: allow_anonymous\n"maybe" is not a valid enum value, acceptable values are: on, off\n$`},
		{"set max_online_messages=5 --node=VerneMQ@192.0.2.9", 1, `^Node VerneMQ@192.0.2.9 is unreachable\n$`},
		{"set listener.tcp.default=1.2.3.4:5", 1, `^Unknown variable: listener.tcp.default\n$`},
		{"retain show --bogus", 1, `^Invalid key: "bogus"\n$`},
		{"session show --limit=0", 0, `^$`},
		{"session disconnect", 0, `client-id=<ClientId>`},
		{"metrics", 1, `^Usage: vmq-admin metrics <sub-command>`},
		{"listener frob", 1, `^Usage: vmq-admin listener <sub-command>`},
		{"node --help", 1, `^Usage: vmq-admin node <sub-command>`},
	} {
		o := r.admin(strings.Fields(strings.ReplaceAll(c.argv, "IP", w.ip(1)))...)
		if o.Exit != c.exit || !regexp.MustCompile(c.want).MatchString(o.Stdout) {
			t.Errorf("vmq-admin %s: exit %d %q, want %d %s", c.argv, o.Exit, o.Stdout, c.exit, c.want)
		}
	}
}

// Filters, fields and regular expressions of `session show`.
func TestSessionShow(t *testing.T) {
	w := newWorld(t)
	r := w.start(1)
	r.connect("alice!dev-1", true)
	r.connect("dev-2", false).leave()
	r.connect("other", true)
	until(t, "dev-2 to be offline", func() bool {
		return strings.Contains(r.admin("session", "show", "--client_id", "--is_offline", "--format=csv").Stdout, "dev-2,true")
	})
	for argv, want := range map[string]string{
		"--client_id=~dev-.* --clean_session":              "clean_session|false|true",
		"--user=alice --client_id":                         "client_id|dev-1",
		"--is_online=false --statename":                    "statename|offline",
		"--client_id=~( --node":                            "",
		"--client_id=dev-2 --peer_host --offline_messages": "offline_messages,peer_host|0,null",
		"--client_id=dev-1 --protocol --waiting_acks":      "protocol,waiting_acks|4,0",
	} {
		o := r.admin(append([]string{"session", "show", "--format=csv"}, strings.Fields(argv)...)...)
		lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(o.Stdout, "\r", "")), "\n")
		if len(lines) == 3 && lines[1] > lines[2] {
			lines[1], lines[2] = lines[2], lines[1]
		}
		if got := strings.Join(lines, "|"); got != want || o.Exit != 0 {
			t.Errorf("session show %s: exit %d %q, want %q", argv, o.Exit, got, want)
		}
	}
	r.do("Done", "session", "disconnect", "client-id=dev-2", "--cleanup")
	if out := r.admin("session", "show", "--client_id=dev-2", "--node").Stdout; out != "" {
		t.Errorf("dev-2 is still there: %s", out)
	}
}

// The seconds of a start: nothing, then ping without commands, then all.
func TestStartIsGradual(t *testing.T) {
	w := newWorld(t)
	r := w.plan(1)
	slower(t, 400*time.Millisecond, func(start time.Duration) bool {
		r.timing.Boot, r.timing.Listeners = start/10, start
		r.launch()
		early, refused := r.admin("cluster", "show"), strings.Contains(w.get(1, "/health"), "refused")
		if refused && early.Exit == 1 && early.Stdout == "Error: Usage information not found for the given command\n\n" {
			return true
		}
		t.Logf("with a start of %s: exit %d %q, /health refused %t", start, early.Exit, early.Stdout, refused)
		r.kill()
		return false
	})
	until(t, "the command line", func() bool { return r.admin("cluster", "show").Exit == 0 })
	if got := w.get(1, "/health"); got != `200 {"status":"OK"}` {
		t.Errorf("/health: %s", got)
	}
	r.stop()
	if o := r.admin("cluster", "show"); o.Exit != 1 || !strings.Contains(o.Stderr, "badarg") {
		t.Errorf("after the stop: exit %d %q", o.Exit, o.Stderr)
	}
}

// A second broker on one address gives up, as Erlang does for a name in use.
func TestTwoBrokersOfOneName(t *testing.T) {
	w := newWorld(t)
	w.start(1)
	second := *w.nodes[1]
	second.dir = t.TempDir()
	second.launch()
	select {
	case err := <-second.done:
		if err == nil || !strings.Contains(err.Error(), "distribution port") {
			t.Errorf("ended with %v", err)
		}
		second.done <- nil
	case <-time.After(patience):
		t.Error("a second broker runs")
	}
}

// An offline queue is limited.
func TestOfflineLimit(t *testing.T) {
	w := newWorld(t)
	r := w.start(1, "max_offline_messages = 4")
	c := r.connect("c", false)
	c.subscribe("q")
	c.leave()
	until(t, "c to be offline", func() bool {
		return strings.Contains(r.admin("session", "show", "--is_online", "--format=csv").Stdout, "false")
	})
	r.connect("p", true).publishAll("q", 6)
	w.counts(1, "queue_message_drop", 2)
	files, err := filepath.Glob(filepath.Join(r.dir, "data", "msgstore", "*", "*.json"))
	if err != nil || len(files) != 4 {
		t.Errorf("%d files in msgstore: %v", len(files), err)
	}
	r.connect("c", false).expect("q", 4)
	until(t, "the files to be gone", func() bool {
		left, err := filepath.Glob(filepath.Join(r.dir, "data", "msgstore", "*", "*.json"))
		return err == nil && len(left) == 0
	})
}
