package conf_test

import (
	"errors"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"vmqbot/lab/broker/conf"
)

func load(t *testing.T, files map[string]string) (*conf.Config, error) {
	t.Helper()
	etc := fstest.MapFS{}
	for name, text := range files {
		etc[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return conf.Load(etc, "/etc/vernemq", false)
}

func good(t *testing.T, text string) *conf.Config {
	t.Helper()
	c, err := load(t, map[string]string{"vernemq.conf": text})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLastWins(t *testing.T) {
	c, err := load(t, map[string]string{
		"vernemq.conf":      "# comment\n\nnodename = VerneMQ@10.0.0.1\n  max_inflight_messages=10\nmax_inflight_messages = 20 # twice\ninclude conf.d/*.conf\n",
		"conf.d/10-a.conf":  "max_online_messages = 7\n",
		"conf.d/20-b.conf":  "max_online_messages = 8\n",
		"conf.d/ignored.md": "nonsense\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"nodename": "VerneMQ@10.0.0.1", "max_inflight_messages": "20", "max_online_messages": "8",
		"outgoing_clustering_buffer_size": "10000", "distributed_cookie": "vmq", "no.such.key": "",
	} {
		if got := c.Get(key); got != want {
			t.Errorf("%s = %q, want %q", key, got, want)
		}
	}
	if c.Int("max_inflight_messages", 0) != 20 || c.Int("nodename", 5) != 5 || c.Flag("allow_anonymous") || !c.Flag("plugins.vmq_acl") {
		t.Error("typed values are wrong")
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"allow_anonymos = on", "Conf file attempted to set unknown variable: allow_anonymos"},
		{"allow_anonymous = yes", `"yes" is not a valid enum value, acceptable values are: on, off`},
		{"max_inflight_messages = lots", `"lots" cannot be converted to a(n) integer`},
		{"metadata_plugin = other", `"other" is not a valid enum value, acceptable values are: vmq_swc, vmq_plumtree`},
		{"listener.tcp.default = here", `"here" cannot be converted to an IP`},
		{"a = b\n\nwhat is this", "Syntax error in /etc/vernemq/vernemq.conf after line 3 column 1, parsing incomplete"},
		{"two words = x", "Syntax error in /etc/vernemq/vernemq.conf after line 1 column 1, parsing incomplete"},
		{"listener.a.b.c.d = 1", "Conf file attempted to set unknown variable: listener.a.b.c.d"},
	} {
		_, err := load(t, map[string]string{"vernemq.conf": c.text + "\n"})
		var p *conf.Problem
		if !errors.As(err, &p) || p.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
	if _, err := load(t, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a file: %v", err)
	}
	if c := good(t, "listener.tcp.a = 0.0.0.0:99999\nvmq_webhooks.w1.hook = auth_on_register\nplugins.mine = on\n"); c.Get("plugins.mine") != "on" {
		t.Error("chosen names are not kept")
	}
}

func TestSuggestions(t *testing.T) {
	_, err := load(t, map[string]string{"vernemq.conf": "allow_anonymos = on\n"})
	var p *conf.Problem
	if !errors.As(err, &p) || len(p.Lines) != 7 || p.Lines[2] != "allow_anonymous" {
		t.Errorf("%v", err)
	}
}

func TestListeners(t *testing.T) {
	text := "listener.vmq.clustering = 10.0.0.1:44053\nlistener.tcp.default = 0.0.0.0:1883\nlistener.tcp.b = 0.0.0.0:1889\n" +
		"listener.tcp.max_connections = 50\nlistener.tcp.b.max_connections = 7\nlistener.ssl.s = localhost:8883\n"
	var got []string
	for _, l := range good(t, text).Listeners() {
		got = append(got, l.Type()+" "+l.Name+" "+l.Addr())
		if want := map[string]int{"b": 7, "default": 50, "clustering": 10000, "s": 10000}[l.Name]; l.Kind == "tcp" && l.MaxConns != want {
			t.Errorf("%s: %d connections, want %d", l.Name, l.MaxConns, want)
		}
	}
	want := []string{"mqtt b 0.0.0.0:1889", "mqtt default 0.0.0.0:1883", "mqtts s 127.0.0.1:8883",
		"http default 127.0.0.1:8888", "vmq clustering 10.0.0.1:44053"}
	if !slices.Equal(got, want) {
		t.Errorf("listeners %v, want %v", got, want)
	}
	legacy, err := conf.Load(fstest.MapFS{"vernemq.conf": {}}, "/etc", true)
	if err != nil || legacy.Listeners()[0].Addr() != "127.0.0.1:1883" {
		t.Errorf("1.6 opens MQTT by default: %v %v", legacy.Listeners(), err)
	}
}

func TestRawSeesNoConfD(t *testing.T) {
	text := "nodename = VerneMQ@10.0.0.1\n#nodename = no\ndistributed_cookie=a\ndistributed_cookie = b\n"
	if got := conf.Raw(text, "nodename"); got != "VerneMQ@10.0.0.1" {
		t.Errorf("nodename %q", got)
	}
	if got := conf.Raw(text, "distributed_cookie"); got != "b" {
		t.Errorf("cookie %q", got)
	}
	if got := conf.Raw(text, "other"); got != "" {
		t.Errorf("other %q", got)
	}
}

func TestLoadLooseShowsUnknownKeys(t *testing.T) {
	c, err := conf.LoadLoose(fstest.MapFS{"vernemq.conf": {Data: []byte("no_such = 1\n")}}, "/etc", false)
	if err != nil || !slices.Contains(c.Effective(), conf.Entry{Key: "no_such", Value: "1"}) {
		t.Errorf("%v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("nodename = a@b\n")
	f.Add("listener.tcp.x = 1.2.3.4:5\nmax_inflight_messages=")
	f.Add("=\n. = ..\n#\n\x00 = 1")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := conf.Load(fstest.MapFS{"vernemq.conf": {Data: []byte(text)}}, "/etc", false)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		c.Effective()
		c.Listeners()
	})
}
