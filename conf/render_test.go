package conf_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"vmqbot/conf"
	"vmqbot/regions"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The example fleet as it is written for each version; what follows the last
// line is what the gate reads.
func TestGolden(t *testing.T) {
	for _, v := range []conf.Version{v161, v212, v220, none} {
		for _, n := range example(t).Nodes() {
			if n.Name != "cn-1" && v != v161 {
				continue // they differ by their address only
			}
			f := conf.Render(n, v)
			got := f.Shown() + "-- listeners --\n" + f.Listeners()
			name := "testdata/" + n.Name + "-" + strings.ReplaceAll(v.String(), " ", "-") + ".conf"
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s (go test -update writes it anew): got\n%s", name, got)
			}
		}
	}
}

// rendered is what a table says of a file: some settings ("" for none), doors
// and what opens early.
type rendered struct {
	name  string
	node  regions.Node
	v     conf.Version
	has   map[string]string
	doors string
	early string
}

func TestRender(t *testing.T) {
	const v2, v1 = " --allowed_protocol_versions=3,4,5,131", " --allowed_protocol_versions=3,4,131"
	quiet := node()
	quiet.Ports = []int{44053}
	two := node("listener.ws.w = 0.0.0.0:1889")
	for _, row := range []rendered{
		{"the runbook's ports", node(), v212, map[string]string{
			"nodename": "VerneMQ@10.0.0.1", "listener.vmq.clustering": "10.0.0.1:44053", "listener.http.default": "127.0.0.1:8888",
			"outgoing_clustering_buffer_size": "16777216", "metadata_plugin": "vmq_swc", "log.console": "console",
			"distributed_cookie": hush, "listener.tcp.default": "", "vmq_swc.prevent_nonempty_join": "", "accept_eula": "",
		}, "0.0.0.0 1883" + v2 + "|0.0.0.0 1889" + v2 + "|0.0.0.0 1900" + v2, ""},
		{"1.x opens a port by itself", node(), v161, map[string]string{"listener.tcp.default": "127.0.0.1:18830", "metadata_plugin": "vmq_plumtree"},
			"0.0.0.0 1883" + v1 + "|0.0.0.0 1889" + v1 + "|0.0.0.0 1900" + v1, ""},
		{"2.2 buffers more by itself", node(), v220, map[string]string{"outgoing_clustering_buffer_size": ""},
			"0.0.0.0 1883" + v2 + "|0.0.0.0 1889" + v2 + "|0.0.0.0 1900" + v2, ""},
		{"an unknown version", node(), none, map[string]string{
			"metadata_plugin": "", "outgoing_clustering_buffer_size": "16777216", "listener.tcp.default": "127.0.0.1:18830",
		}, "0.0.0.0 1883" + v2 + "|0.0.0.0 1889" + v2 + "|0.0.0.0 1900" + v2, ""},
		{"the fleet file is over what is usual", node("metadata_plugin = vmq_plumtree", "outgoing_clustering_buffer_size = 5", "log.console = both",
			"listener.http.default = 0.0.0.0:8888", "listener.tcp.default = 0.0.0.0:2883"), v212, map[string]string{
			"metadata_plugin": "vmq_plumtree", "outgoing_clustering_buffer_size": "5", "log.console": "both",
			"listener.http.default": "0.0.0.0:8888", "listener.tcp.default": "",
		}, "0.0.0.0 2883" + v2, ""},
		{"no MQTT port is published", quiet, v212, map[string]string{"listener.tcp.default": ""}, "", ""},
		{"another listener has the port", two, v212, map[string]string{"listener.ws.w": "0.0.0.0:1889", "listener.tcp.b": ""},
			"0.0.0.0 1883" + v2 + "|0.0.0.0 1900" + v2, "listener.ws.w"},
		{"settings that go with the door", node("listener.tcp.a = 0.0.0.0:1883", "listener.tcp.a.max_connections = 7", "listener.tcp.a.mountpoint = m",
			"listener.tcp.max_connections = 9", "listener.max_connections = 11", "listener.tcp.allowed_protocol_versions = 3, 4", "listener.nr_of_acceptors = 20"), v212,
			map[string]string{"listener.tcp.a": "", "listener.tcp.a.max_connections": "", "listener.tcp.a.mountpoint": "", "listener.tcp.max_connections": "9"},
			"0.0.0.0 1883 --allowed_protocol_versions=3,4 --max_connections=7 --mountpoint=m --nr_of_acceptors=20", ""},
		{"-1 is the kind's, off is none", node("listener.tcp.a = 0.0.0.0:1883", "listener.tcp.a.max_connections = -1", "listener.tcp.a.proxy_protocol = off",
			"listener.tcp.max_connections = infinity"), v212, nil,
			"0.0.0.0 1883" + v2 + " --max_connections=infinity", ""},
		{"a setting that the gate cannot carry", node("listener.tcp.a = 0.0.0.0:1883", "listener.tcp.a.buffer_sizes = 1,2,3", "listener.tcp.b = 0.0.0.0:1889"), v212,
			map[string]string{"listener.tcp.a": "0.0.0.0:1883", "listener.tcp.a.buffer_sizes": "1,2,3", "listener.tcp.b": ""},
			"0.0.0.0 1889" + v2, "listener.tcp.a"},
		{"a setting of all that the gate cannot carry", node("listener.tcp.a = 0.0.0.0:1883", "listener.tcp.proxy_protocol = on"), v161,
			map[string]string{"listener.tcp.a": "0.0.0.0:1883", "listener.tcp.default": ""}, "", "listener.tcp.a"},
		{"a mountpoint that a shell would read", node("listener.tcp.a = 0.0.0.0:1883", "listener.tcp.a.mountpoint = $(x) *"), v212,
			map[string]string{"listener.tcp.a": "0.0.0.0:1883"}, "", "listener.tcp.a"},
		{"the spare port is taken", node("listener.http.h = 127.0.0.1:18830", "listener.ws.w = 0.0.0.0:18831"), v161,
			map[string]string{"listener.tcp.default": "127.0.0.1:18832"}, "0.0.0.0 1883" + v1 + "|0.0.0.0 1889" + v1 + "|0.0.0.0 1900" + v1, "listener.ws.w"},
	} {
		t.Run(row.name, func(t *testing.T) { checkRendered(t, row) })
	}
}

