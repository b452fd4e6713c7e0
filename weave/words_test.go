package weave

import (
	"encoding/json"
	"strings"
	"testing"

	"vmqbot/answer"
)

// What the one who is on call reads: answers that no recorded run shows.
func TestMeanings(t *testing.T) {
	for _, c := range []struct {
		command, stdout, stderr string
		words                   []string
	}{
		{"weave status connections", "-> 203.0.113.20:6783      pending     none   0a:0b:0c:0d:0e:0f(us-1) \n", "",
			[]string{"us-1 (0a:0b:0c:0d:0e:0f)", "Open UDP 6783 and 6784"}},
		{"weave status connections", "<- 203.0.113.20:50001     established encrypted   fastdp 0a:0b:0c:0d:0e:0f(us-1) encrypted=truemtu=1376\n", "",
			[]string{"All is well here: 1 connection established to us-1"}},
		{"weave status connections", "-> 203.0.113.20:6783      retrying    dial tcp4 :0->203.0.113.20:6783: i/o timeout \n", "",
			[]string{"1 connection, 0 established", "Packets vanish on the way"}},
		{"weave status connections", "-> 203.0.113.20:6783      failed      no password specificed, but peer requested an encrypted connection, retry: never \n", "",
			[]string{"weave will not try again", "WEAVE_PASSWORD"}},
		{"weave status connections", "-> 203.0.113.20:6783      failed      a new kind of trouble, retry: never \n", "",
			[]string{"a new kind of trouble", "`weave status` on that host"}},
		{"weave status connections", "-> 203.0.113.20:6783      waiting     until: never \n", "", []string{"waits to be dialed"}},
		{"weave status connections", "", "", []string{"no connection to any other", "`weave connect PEER...`"}},
		{"weave status peers", "0a:0b:0c:0d:0e:0f(us-1)\n   -> 203.0.113.30:6783     0a:0b:0c:0d:0e:10(eu-1)                 pending\n0a:0b:0c:0d:0e:10(eu-1)\n   <- 203.0.113.20:40000    0a:0b:0c:0d:0e:0f(us-1)                 pending\n", "",
			[]string{"2 peers", "Not connected directly: us-1 (0a:0b:0c:0d:0e:0f) and eu-1 (0a:0b:0c:0d:0e:10)"}},
		{"weave status peers", "0a:0b:0c:0d:0e:0f(us-1)\n   -> 203.0.113.30:6783     0a:0b:0c:0d:0e:10(eu-1)                 established\n0a:0b:0c:0d:0e:10(eu-1)\n   <- 203.0.113.20:40000    0a:0b:0c:0d:0e:0f(us-1)                 pending\n", "",
			[]string{"Every pair is connected"}},
		{"weave status ipam", "0a:0b:0c:0d:0e:0f(us-1)                      8 IPs (50.0% of total) (3 active)\n0a:0b:0c:0d:0e:10(eu-1)                      8 IPs (50.0% of total) - unreachable!\n", "",
			[]string{"unreachable peers: eu-1", "on one host only"}},
		{"weave status dns", "web          10.40.0.1       5bf44378c480 0a:0b:0c:0d:0e:0f\nweb          10.40.0.2       weave:extern 0a:0b:0c:0d:0e:10\n", "",
			[]string{"2 entries, for: web."}},
		{"weave status targets", "", "", []string{"told to dial nobody"}},
		{"weave ps vernemq-release-cn-1 c2", "vernemq-rele 5a:79:82:09:63:a7 10.0.0.1/24\n", "",
			[]string{"vernemq-rele has 10.0.0.1/24", "No weave address on c2", "`weave attach ADDRESS/LENGTH c2`"}},
		{"weave attach 10.0.0.1/24 ip:10.0.1.1/24 net:default --without-dns c9", "10.0.0.1 10.0.1.1 10.32.0.5\n", "WARNING: something odd\n",
			[]string{"c9 now has 10.0.0.1, 10.0.1.1, 10.32.0.5", "WARNING: something odd", "44053"}},
		{"weave attach 10.0.0.1/24 c9", "Network 10.0.0.0/24 overlaps with existing route 10.0.0.0/16 on host\n10.0.0.1\n", "",
			[]string{"10.0.0.0/24 overlaps with the route 10.0.0.0/16"}},
		{"/usr/local/bin/weave --local version", "weave 2.6.5\n", "", []string{"Weave 2.6.5 is installed"}},
		{"weave version", "weave script 2.8.1\nweave 2.6.5\n", "", []string{"script is 2.8.1 and the router is 2.6.5"}},
		{"weave connect --replace 203.0.113.20 us-1:6783", "", "", []string{"2 peers to dial: 203.0.113.20, us-1:6783"}},
		{"weave launch us-1", "latest: Pulling from weaveworks/weavedb\n" + strings.Repeat("0a", 32) + "\n", "WARNING: existing iptables rule\n",
			[]string{"container 0a0a0a0a0a0a", "existing iptables rule"}},
		{"weave stop", "WARNING: It appears that your environment is configured to use the Weave Docker API proxy.\n", "",
			[]string{"router is stopped", "Docker API proxy"}},
		{"weave reset", "", "", []string{"every container lost its weave address"}},
	} {
		m, ok := Explain(answer.Answer{Argv: strings.Fields(c.command), Stdout: c.stdout, Stderr: c.stderr})
		if !ok {
			t.Errorf("%s: not recognized:\n%s", c.command, c.stdout)
		}
		for _, w := range c.words {
			if !strings.Contains(m.Meaning, w) {
				t.Errorf("%s means %q, which does not say %q", c.command, m.Meaning, w)
			}
		}
	}
}

