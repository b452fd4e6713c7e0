package conf_test

import (
	"fmt"
	"strings"
	"testing"

	"vmqbot/conf"
	"vmqbot/secret"
)

func TestDiff(t *testing.T) {
	for _, row := range []struct {
		name                  string
		have, want            []string
		shown                 string
		restart, stops, flips bool
	}{
		{"nothing", []string{"a = 1"}, []string{"# other comment", "a=1 # x"}, "", false, false, false},
		{"another value", []string{"a = 1"}, []string{"a = 2"}, "- a = 1\n+ a = 2", true, false, false},
		{"come and gone", []string{"a = 1"}, []string{"b = 2"}, "- a = 1\n+ b = 2", true, false, false},
		{"a switch", []string{"allow_publish_during_netsplit = off"}, []string{"allow_publish_during_netsplit = on"},
			"- allow_publish_during_netsplit = off\n+ allow_publish_during_netsplit = on", false, false, false},
		{"a switch that comes", nil, []string{"allow_register_during_netsplit = on"}, "+ allow_register_during_netsplit = on", false, false, false},
		{"a switch that goes", []string{"allow_register_during_netsplit = on"}, nil, "- allow_register_during_netsplit = on", true, false, false},
		{"a cookie", []string{"distributed_cookie = " + hush}, []string{"distributed_cookie = other" + hush},
			"- distributed_cookie = [redacted]\n+ distributed_cookie = [redacted] (another)", true, true, false},
		{"the cookie that was the default", nil, []string{"distributed_cookie = vmq"}, "+ distributed_cookie = [redacted]", true, false, false},
		{"a cookie that comes", nil, []string{"distributed_cookie = " + hush}, "+ distributed_cookie = [redacted]", true, true, false},
		{"a login that comes into a URL", []string{"w.endpoint = http://h/"}, []string{"w.endpoint = http://u:" + hush + "@h/"},
			"- w.endpoint = [redacted]\n+ w.endpoint = [redacted] (another)", true, false, false},
		{"a name", []string{"nodename = VerneMQ@10.0.0.1"}, []string{"nodename = VerneMQ@10.0.0.2"},
			"- nodename = VerneMQ@10.0.0.1\n+ nodename = VerneMQ@10.0.0.2", true, true, false},
		{"another store", []string{"metadata_plugin = vmq_plumtree"}, []string{"metadata_plugin = vmq_swc"},
			"- metadata_plugin = vmq_plumtree\n+ metadata_plugin = vmq_swc", true, false, true},
		{"an include that goes", []string{"a = 1", "include conf.d/*.conf"}, []string{"a = 1"}, "- include conf.d/*.conf", true, false, false},
		{"in the order of the file", []string{"z = 1", "nodename = a@b", "listener.ws.w = 0.0.0.0:1", "log.console = file"}, nil,
			"- nodename = a@b\n- listener.ws.w = 0.0.0.0:1\n- z = 1\n- log.console = file", true, true, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			have, want := settings(t, row.have...), settings(t, row.want...)
			cs := conf.Diff(have, want)
			var shown []string
			for _, c := range cs {
				shown = append(shown, c.String())
			}
			if got := strings.Join(shown, "\n"); got != row.shown {
				t.Errorf("got\n%s\nwant\n%s", got, row.shown)
			}
			if conf.NeedsRestart(cs) != row.restart || conf.NeedsIdentity(cs) != row.stops {
				t.Errorf("restart %v, identity %v, want %v, %v", conf.NeedsRestart(cs), conf.NeedsIdentity(cs), row.restart, row.stops)
			}
			if got := conf.FlipsMetadata(have, v212, want, v212); got != row.flips {
				t.Errorf("flips the store: %v", got)
			}
			if text := fmt.Sprintf("%v %+v %#v", cs, cs, cs); strings.Contains(text, hush) {
				t.Errorf("it prints %s", text)
			}
			if len(conf.Diff(want, want)) != 0 {
				t.Error("a file differs from itself")
			}
		})
	}
	if len(conf.Diff(conf.Settings{}, conf.Settings{})) != 0 {
		t.Error("nothing differs from nothing")
	}
}

