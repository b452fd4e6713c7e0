package dockerconf_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vmqbot/dockerconf"
	"vmqbot/walls"
)

func TestWalls(t *testing.T) { walls.Pure(t) }

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		" \n":                          "",
		"{}":                           "",
		`{"bip": "172.26.0.1/16"}`:     "",
		"bip: 172.26.0.1/16":           "no JSON object",
		`["bip"]`:                      "no JSON object",
		`{"bip": "172.26.0.1/16"`:      "not JSON",
		`{"bip": "172.26.0.1/16",}`:    "not JSON",
		`{"bip": }`:                    `after the key "bip"`,
		`{"bip": "a", "bip": "b"}`:     `the key "bip" twice`,
		`{"bip": "a"} {"debug": true}`: "behind its last brace",
		"{\"a\": 1} # mine":            "behind its last brace",
	} {
		_, err := dockerconf.Parse(text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// What is not changed stays as it is, whatever it is.
func TestChange(t *testing.T) {
	c, err := dockerconf.Parse(`{"storage-driver":"overlay2","runtimes":{"x":{"path":"/x"}},"live-restore":true,"unknown":[1,2.50,null]}`)
	if err != nil {
		t.Fatal(err)
	}
	n := c.With("live-restore", false).With("bip", "172.26.0.1/16")
	const want = `{
  "bip": "172.26.0.1/16",
  "live-restore": false,
  "runtimes": {
    "x": {
      "path": "/x"
    }
  },
  "storage-driver": "overlay2",
  "unknown": [
    1,
    2.50,
    null
  ]
}
`
	if n.String() != want {
		t.Errorf("got\n%s", n)
	}
	again, err := dockerconf.Parse(n.String())
	if err != nil || again.String() != want || again.True("live-restore") || !c.True("live-restore") || again.Text("bip") != "172.26.0.1/16" || c.Has("bip") {
		t.Errorf("%v\n%s\n%s", err, again, c)
	}
	if empty := (dockerconf.Conf{}); empty.String() != "{\n}\n" || empty.With("a", 1).String() != "{\n  \"a\": 1\n}\n" {
		t.Errorf("%q", empty)
	}
}

func TestFlags(t *testing.T) {
	argv := strings.Fields("/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock --bip 172.20.0.1/16 --log-opt max-size=10m --live-restore --default-address-pool base=10.201.0.0/16,size=24")
	flags := dockerconf.Flags(argv)
	if got := fmt.Sprint(flags); got != "map[bip:172.20.0.1/16 containerd:/run/containerd/containerd.sock default-address-pools:base=10.201.0.0/16,size=24 hosts:fd:// live-restore:true log-opts:max-size=10m]" {
		t.Error(got)
	}
	c, _ := dockerconf.Parse(`{"bip": "172.26.0.1/16", "hosts": ["unix:///x"], "debug": true}`)
	if got := c.Both(flags); !slices.Equal(got, []string{"bip", "hosts"}) {
		t.Error(got)
	}
}
