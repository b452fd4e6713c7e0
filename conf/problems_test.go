package conf_test

import (
	"slices"
	"strings"
	"testing"

	"vmqbot/conf"
	"vmqbot/regions"
)

// usual are the things that people are told of a node that is otherwise good.
const pin = "metadata_plugin is not in the fleet file, so an image of 1.12 or later on older data would read none of it. " +
	"Write metadata_plugin: vmq_plumtree or vmq_swc under conf, whichever the cluster has."

const asked = "VerneMQ of this image will be asked before anything stops."

// pinned is a node with nothing to be told.
func pinned(settings ...string) regions.Node {
	return node(append([]string{"metadata_plugin = vmq_swc", "distributed_cookie = [" + hush + "]"}, settings...)...)
}

func with(n regions.Node, change func(*regions.Node)) regions.Node {
	change(&n)
	return n
}

func TestProblems(t *testing.T) {
	schema := labSchema(t)
	for _, row := range []struct {
		name string
		n    regions.Node
		v    conf.Version
		want []string // "!" before what stops
	}{
		{"nothing", pinned(), v212, nil},
		{"the store is not pinned", with(pinned(), func(n *regions.Node) { delete(n.Conf, "metadata_plugin") }), v212, []string{pin}},
		{"no cookie", node("metadata_plugin = vmq_swc", "distributed_cookie = vmq"), v212, []string{
			"distributed_cookie is VerneMQ's default, and whoever reaches the cluster's ports knows it. Write distributed_cookie: ${env:NAME} under conf."}},
		{"another host's address", pinned("listener.http.default = 10.0.0.2:8888"), v212, []string{
			"!listener.http.default is 10.0.0.2:8888, which is no address of cn-1; VerneMQ would start and nothing would listen. Write 0.0.0.0, 127.0.0.1 or 10.0.0.1."}},
		{"a port out of range", pinned("listener.http.default = 127.0.0.1:99999"), v212, []string{
			"!listener.http.default is 127.0.0.1:99999, where nothing can listen. Write ADDRESS:PORT with a port from 1 to 65535, as 0.0.0.0:1883."}},
		{"a secret where nothing can listen", pinned("listener.http.default = [" + hush + "]"), v212, []string{
			"!listener.http.default is [redacted], where nothing can listen. Write ADDRESS:PORT with a port from 1 to 65535, as 0.0.0.0:1883."}},
		{"two on one port", pinned("listener.http.x = 10.0.0.1:9999", "listener.http.y = 0.0.0.0:9999"), v212, []string{
			"!listener.http.x and listener.http.y both listen on 0.0.0.0:9999. Give each listener a port of its own."}},
		{"one port, two addresses", pinned("listener.http.x = 10.0.0.1:9999", "listener.http.y = 127.0.0.1:9999"), v212, nil},
		{"on the data channel's port", pinned("listener.http.default = 0.0.0.0:44053"), v212, []string{
			"!listener.http.default is on 44053, which is the data channel's. Choose another port."}},
		{"on the port mapper's", pinned("listener.http.default = 127.0.0.1:4369"), v212, []string{
			"!listener.http.default is on 4369, which is that of Erlang's port mapper. Choose another port."}},
		{"a second data channel everywhere", pinned("listener.vmqs.c = 0.0.0.0:44054"), v212, []string{
			"!listener.vmqs.c is 0.0.0.0:44054, and every peer that dials it reaches itself, so no message crosses while cluster show is true. Write 10.0.0.1:44053."}},
		{"two data channels on one port", pinned("listener.vmqs.c = 10.0.0.1:44053"), v212, []string{
			"!listener.vmq.clustering and listener.vmqs.c both listen on 10.0.0.1:44053. Give each listener a port of its own."}},
		{"an unknown key, nearly", pinned("max_inflight_mesages = 5"), v212, []string{
			"max_inflight_mesages is not among the keys that are known for 2.1.2. Did you mean max_inflight_messages? " + asked}},
		{"an unknown key with a chosen word", pinned("vmq_webhooks.mine.endpont = x"), v212, []string{
			"vmq_webhooks.mine.endpont is not among the keys that are known for 2.1.2. Did you mean vmq_webhooks.mine.endpoint? " + asked}},
		{"an unknown key, far", pinned("nobody.knows.this = 5"), v212, []string{
			"nobody.knows.this is not among the keys that are known for 2.1.2. Look it up; " + asked}},
		{"yes", pinned("allow_anonymous = yes"), v212, []string{"!allow_anonymous is yes, and VerneMQ takes on and off only. Write on or off."}},
		{"true", pinned("plugins.vmq_acl = true"), v212, []string{"!plugins.vmq_acl is true, and VerneMQ takes on and off only. Write on or off."}},
		{"a plugin's path is no flag", pinned("plugins.mine.path = /x", "plugins.mine = on"), v212, nil},
		{"what the gate cannot keep closed", pinned("listener.ws.w = 0.0.0.0:8080"), v212, []string{
			"listener.ws.w opens as soon as the broker starts: clients may be refused their subscriptions, and can reach a node that has not joined. " +
				"Know it before you deploy; plain TCP without settings of its own is opened by the gate instead."}},
		{"a published port that nobody serves", with(pinned("listener.tcp.a = 0.0.0.0:1883"), func(n *regions.Node) { n.Ports = []int{1883, 1889, 4369} }), v212, []string{
			"port 1889 is published and nothing listens there. Write a listener for it, or take it out of container.ports."}},
		{"Erlang's own ports are published", with(pinned("erlang.distribution.port_range.minimum = 9100", "erlang.distribution.port_range.maximum = 9109"),
			func(n *regions.Node) { n.Ports = []int{1883, 9100, 9109, 9110} }), v212, []string{
			"port 9110 is published and nothing listens there. Write a listener for it, or take it out of container.ports."}},
		{"a published port on the wrong address", with(pinned("listener.tcp.a = 10.0.0.1:1883"), func(n *regions.Node) { n.Ports = []int{1883, 44053} }), v212, []string{
			"listener.tcp.a is 10.0.0.1:1883, and Docker sends what arrives for the published port to another address of the container. Write 0.0.0.0, or take the port out of container.ports."}},
		{"no MQTT at all", with(pinned(), func(n *regions.Node) { n.Ports = nil }), v212, []string{
			"cn-1 has no MQTT listener. Write 1883 into container.ports, or a listener.tcp under conf."}},
		{"options of nothing", pinned("listener.tcp.x.mountpoint = m", "listener.tcp.x.max_connections = 5"), v161, []string{
			"!listener.tcp.x.max_connections is set for a listener that is not there. Write listener.tcp.x = ADDRESS:PORT as well, or remove the line."}},
		{"options of nothing are nothing in 2.1", pinned("listener.tcp.name.allow_anonymous_override = off"), v212, []string{
			"listener.tcp.name.allow_anonymous_override is set for a listener that is not there. Write listener.tcp.name = ADDRESS:PORT as well, or remove the line."}},
		{"what stops comes first", pinned("nobody.knows.this = 5", "allow_anonymous = yes"), v212, []string{
			"!allow_anonymous is yes, and VerneMQ takes on and off only. Write on or off.",
			"nobody.knows.this is not among the keys that are known for 2.1.2. Look it up; " + asked}},
	} {
		t.Run(row.name, func(t *testing.T) { checkProblems(t, conf.Problems(row.n, row.v, schema), row.want) })
	}
}

