package conf_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"vmqbot/conf"
	stand "vmqbot/lab/broker/conf"
	"vmqbot/regions"
)

// load reads a file as the lab's broker does.
func load(t *testing.T, text string, v conf.Version) (*stand.Config, error) {
	t.Helper()
	return stand.Load(fstest.MapFS{"vernemq.conf": {Data: []byte(text)}}, "/etc/vernemq", v.Before(2, 0))
}

// labSchema is the list of keys that 2.1.2 was seen to have.
func labSchema(t *testing.T) conf.Schema {
	t.Helper()
	src, err := os.ReadFile("../lab/broker/conf/schema.txt")
	if err != nil {
		t.Fatal(err)
	}
	var s conf.Schema
	for line := range strings.Lines(string(src)) {
		if key, _, ok := strings.Cut(line, " | "); ok && !strings.HasPrefix(line, "#") {
			s = append(s, key)
		}
	}
	return s
}

// Another reader, written against the same broker, accepts every file and
// sees no MQTT port in it that anybody outside could reach, nor one that would
// keep the gate from opening its doors.
func TestTheLabsBrokerTakesEveryFile(t *testing.T) {
	nodes := append(example(t).Nodes(), node(), node("listener.tcp.a = 0.0.0.0:1883", "listener.tcp.a.max_connections = 7"),
		node("allow_anonymous = on", "plugins.vmq_webhooks = on", "vmq_webhooks.w.hook = auth_on_register", "vmq_webhooks.w.endpoint = [http://u:p@h/]"))
	for i, n := range nodes {
		for _, v := range []conf.Version{v161, v212, none} {
			t.Run(fmt.Sprintf("%s %d %s", n.Name, i, v), func(t *testing.T) { closed(t, n, v) })
		}
	}
}

func closed(t *testing.T, n regions.Node, v conf.Version) {
	f := conf.Render(n, v)
	c, err := load(t, f.Text().Reveal(), v)
	if err != nil {
		t.Fatalf("%v\n%s", err, f.Shown())
	}
	for key, want := range plain(f.Settings) {
		if got := c.Get(key); got != want {
			t.Errorf("%s is read as %q, want %q", key, got, want)
		}
	}
	cluster := 0
	for _, l := range c.Listeners() {
		switch {
		case l.Kind == "vmq":
			cluster++
			if l.Addr() != n.ClusterAddr().String() {
				t.Errorf("the data channel is on %s", l.Addr())
			}
		case l.Kind == "http":
		case l.IP != "127.0.0.1":
			t.Errorf("%s is open on %s", l.Type(), l.Addr())
		}
		for _, d := range f.Doors {
			if int(d.At.Port()) == l.Port {
				t.Errorf("%s on %s keeps the gate from opening %s", l.Type(), l.Addr(), d)
			}
		}
	}
	if cluster != 1 || len(f.Doors) == 0 {
		t.Errorf("%d data channels, %d doors", cluster, len(f.Doors))
	}
	if stand.Raw(f.Text().Reveal(), "nodename") != n.ErlangName() || stand.Raw(f.Text().Reveal(), "distributed_cookie") != n.Cookie.Reveal() {
		t.Error("the scripts would find another name or cookie")
	}
}

// Both readers agree on the file that 2.1.2 comes with, and the keys that are
// judged by name here are ones that it has.
func TestTheSchemaKnowsWhatIsWritten(t *testing.T) {
	schema, everything := labSchema(t), stand.Without()
	for _, n := range example(t).Nodes() {
		for _, key := range conf.Render(n, v212).Settings.Keys() {
			if !schema.Knows(key) {
				t.Errorf("2.1.2 has no key %s", key)
			}
		}
	}
	for _, key := range schema {
		if kind, known := everything.Datatype(key); known && conf.RuntimeSettable(key) && kind == "address" {
			t.Errorf("%s is a listener and would be set at run time", key)
		}
		_, _, listener := regions.ListenerKey(strings.ReplaceAll(key, "*", "name"))
		if kind, _ := everything.Datatype(key); listener != (kind == "address") {
			t.Errorf("%s is of kind %s and read as a listener: %v", key, kind, listener)
		}
	}
	for _, key := range append(conf.NetsplitKeys(), "max_inflight_messages", "retry_interval", "persistent_client_expiration") {
		if !schema.Knows(key) || !conf.RuntimeSettable(key) {
			t.Errorf("%s: known %v, set at run time %v", key, schema.Knows(key), conf.RuntimeSettable(key))
		}
	}
}

// The stand-in's `set` takes every key that is set at run time here.
func TestTheLabsBrokerSetsWhatIsSettable(t *testing.T) {
	src, err := os.ReadFile("../lab/broker/admin_set.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(src), "strings.Fields(`")
	list, _, ok := strings.Cut(list, "`")
	settable := strings.Fields(list)
	if !ok || len(settable) < 10 {
		t.Fatalf("the list is not where it was: %q", list)
	}
	both := 0
	for _, key := range settable {
		if conf.RuntimeSettable(key) {
			both++
		}
	}
	for _, key := range labSchema(t) {
		if conf.RuntimeSettable(key) {
			both--
		}
	}
	if both != 0 {
		t.Errorf("%d keys are settable in one place only", both)
	}
}
