package conf_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"vmqbot/conf"
	"vmqbot/regions"
	"vmqbot/secret"
)

// hush is what no test may ever see printed.
const hush = "c00kie-hunter2"

var (
	v161 = conf.Version{Major: 1, Minor: 6, Patch: 1}
	v212 = conf.Version{Major: 2, Minor: 1, Patch: 2}
	v220 = conf.Version{Major: 2, Minor: 2}
	none = conf.Version{}
)

// example is the fleet of regions/example.yaml.
func example(t testing.TB) *regions.Fleet {
	t.Helper()
	f, err := regions.Load("example.yaml", []byte(regions.Example), resolve)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func resolve(kind, ref string) (string, error) {
	switch ref {
	case "VERNEMQ_COOKIE", "VMQBOT_MQTT_PASSWORD", "WEAVE_PASSWORD", "PAGERDUTY_ROUTING_KEY", "ALERTMANAGER_PASSWORD", "TICKETS_SECRET":
		return hush, nil
	}
	return "", errors.New(kind + " " + ref + " is not set")
}

// node is cn-1 with the given settings, "key = value" each; a value in square
// brackets is hidden.
func node(settings ...string) regions.Node {
	n := regions.Node{
		Name: "cn-1", Region: "cn", Image: "airdroid/vernemq:2.1.2", Address: netip.MustParsePrefix("10.0.0.1/24"),
		Ports: []int{1883, 1889, 1900, 44053}, Conf: map[string]secret.Word{}, Cookie: secret.New(hush),
	}
	for _, s := range settings {
		key, value, _ := strings.Cut(s, " = ")
		n.Conf[key] = secret.Plain(value)
		if strings.HasPrefix(value, "[") && strings.HasSuffix(value, "]") {
			n.Conf[key] = secret.Hidden(value[1 : len(value)-1])
		}
	}
	return n
}

// settings parses lines that must be good.
func settings(t testing.TB, lines ...string) conf.Settings {
	t.Helper()
	s, err := conf.Parse(strings.Join(lines, "\n") + "\n")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plain are settings as text, secrets revealed.
func plain(s conf.Settings) map[string]string {
	all := map[string]string{}
	for key, w := range s.Words {
		all[key] = w.Reveal()
	}
	return all
}