func checkProblems(t *testing.T, ps []conf.Problem, want []string) {
	t.Helper()
	var got []string
	for _, p := range ps {
		mark := ""
		if p.Stops {
			mark = "!"
		}
		got = append(got, mark+p.String())
		if strings.Contains(p.String(), hush) {
			t.Errorf("a secret stands in %s", p)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if conf.Stops(ps) != slices.ContainsFunc(want, func(s string) bool { return s[0] == '!' }) {
		t.Errorf("stops: %v", conf.Stops(ps))
	}
}

func TestProblemsOfVersions(t *testing.T) {
	vendor := func(image string) func(*regions.Node) { return func(n *regions.Node) { n.Image = image } }
	const built = "accept_eula is a key of VerneMQ's own packages from 1.10 on; one that is built from source refuses to start with it. " +
		"Remove the line unless the image holds VerneMQ's own package."
	for _, row := range []struct {
		name string
		n    regions.Node
		v    conf.Version
		want []string
	}{
		{"too new a key", pinned("vmq_swc.prevent_nonempty_join = off"), v161, []string{
			"vmq_swc.prevent_nonempty_join exists from VerneMQ 2.0.0 on, and this is 1.6.1. Remove the line until every node runs it."}},
		{"new enough", pinned("vmq_swc.prevent_nonempty_join = off", "http_module.vmq_http_mgmt_api.auth.mode = noauth"), v212, nil},
		{"too old a key", pinned("allow_multiple_sessions = off"), v212, []string{
			"allow_multiple_sessions is gone since VerneMQ 2.0.0, and this is 2.1.2. Remove the line."}},
		{"old enough", pinned("allow_multiple_sessions = off"), v161, nil},
		{"nobody knows the version", pinned("allow_multiple_sessions = off", "prometheus_namespace = x"), none, nil},
		{"the license of one's own build", pinned("accept_eula = yes"), v212, []string{built}},
		{"the license before there was one", with(pinned("accept_eula = yes"), vendor("vernemq/vernemq:1.9.2")), conf.Version{Major: 1, Minor: 9, Patch: 2}, []string{built}},
		{"the license that is wanted", with(pinned(), vendor("mirror.example.net/vernemq/vernemq:2.1.2")), v212, []string{
			"mirror.example.net/vernemq/vernemq:2.1.2 is VerneMQ's own image, which stops without accept_eula. Write accept_eula: yes under conf when you have a subscription."}},
		{"the license that is there", with(pinned("accept_eula = yes"), vendor("vernemq/vernemq:2.1.2")), v212, nil},
	} {
		t.Run(row.name, func(t *testing.T) { checkProblems(t, conf.Problems(row.n, row.v, nil), row.want) })
	}
}

// The example of the docs has nothing to be told.
func TestTheExampleHasNoProblems(t *testing.T) {
	for _, n := range example(t).Nodes() {
		for _, v := range []conf.Version{v161, v212} {
			checkProblems(t, conf.Problems(n, v, labSchema(t)), nil)
		}
	}
}