// A word that the fleet file hides stays hidden although the file on the host
// does not know that.
func TestWhatOneSideHidesIsHidden(t *testing.T) {
	have := settings(t, "vmq_diversity.mysql.host = "+hush)
	want := conf.Settings{Words: map[string]secret.Word{"vmq_diversity.mysql.host": secret.Hidden("other")}}
	for _, cs := range [][]conf.Change{conf.Diff(have, want), conf.Diff(want, have)} {
		if len(cs) != 1 || strings.Contains(cs[0].String(), hush) || strings.Contains(cs[0].String(), "other\n") {
			t.Errorf("%v", cs)
		}
	}
}

// The store that holds the data is what counts, said or not.
func TestFlipsMetadata(t *testing.T) {
	nothing, plumtree, swc := settings(t), settings(t, "metadata_plugin = vmq_plumtree"), settings(t, "metadata_plugin = vmq_swc")
	for _, row := range []struct {
		name       string
		have, want conf.Settings
		was, is    conf.Version
		flips      bool
	}{
		{"an upgrade that lets VerneMQ choose", nothing, nothing, v161, v212, true},
		{"an upgrade that pins", nothing, plumtree, v161, v212, false},
		{"a pin that says the default", nothing, plumtree, v161, v161, false},
		{"a pin against what is there", nothing, plumtree, v212, v212, true},
		{"a version that nobody knows", nothing, swc, none, v212, false},
		{"a version that nobody knows, and both say", plumtree, swc, none, none, true},
	} {
		if got := conf.FlipsMetadata(row.have, row.was, row.want, row.is); got != row.flips {
			t.Errorf("%s: %v, want %v", row.name, got, row.flips)
		}
	}
}

// What a fleet renders differs from itself in nothing, and from a node of the
// runbook in what a person would expect to see.
func TestAdoption(t *testing.T) {
	n := example(t).Nodes()[0]
	want := conf.Render(n, v161).Settings
	old := settings(t, "nodename = VerneMQ@10.0.0.1", "distributed_cookie = "+hush, "listener.vmq.clustering = 10.0.0.1:44053",
		"listener.http.default = 127.0.0.1:8888", "allow_anonymous = off", "allow_register_during_netsplit = on",
		"allow_publish_during_netsplit = on", "allow_subscribe_during_netsplit = on", "allow_unsubscribe_during_netsplit = on",
		"listener.tcp.default = 0.0.0.0:1883", "log.console = file", "plugins.vmq_webhooks = on", "vmq_webhooks.webhook1.hook = auth_on_register",
		"vmq_webhooks.webhook1.endpoint = http://auth.example.net/vernemq/auth_on_register",
		"vmq_webhooks.webhook4.hook = on_client_gone", "vmq_webhooks.webhook4.endpoint = http://gone.example.net/")
	var shown []string
	cs := conf.Diff(old, want)
	for _, c := range cs {
		shown = append(shown, c.String())
	}
	if got := strings.Join(shown, "\n"); got != `- listener.tcp.default = 0.0.0.0:1883
+ listener.tcp.default = 127.0.0.1:18830
+ erlang.distribution.port_range.maximum = 9109
+ erlang.distribution.port_range.minimum = 9100
+ metadata_plugin = vmq_plumtree
+ outgoing_clustering_buffer_size = 16777216
+ plugins.vmq_acl = off
+ plugins.vmq_passwd = off
+ vmq_webhooks.webhook2.endpoint = http://auth.example.net/vernemq/auth_on_subscribe
+ vmq_webhooks.webhook2.hook = auth_on_subscribe
+ vmq_webhooks.webhook3.endpoint = http://auth.example.net/vernemq/auth_on_publish
+ vmq_webhooks.webhook3.hook = auth_on_publish
- vmq_webhooks.webhook4.endpoint = http://gone.example.net/
- vmq_webhooks.webhook4.hook = on_client_gone
- log.console = file
+ log.console = console` {
		t.Errorf("got\n%s", got)
	}
	if conf.NeedsIdentity(cs) || !conf.NeedsRestart(cs) || conf.FlipsMetadata(old, v161, want, v161) {
		t.Error("it needs something else")
	}
}