// The facts are an interface for scripts: their keys must not change.
func TestFactsAsJSON(t *testing.T) {
	for _, c := range []struct{ command, stdout, want string }{
		{"weave status connections", "-> 10.78.0.99:6783       failed      no route to host, retry: never \n<- 10.78.0.12:42697      established encrypted   fastdp 0a:0b:0c:0d:0e:0f(us) encrypted=truemtu=1376\n",
			`{"ready":true,"connections":[{"direction":"outbound","address":"10.78.0.99:6783","state":"failed","info":"no route to host, retry: never","peer":"","nickname":"","carrier":"","mtu":0,"encrypted":false,"error":"no route to host","retry":"never"},` +
				`{"direction":"inbound","address":"10.78.0.12:42697","state":"established","info":"encrypted   fastdp 0a:0b:0c:0d:0e:0f(us)","peer":"0a:0b:0c:0d:0e:0f","nickname":"us","carrier":"fastdp","mtu":1376,"encrypted":true}]}`},
		{"weave status peers", "0a:0b:0c:0d:0e:0f(us)\n", `{"ready":true,"peers":[{"name":"0a:0b:0c:0d:0e:0f","nickname":"us","connections":[]}]}`},
		{"weave status peers", "0a:0b:0c:0d:0e:0f(us)\n   -> 10.78.0.11:6783  0a:0b:0c:0d:0e:10(eu)  pending\n0a:0b:0c:0d:0e:10(eu)\n   <- 10.78.0.12:9000  0a:0b:0c:0d:0e:0f(us)  established\n",
			`{"ready":true,"peers":[{"name":"0a:0b:0c:0d:0e:0f","nickname":"us","connections":[{"direction":"outbound","address":"10.78.0.11:6783","state":"pending","peer":"0a:0b:0c:0d:0e:10","nickname":"eu"}]},` +
				`{"name":"0a:0b:0c:0d:0e:10","nickname":"eu","connections":[{"direction":"inbound","address":"10.78.0.12:9000","state":"established","peer":"0a:0b:0c:0d:0e:0f","nickname":"us"}]}]}`},
		{"weave ps c1", "\n", `{"entries":[]}`},
		{"weave status targets", "", `{"ready":true,"targets":[]}`},
	} {
		m, _ := Explain(answer.Answer{Argv: strings.Fields(c.command), Stdout: c.stdout})
		got, err := json.Marshal(m.Facts)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %v\n got %s\nwant %s", c.command, err, got, c.want)
		}
	}
}

// A router that is still starting answers on standard error, with exit 1.
func TestStarting(t *testing.T) {
	m, ok := Explain(answer.Answer{Argv: StatusTargets(), Exit: 1, Stderr: "203.0.113.20\n"})
	if got, _ := m.Facts.(Targets); !ok || got.Ready || len(got.Targets) != 1 || !strings.HasPrefix(m.Meaning, "The router is still starting") {
		t.Errorf("%t %+v", ok, m)
	}
}

// A status page is on one stream, and only exit 1 says that it is early.
func TestNotStarting(t *testing.T) {
	for _, a := range []answer.Answer{
		{Argv: StatusTargets(), Exit: 2, Stderr: "203.0.113.20\n"},
		{Argv: StatusTargets(), Exit: 1, Stdout: "203.0.113.21\n", Stderr: "203.0.113.20\n"},
		{Argv: StatusTargets(), Exit: 1, Stdout: "203.0.113.21\n"},
	} {
		if m, ok := Explain(a); ok {
			t.Errorf("%+v was understood: %s", a, m.Meaning)
		}
	}
}

// Answers whose output does not belong to their command were mixed up.
func TestForeignOutput(t *testing.T) {
	for _, c := range []struct{ command, stdout string }{
		{"weave attach 10.0.0.1/24 c1", "10.0.0.2\n"},
		{"weave attach 10.0.0.1/24 c2", "10.0.0.1\n10.0.0.1\n"},
		{"weave attach 10.0.0.10/24 c3", "10.0.0.1\n"},
		{"weave detach 10.0.0.1/24 c1", "\n"},
		{"weave ps c1", "c2 5a:79:82:09:63:a7 10.32.1.1/24\n"},
		{"weave ps", ""},
		{"weave launch", "0a0a0a\n"},
		{"weave version", "weave 2.8.1\n"},
		{"weave connect us-1", "ok\n"},
		{"weave status peers", ""},
		{"weave status ipam", "0a:0b:0c:0d:0e:0f(us-1)        9 IPs (100.0% of total) (3 active)\n"},
		{"weave status connections", "-> 203.0.113.20:6783  established sleeve 0a:0b:0c:0d:0e:0f(us) \n"},
		{"weave status connections --verbose", "-> 203.0.113.20:6783  connecting \n"},
		{"weave --help", "Usage:\n"},
		{"weave status peers", "0a:0b:0c:0d:0e:0f(us)\n0a:0b:0c:0d:0e:0f(us)\n"},
		{"weave status connections", "-> 203.0.113.20:6783  established sleeve 0a:0b:0c:0d:0e:0f(us) encrypted=truemtu=1438\n"},
		{"weave status connections", "-> 203.0.113.20:6783  connecting  soon\n"},
		{"weave status connections", "-> 203.0.113.20:6783  failed  no route to host, retry: 2026-11-23 04:3\n"},
		{"weave status connections", "-> 203.0.113.20:6783  failed  no route to host, retry: 2026-13-23 04:37:41 +0000 UTC\n"},
		{"weave status connections", "-> 203.0.113.999:6783  connecting\n"},
	} {
		if m, ok := Explain(answer.Answer{Argv: strings.Fields(c.command), Stdout: c.stdout}); ok {
			t.Errorf("%s was understood: %s\n%s", c.command, m.Meaning, c.stdout)
		}
	}
}