func checkRendered(t *testing.T, row rendered) {
	f := conf.Render(row.node, row.v)
	got := plain(f.Settings)
	for key, want := range row.has {
		if got[key] != want {
			t.Errorf("%s = %q, want %q", key, got[key], want)
		}
	}
	var early []string
	for _, l := range f.Early {
		early = append(early, l.Key)
	}
	if doors := strings.ReplaceAll(strings.TrimSpace(f.Listeners()), "\n", "|"); doors != row.doors {
		t.Errorf("doors %q, want %q", doors, row.doors)
	}
	if strings.Join(early, " ") != row.early {
		t.Errorf("early %q, want %q", early, row.early)
	}
	back, err := conf.Parse(f.Text().Reveal())
	if err != nil || !maps.Equal(plain(back), got) {
		t.Errorf("read again it is %v, %v", plain(back), err)
	}
}

func TestBuffer(t *testing.T) {
	for _, row := range []struct {
		n    regions.Node
		v    conf.Version
		want int
	}{
		{node(), v161, 16 << 20}, {node(), v212, 16 << 20}, {node(), v220, 64 << 20}, {node(), none, 16 << 20},
		{node("outgoing_clustering_buffer_size = 10000"), v220, 10_000}, {node("outgoing_clustering_buffer_size = lots"), v212, 0},
	} {
		if got := conf.Render(row.n, row.v).Buffer; got != row.want {
			t.Errorf("%s %v: %d bytes, want %d", row.v, row.n.Conf, got, row.want)
		}
	}
}

func TestNothingOfAFilePrintsItsSecrets(t *testing.T) {
	f := conf.Render(node("vmq_webhooks.w.endpoint = [http://u:"+hush+"@h/]", "a.password = ["+hush+"]"), v212)
	for _, text := range []string{f.Shown(), f.Listeners(), f.Digest(), fmt.Sprintf("%v %+v %#v", f, f, f), fmt.Sprint(f.Text())} {
		if strings.Contains(text, hush) {
			t.Errorf("a secret stands in\n%s", text)
		}
	}
	if !strings.Contains(f.Text().Reveal(), "distributed_cookie = "+hush+"\n") {
		t.Error("the file itself lacks the cookie")
	}
	if strings.Count(f.Shown(), "= [redacted]\n") != 3 {
		t.Errorf("not every secret is shown as one:\n%s", f.Shown())
	}
}

// Everything that a node would do otherwise makes another digest, and nothing
// else does.
func TestDigest(t *testing.T) {
	base := conf.Render(node(), v212).Digest()
	other := node()
	other.Name = "cn-2"
	for name, n := range map[string]regions.Node{
		"a setting": node("allow_anonymous = on"), "a cookie": node("distributed_cookie = [other]"),
		"a door": node("listener.tcp.default = 0.0.0.0:1884"), "a flag of a door": node("listener.tcp.default = 0.0.0.0:1883", "listener.tcp.default.mountpoint = m"),
		"a name": other,
	} {
		if conf.Render(n, v212).Digest() == base {
			t.Errorf("%s makes no other digest", name)
		}
	}
	again := node()
	slices.Reverse(again.Ports)
	if conf.Render(again, v212).Digest() != base || len(base) != 64 {
		t.Errorf("the same plan has another digest, or none: %s", base)
	}
}
