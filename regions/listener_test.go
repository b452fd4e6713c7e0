package regions_test

import (
	"testing"

	"vmqbot/regions"
)

func TestListenerKey(t *testing.T) {
	for key, want := range map[string]string{
		"listener.tcp.default":                 "tcp default",
		"listener.vmq.clustering":              "vmq clustering",
		"listener.wss.my-own_1":                "wss my-own_1",
		"listener.tcp.max_connections":         "",
		"listener.ssl.certfile":                "",
		"listener.tcp.default.max_connections": "",
		"listener.max_connections":             "",
		"listener.udp.default":                 "",
		"listeners.tcp.default":                "",
		"nodename":                             "",
	} {
		got := ""
		if kind, name, ok := regions.ListenerKey(key); ok {
			got = kind + " " + name
		}
		if got != want {
			t.Errorf("%s is read as %q, want %q", key, got, want)
		}
	}
}

func TestListenerAddr(t *testing.T) {
	for value, want := range map[string]string{
		"0.0.0.0:1883": "0.0.0.0:1883", "127.0.0.1:65535": "127.0.0.1:65535", "[::]:1": "[::]:1", "::1:8888": "[::1]:8888",
		"0.0.0.0:0": "", "0.0.0.0:65536": "", "0.0.0.0": "", "here:1": "", "local:/run/vmq:0": "", "": "", "0.0.0.0:": "",
	} {
		got := ""
		if at, ok := regions.ListenerAddr(value); ok {
			got = at.String()
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", value, got, want)
		}
	}
}

// What the file cannot judge is VerneMQ's to judge.
func TestListenersThatAreLeftToVerneMQ(t *testing.T) {
	for _, line := range []string{
		"listener.tcp.u: 'local:/run/mqtt'", "listener.tcp.max_connections: 99999", "listener.tcp.n: 'off'",
		"listener.ssl.certfile: /etc/vernemq/c:99999", "listener.tcp.ok: '0.0.0.0:65535'",
	} {
		if _, err := regions.Load("f", []byte(small+"conf: {"+line+"}\n"), resolve); err != nil {
			t.Errorf("%s is refused: %v", line, err)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"allow_anonymous", "nodename"}
	for word, want := range map[string]string{"allow_anonymos": "allow_anonymous", "nodname": "nodename", "password": ""} {
		if got := regions.Nearest(word, known); got != want {
			t.Errorf("%s is near %q, want %q", word, got, want)
		}
	}
}

func TestIsSecret(t *testing.T) {
	for _, row := range []struct {
		key, value string
		want       bool
	}{
		{"distributed_cookie", "x", true}, {"vmq_diversity.redis.password", "x", true}, {"a.b", "http://u:p@h/", true},
		{"vmq_passwd.password_file", "/x", false}, {"a.b", "http://h/", false}, {"nodename", "VerneMQ@10.0.0.1", false},
		{"Cookie", "x", true}, {"a.api_key", "x", true}, {"a.b_token", "x", true}, {"tokens", "x", false}, {"xtoken", "x", false}, {"token.a", "x", false},
		{"a.password_hash", "x", true}, {"a.the_password", "x", true}, {"a.password_check_interval", "x", false}, {"password.a", "x", false}, {"a.password_file.b", "x", false},
	} {
		if got := regions.IsSecret(row.key, row.value); got != row.want {
			t.Errorf("%s = %s is secret: %v, want %v", row.key, row.value, got, row.want)
		}
	}
}
