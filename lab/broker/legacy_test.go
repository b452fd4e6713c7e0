package broker_test

import (
	"strings"
	"testing"
)

// 1.6.1 where it differs (domain.md 2.1 to 2.3). No run of it was at hand:
// these texts are from its source and its documentation.
func legacyPair(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	for i := 1; i <= 2; i++ {
		r := w.plan(i)
		r.version = "1.6.1"
		r.start()
	}
	return w
}

func TestLegacyAnswers(t *testing.T) {
	w := legacyPair(t)
	for _, c := range []struct {
		argv string
		want string
	}{
		{"cluster show", "+-----------------+-------+\n|      Node       |Running|\n+-----------------+-------+\n|VerneMQ@127.1.0.1| true  |\n+-----------------+-------+\n\n"},
		{"cluster show --format=json", `{"table":[{"Node":"VerneMQ@127.1.0.1","Running":true}],"type":"table"}`},
		{"listener show --format=csv", "type,status,ip,port,mountpoint,max_conns\r\nmqtt,running,127.1.0.1,1883,,10000\r\nhttp,running,127.1.0.1,8888,,10000\r\nvmq,running,127.1.0.1,44053,,10000\r\n"},
		{"cluster join discovery-node=VerneMQ@127.1.0.1", "Couldn't join cluster due to self_join\n\n"},
		{"cluster join discovery-node=VerneMQ@127.1.0.99", "Couldn't join cluster due to not_reachable\n\n"},
		{"listener restart address=127.1.0.1 port=44054", "can't restart listener due to 'not_found'\n"},
	} {
		argv := strings.Fields(strings.ReplaceAll(c.argv, "127.1.0.", w.base))
		o := w.nodes[1].admin(argv...)
		if want := strings.ReplaceAll(c.want, "127.1.0.", w.base); o.Stdout != want || o.Exit != 0 {
			t.Errorf("%s: exit %d\n%q\nwant\n%q", c.argv, o.Exit, o.Stdout, want)
		}
	}
	if got := w.get(1, "/health"); !strings.HasPrefix(got, "404") {
		t.Errorf("/health: %s", got)
	}
	if got := w.get(1, "/metrics"); !strings.Contains(got, "\ncluster_bytes_dropped{node=") {
		t.Error("metric names have a prefix")
	}
	if got := w.get(1, "/status.json"); !strings.HasPrefix(got, `200 {"`+w.name(1)+`":{`) || !strings.Contains(got, `"mystatus":{"`) {
		t.Errorf("/status.json: %s", got)
	}
}

// 1.6.1 lets a node with clients join.
func TestLegacyJoinOfANonEmptyNode(t *testing.T) {
	w := legacyPair(t)
	w.nodes[2].connect("early", true)
	w.nodes[2].do("Done", "cluster", "join", "discovery-node="+w.name(1))
	w.whole()
}

// A channel that was up and broke shows as false in 1.6, one that never came
// up as true.
func TestLegacyBrokenChannelIsFalse(t *testing.T) {
	for version, want := range map[string]string{"1.6.1": "1=T 2=F", "2.1.2": "1=T 2=T"} {
		t.Run(version, func(t *testing.T) {
			w := newWorld(t)
			for i := 1; i <= 2; i++ {
				r := w.plan(i)
				r.version = version
				r.start()
			}
			two := w.nodes[2]
			two.do("Done", "cluster", "join", "discovery-node="+w.name(1))
			w.whole()
			w.channels161(2)
			two.do("Done", "listener", "delete", "address="+w.ip(2), "port=44053")
			until(t, "node 1 to miss the channel", func() bool {
				return strings.Contains(w.nodes[1].log("console.log"), "econnrefused")
			})
			w.sees(1, want)
			w.sees(2, "1=T 2=T")
		})
	}
}

// channels161 waits for a connected data channel by the log, since 1.6 shows
// no number of connections.
func (w *world) channels161(i int) {
	w.t.Helper()
	until(w.t, "the data channel", func() bool {
		return strings.Contains(w.nodes[1].log("console.log"), "successfully connected to cluster node '"+w.name(i)+"'")
	})
}

// Without a line for it, 1.6 opens MQTT on 127.0.0.1 and 2.1 nowhere.
func TestDefaultMQTTPort(t *testing.T) {
	for version, want := range map[string]bool{"1.6.1": true, "2.1.2": false} {
		w := newWorld(t)
		r := w.plan(1)
		r.version, r.mqtt = version, ""
		r.start()
		log := r.log("error.log")
		if got := strings.Contains(log, "can't reconfigure mqtt listener({127,0,0,1}, 1883)"); got != want {
			t.Errorf("%s tries 127.0.0.1:1883: %t, want %t", version, got, want)
		}
		r.kill()
	}
}

// Passwords: CONNACK 4 for a wrong one, 5 without any.
func TestPasswords(t *testing.T) {
	w := newWorld(t)
	r := w.plan(1, "allow_anonymous = off")
	r.passwords = "bob:$6$c2FsdA==$" + hashed("secret", "salt") + "\n"
	r.start()
	for _, c := range []struct {
		user, password string
		code           byte
	}{{"bob", "secret", 0}, {"bob", "wrong", 4}, {"eve", "secret", 4}, {"", "", 5}} {
		if got := r.login(c.user, c.password); got != c.code {
			t.Errorf("%s/%s: CONNACK %d, want %d", c.user, c.password, got, c.code)
		}
	}
}
