package regions_test

import (
	"strings"
	"testing"

	"vmqbot/regions"
)

// TestWhatAWordMayLookLike: everything that reaches a command line or a dial,
// good forms first.
func TestWhatAWordMayLookLike(t *testing.T) {
	long := strings.Repeat("a", 300)
	for key, forms := range map[string]struct{ good, bad []string }{
		"ssh: {jump: '%s'}": {
			[]string{"h", "h.example.net", "ops@h", "ops@h:2222", "203.0.113.1:22", "[2001:db8::1]:22", "2001:db8::1", ""},
			[]string{"h:0", "h:70000", "h:ssh", ":22", "@h", "-o@h", "ops@", "ops@-h", "a@b@c", "h h", "h;id", "h:22:22", "ops@h/"},
		},
		"checks: {neutral: ['%s']}": {
			[]string{"h:1", "one.one.one.one:443", "203.0.113.1:65535", "[2001:db8::1]:443"},
			[]string{"h", "h:0", "h:65536", ":443", "2001:db8::1:443", "[h]:443", "ops@h:443", "-h:443", "h:443/a", "https://h:443"},
		},
		"relay: {host: '%s'}": {
			[]string{"h", "a-b.example.net", "h_1", "203.0.113.1", "2001:db8::1", "EU-1.Example.NET"},
			[]string{"-h", "h-", "h..net", ".h", "0.0.0.0", "224.0.0.1", "1.2.3", "10.0.0.256", "fe80::1%eth0", "h:22", "[::1]", "a/b", "h\u200b", "\u201ch\u201d", long},
		},
		"ssh: {user: '%s'}": {
			[]string{"root", "ops", "_apt", "a.b-c"}, []string{"-l", "1a", "a b", "a$b", "$(id)", "", long},
		},
		"image: '%s'": {
			[]string{
				"vernemq", "airdroid/vernemq:1.6.1", "localhost/a:1", "Registry.example.net/a", "r:5000/a", "registry.example.net:5000/a/b:v1", "a/b@sha256:" + strings.Repeat("0a", 32),
			},
			[]string{"", ":1", "a/", "/a", "a//b", "a:b:c", "A/b:1 ", "-a", "a;b", "a@sha256:zz", "a:" + long, "UPPER", "Airdroid/vernemq:1"},
		},
		"approval: {'%s': {approvers: U01}}": {
			[]string{"deploy", "conf push"}, []string{"", "Deploy", "conf  push", " conf", "conf push cn", "conf_push"},
		},
		"container: {volumes: {data: '%s'}}": {
			[]string{"/data", "/srv/my data"}, []string{"", "/", "data", "/a/", "/a//b", "/a/../b", "/a:/b", "/a,ro", "/a\u200b", "~/a"},
		},
		"ssh: {key: '%s'}": {
			[]string{"/etc/key", "~/.ssh/id", "keys/id"}, []string{"", "-i", "~root/key", " key"},
		},
	} {
		base := small
		if strings.HasPrefix(key, "image") {
			base = strings.Replace(small, "image: airdroid/vernemq:1.6.1\n", "", 1)
		}
		accepted := func(form string) bool {
			_, err := regions.Load("f", []byte(base+strings.Replace(key, "%s", form, 1)+"\n"), nil)
			return err == nil
		}
		for _, form := range forms.good {
			if !accepted(form) {
				t.Errorf("%s refuses %q", key, form)
			}
		}
		for _, form := range forms.bad {
			if accepted(form) {
				t.Errorf("%s accepts %q", key, form)
			}
		}
	}
}

func TestHostsAreComparedAsMachines(t *testing.T) {
	node := "  sg: {nodes: {sg-1: {host: '%h', container: vernemq-release-cn-1, address: 10.0.0.3/24, ssh: {port: %p, jump: '%j'}}}}\n"
	for _, row := range []struct {
		host, port, jump string
		same             bool
	}{
		{"203.0.113.10", "22", "", true},
		{"203.0.113.10", "2222", "", false},
		{"203.0.113.10", "22", "other.example.net", false},
		{"203.0.113.12", "22", "", false},
	} {
		_, err := regions.Load("f", []byte(small+strings.NewReplacer("%h", row.host, "%p", row.port, "%j", row.jump).Replace(node)), nil)
		if same := err != nil && strings.Contains(err.Error(), "is also that of node cn-1 on the same host"); same != row.same || err != nil != same {
			t.Errorf("%+v: %v", row, err)
		}
	}
	upper := strings.NewReplacer("203.0.113.10", "eu.example.net", "203.0.113.11", "EU.example.net", "release-cn-2", "release-cn-1").Replace(small)
	if _, err := regions.Load("f", []byte(upper), nil); err == nil {
		t.Error("EU.example.net is another host than eu.example.net")
	}
}
