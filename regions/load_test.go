package regions_test

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/regions"
	"vmqbot/secret"
)

// fakeSecret is what every reference of the tests stands for.
const fakeSecret = "s3cr3t-v4lue"

// resolve stands in for cmd/bot: two variables are set and one file is there.
func resolve(kind, ref string) (string, error) {
	switch {
	case kind == "env" && slices.Contains([]string{"VERNEMQ_COOKIE", "VMQBOT_MQTT_PASSWORD", "WEAVE_PASSWORD", "PAGERDUTY_ROUTING_KEY", "ALERTMANAGER_PASSWORD", "TICKETS_SECRET"}, ref):
		return fakeSecret, nil
	case kind == "env" && ref == "HOOK_URL":
		return "https://hooks.example.net/T01/hunter2", nil
	case kind == "env" && ref == "LINES":
		return "two\nlines", nil
	case kind == "env" && ref == "EMPTY":
		return "", nil
	case kind == "env" && ref == "HASH":
		return fakeSecret + "#1", nil
	case kind == "file" && ref == "/run/secrets/cookie":
		return fakeSecret + "\n", nil
	}
	return "", errors.New("it is not set")
}

func mustLoad(t *testing.T, src string) *regions.Fleet {
	t.Helper()
	f, err := regions.Load("fleet.yaml", []byte(src), resolve)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestExampleIsTheRunbooksFleet(t *testing.T) {
	f := mustLoad(t, regions.Example)
	var got []string
	for _, n := range f.Nodes() {
		got = append(got, fmt.Sprintln(n.Region, n.Name, n.Host, n.Container, n.Address, n.ErlangName(), n.ClusterAddr(), n.Image))
	}
	want := []string{
		"cn cn-1 203.0.113.10 vernemq-release-cn-1 10.0.0.1/24 VerneMQ@10.0.0.1 10.0.0.1:44053 airdroid/vernemq:1.6.1\n",
		"sg sg-1 203.0.113.20 vernemq-release-sg-1 10.0.0.2/24 VerneMQ@10.0.0.2 10.0.0.2:44053 airdroid/vernemq:1.6.1\n",
		"us us-1 203.0.113.30 vernemq-release-us-1 10.0.0.3/24 VerneMQ@10.0.0.3 10.0.0.3:44053 airdroid/vernemq:1.6.1\n",
		"eu eu-1 eu-1.example.net vernemq-release-eu-1 10.0.0.4/24 VerneMQ@10.0.0.4 10.0.0.4:44053 airdroid/vernemq:1.6.1\n",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
	whole := []struct {
		what      string
		got, want any
	}{
		{"cluster", f.Cluster, "release"},
		{"relay", f.Relay, "hk.example.net"},
		{"network", f.Network, regions.Network{
			Driver: "weave", Subnet: netip.MustParsePrefix("10.0.0.0/24"), Password: secret.New(fakeSecret), Range: netip.MustParsePrefix("10.32.0.0/12"), MTU: 1376, Kit: "~/weave-2.8.1",
		}},
		{"the mesh's password", f.Network.Password.Reveal(), fakeSecret},
		{"peers", f.Nodes()[0].Peer + " " + f.Nodes()[3].Peer, "203.0.113.10 203.0.113.40"},
		{"title", f.Regions[0].Title, "China"},
		{"slack", f.Slack, regions.Slack{Channel: "C0123", Team: "T01", Alerts: map[string]string{"eu": "C0EUROPE"}}},
		{"roles", fmt.Sprint(f.Roles), "map[admin:[U0ANA] operator:[S0ONCALL] viewer:[S0EVERYONE]]"},
		{"approval", fmt.Sprint(f.Approval), "map[deploy:{[S0ONCALL] 1 30m0s map[cn:{[S0ONCALL U0ANA] 2 30m0s map[]}]}]"},
		{"checks", fmt.Sprint(f.Checks), "{30s map[ip:auto] [one.one.one.one:443 dns.google:443 www.debian.org:443] {3 7 30s} https://git.example.net/vmqbot/docs/runbooks/checks.md 4}"},
		{"rolling", f.Rolling.Canary, "cn"},
		{"store", f.Store, "~/.local/state/vmqbot/release.db"},
		{"probe", fmt.Sprint(f.MQTT.Port, f.MQTT.Username, f.MQTT.Topic, f.MQTT.Timeout), "1883vmqbotvmqbot/probe5s"},
		{"password", f.MQTT.Password.Reveal(), fakeSecret},
	}
	for _, w := range whole {
		if fmt.Sprint(w.got) != fmt.Sprint(w.want) {
			t.Errorf("%s is %v, want %v", w.what, w.got, w.want)
		}
	}
}

// The example has the runbook's seed values, so that a fleet file made from it
// loses no line of a node that is taken over.
func TestExampleHasTheSeedValues(t *testing.T) {
	n := mustLoad(t, regions.Example).Nodes()[0]
	for key, want := range map[string]string{
		"nodename": "VerneMQ@10.0.0.1", "listener.vmq.clustering": "10.0.0.1:44053", "distributed_cookie": fakeSecret,
		"allow_anonymous": "off", "allow_register_during_netsplit": "on", "allow_publish_during_netsplit": "on",
		"allow_subscribe_during_netsplit": "on", "allow_unsubscribe_during_netsplit": "on", "metadata_plugin": "vmq_plumtree",
		"plugins.vmq_webhooks": "on", "plugins.vmq_passwd": "off", "plugins.vmq_acl": "off",
		"vmq_webhooks.webhook1.hook": "auth_on_register", "vmq_webhooks.webhook2.hook": "auth_on_subscribe", "vmq_webhooks.webhook3.hook": "auth_on_publish",
		"erlang.distribution.port_range.minimum": "9100", "erlang.distribution.port_range.maximum": "9109",
	} {
		if got := n.Conf[key].Reveal(); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if hooks := n.Webhooks(); len(hooks) != 3 {
		t.Errorf("webhooks: %v", hooks)
	}
}

func TestNodeIsLaidOverTheFleet(t *testing.T) {
	f := mustLoad(t, regions.Example)
	cn, _ := f.Node("cn-1")
	eu, _ := f.Node("eu-1")
	fleetSSH := regions.SSH{
		User: "ops", Port: 22, Key: "~/.ssh/id_ed25519", KnownHosts: "~/.ssh/known_hosts", LockDir: "/var/lock", Sudo: true,
	}
	if cn.SSH != fleetSSH {
		t.Errorf("cn's ssh is %+v, want %+v", cn.SSH, fleetSSH)
	}
	fleetSSH.Port, fleetSSH.Jump = 2222, "ops@hk.example.net"
	if eu.SSH != fleetSSH {
		t.Errorf("eu's ssh is %+v, want %+v", eu.SSH, fleetSSH)
	}
	if eu.Volumes != (regions.Volumes{Conf: "/etc/vernemq", Log: "/data/server/docker/vernemq/log", Data: "/srv/vernemq/data"}) {
		t.Errorf("eu's volumes are %+v", eu.Volumes)
	}
	if !slices.Equal(eu.Ports, []int{1883, 1889, 1900, 44053}) || eu.Release != "/usr/lib/vernemq" {
		t.Errorf("eu's container is %v %s", eu.Ports, eu.Release)
	}
	if len(cn.Conf) != len(eu.Conf)+2 || cn.Conf["nodename"].Reveal() != "VerneMQ@10.0.0.1" {
		t.Errorf("cn's conf is %v", cn.Conf)
	}
	cn.Ports[0] = 1
	if us, _ := f.Node("us-1"); us.Ports[0] != 1883 {
		t.Error("nodes share one list of ports")
	}
}

func TestConfKeepsTheWordsAsTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"off": "off", "on": "on", "yes": "yes", "true": "true", "10": "10", "0x1F": "0x1F", "1_000": "1_000",
		"1.50": "1.50", `"on"`: "on", "0.0.0.0:1883": "0.0.0.0:1883", "http://auth.example/x": "http://auth.example/x",
	} {
		f := mustLoad(t, small+"conf:\n  a.key: "+typed+"\n")
		if got := f.Nodes()[0].Conf["a.key"]; got.Reveal() != want || got.IsHidden() {
			t.Errorf("%s became %q, hidden %v", typed, got.Reveal(), got.IsHidden())
		}
	}
}

func TestSecretsAreHidden(t *testing.T) {
	f := mustLoad(t, small+`conf:
  distributed_cookie: ${file:/run/secrets/cookie}
  vmq_webhooks.webhook1.endpoint: "http://auth.example/${env:VERNEMQ_COOKIE}/x"
  vmq_passwd.password_file: /etc/vernemq/vmq.passwd
mqtt: {username: probe, password: "${env:VMQBOT_MQTT_PASSWORD}"}
`)
	n := f.Nodes()[0]
	if n.Cookie.Reveal() != fakeSecret || f.MQTT.Password.Reveal() != fakeSecret {
		t.Error("a reference was not resolved to its value without the newline")
	}
	if got := n.Conf["vmq_webhooks.webhook1.endpoint"].Reveal(); got != "http://auth.example/"+fakeSecret+"/x" {
		t.Errorf("a reference inside a value became %q", got)
	}
	for _, form := range []string{"%v", "%+v", "%#v"} {
		if s := fmt.Sprintf(form, f); strings.Contains(s, fakeSecret) {
			t.Errorf("%s prints a secret", form)
		}
	}
}

func TestWhatIsLeftOutHasADefault(t *testing.T) {
	f := mustLoad(t, small)
	n := f.Nodes()[0]
	want := regions.SSH{User: "root", Port: 22, KnownHosts: "~/.ssh/known_hosts", LockDir: "/var/lock"}
	if n.SSH != want {
		t.Errorf("ssh is %+v, want %+v", n.SSH, want)
	}
	if f.Network.Driver != "weave" || f.Checks.Sweep != 30*time.Second || f.Regions[0].Title != "cn" || n.Release != "" {
		t.Errorf("defaults are %+v", f)
	}
	if m := f.MQTT; m.Port != 1883 || m.Topic != "vmqbot/probe" || m.Timeout != 5*time.Second || !m.Password.IsZero() {
		t.Errorf("mqtt is %+v", m)
	}
	if _, err := regions.Load("f", []byte(small), nil); err != nil {
		t.Errorf("a file without references needs no resolver: %v", err)
	}
}

func TestSeveralNodesPerRegion(t *testing.T) {
	f := mustLoad(t, small+"") // cn-1 and cn-2
	cn, ok := f.Region("cn")
	if !ok || len(cn.Nodes) != 2 {
		t.Fatalf("cn is %+v", cn)
	}
	if peers := f.Peers(cn.Nodes[0]); len(peers) != 1 || peers[0].Name != "cn-2" {
		t.Errorf("the peers of cn-1 are %v", peers)
	}
	if _, ok := f.Node("cn-3"); ok {
		t.Error("cn-3 is found")
	}
	if _, ok := f.Region("sg"); ok {
		t.Error("sg is found")
	}
}

// A group has any number of members, so it can give any number of voices.
func TestVoicesOfAGroup(t *testing.T) {
	for approvers, ok := range map[string]bool{"[S0ONCALL]": true, "[U01, S0ONCALL]": true, "[U01, U02, U03]": true, "[U01, U02]": false, "[]": true} {
		_, err := regions.Load("f", []byte(small+"approval: {deploy: {approvers: "+approvers+", count: 3}}\n"), nil)
		if (err == nil) != ok {
			t.Errorf("3 voices of %s: %v", approvers, err)
		}
	}
}
