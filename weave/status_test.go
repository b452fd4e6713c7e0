package weave

import (
	"strings"
	"testing"

	"vmqbot/answer"
)

const statusPage = `        Version: 2.6.5 (version 2.8.1 available - please upgrade!)

        Service: router
       Protocol: weave 2
           Name: 0a:0b:0c:0d:0e:0f(hk (old) rack)
     Encryption: enabled
  PeerDiscovery: disabled
        Targets: 12
    Connections: 13 (10 established, 1 pending, 1 failed)
          Peers: 11 (with 108 established, 2 pending connections)
 TrustedSubnets: 192.0.2.0/24, 198.51.100.0/24

        Service: ipam
         Status: awaiting consensus (quorum: 3, known: 1)
          Range: 10.40.0.0/16
  DefaultSubnet: 10.40.1.0/24

        Service: plugin (v2)
`

func status(exit int, stdout, stderr string) (RouterStatus, error) {
	return ParseStatus(answer.Answer{Argv: Status(), Exit: exit, Stdout: stdout, Stderr: stderr})
}

func TestStatus(t *testing.T) {
	const whole = "2.6.5 hk (old) rack=0a:0b:0c:0d:0e:0f; targets 12 connections {13 map[established:10 failed:1 pending:1]} peers {11 map[established:108 pending:2]}; ipam awaiting consensus; plugin v2"
	for name, s := range map[string]struct {
		exit           int
		stdout, stderr string
		want           string
	}{
		"from the script":               {0, "\n" + statusPage + "\n", "", "ready=true " + whole},
		"without the blank lines":       {0, statusPage, "", "ready=true " + whole},
		"not ready, on standard error":  {1, "\n\n", statusPage, "ready=false " + whole},
		"not ready, without the script": {1, "", statusPage, "ready=false " + whole},
	} {
		got, err := status(s.exit, s.stdout, s.stderr)
		if err != nil || brief(got) != s.want {
			t.Errorf("%s: %v\n got %s\nwant %s", name, err, brief(got), s.want)
		}
		if len(got.TrustedSubnets) != 2 || !got.Encryption || got.PeerDiscovery || got.DNS != nil || got.Proxy != nil || got.IPAM.DefaultSubnet != "10.40.1.0/24" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestStatusRefuses(t *testing.T) {
	for from, to := range map[string]string{
		"Encryption: enabled":        "Encryption: enab",
		"Targets: 12":                "Targets: twelve",
		"Targets: 12\n":              "",
		"13 (10 established, 1":      "13 (10 establ",
		"10 established, 1 pending,": "10 established, 1 sleeping,",
		"0f(hk (old) rack)":          "0f",
		"Service: router":            "Service: outer",
		"awaiting consensus":         "awaiting",
		"10.40.0.0/16":               "10.40.0.0",
		"Service: plugin (v2)":       "Service: plugin (v3)",
		"Service: ipam":              "Service: plugin (v2)",
		"Version: 2.6.5 (":           "Version: 2.6.5",
		"PeerDiscovery: ":            "PeerDiscovery:",
		"\n\n":                       "\n",
	} {
		page := strings.Replace(statusPage, from, to, 1)
		if got, err := status(0, page, ""); err == nil || page == statusPage {
			t.Errorf("%q instead of %q was understood: %s", to, from, brief(got))
		}
	}
	if _, err := status(0, "\n"+statusPage, ""); err == nil {
		t.Error("a page that lost the script's last blank line was understood")
	}
}

func TestIPAMStates(t *testing.T) {
	for said, want := range map[string]IPAMState{
		"idle": IPAMIdle, "ready": IPAMReady, "priming": IPAMPriming,
		"waiting for IP(s) to become available":                                    IPAMWaiting,
		"all IP ranges owned by unreachable peers - use 'rmpeer' if they are dead": IPAMUnreachable,
		"awaiting consensus (quorum: 2, known: 1)":                                 IPAMConsensus,
	} {
		got, err := status(0, strings.Replace(statusPage, "awaiting consensus (quorum: 3, known: 1)", said, 1), "")
		if err != nil || got.IPAM.State != want {
			t.Errorf("%q: %v %+v", said, err, got.IPAM)
		}
		if bad := want != IPAMIdle && want != IPAMReady; bad != strings.Contains(got.meaning(), "rang") && bad != strings.Contains(got.meaning(), "allocate") {
			t.Errorf("%q means %q", said, got.meaning())
		}
	}
}
