package world

import (
	"net/netip"
	"strings"
	"testing"
)

func TestPlan(t *testing.T) {
	subnet := netip.MustParsePrefix(Subnet)
	seen := map[string]string{netip.MustParsePrefix(Machine).Addr().String(): "the machine", Gateway: "the bridge"}
	for _, h := range All() {
		if !subnet.Contains(netip.MustParseAddr(h.IP)) {
			t.Errorf("%s has %s outside %s", h.Name, h.IP, Subnet)
		}
		if other, taken := seen[h.IP]; taken {
			t.Errorf("%s and %s have the address %s", h.Name, other, h.IP)
		}
		seen[h.IP] = h.Name
	}
	eu, err := Find("eu")
	if err != nil {
		t.Fatal(err)
	}
	if eu.Container() != "vernemq-release-eu-1" || eu.CIDR() != "10.0.0.4/24" || eu.Node() != "VerneMQ@10.0.0.4" || !eu.HasDocker() {
		t.Errorf("eu is %s %s %s", eu.Container(), eu.CIDR(), eu.Node())
	}
	if jump, err := Find("jump"); err != nil || jump.HasDocker() {
		t.Errorf("the jump host: %+v, %v", jump, err)
	}
	if _, err := Find("hk"); err == nil || !strings.Contains(err.Error(), "type one of") {
		t.Errorf("hk: %v, want a sentence with a way out", err)
	}
}

func TestArgv(t *testing.T) {
	cn, us := Regions()[0], Regions()[2]
	for name, row := range map[string]struct {
		argv []string
		want string
	}{
		"launch names every other region": {WeaveLaunch(us), "weave launch --no-dns 10.78.0.11 10.78.0.12 10.78.0.14"},
		"attach has the address first":    {Attach(cn), "weave attach 10.0.0.1/24 vernemq-release-cn-1"},
		"join goes to the first region":   {Join(cn), "vmq-admin cluster join discovery-node=VerneMQ@10.0.0.1"},
		"the jump host has no Docker": {HostRun(Jump, "/d/jump", nil),
			"run --detach --privileged --name vmqlab-jump --hostname jump --network vmqlab --ip 10.78.0.10 " +
				"--tmpfs /run:exec,mode=755 --stop-timeout 60 --volume /d/jump/ssh:/etc/ssh/keys vmqbot-lab/host:latest"},
		"a region host": {HostRun(cn, "/d/cn", []string{"A=1", "B=x y"}),
			"run --detach --privileged --name vmqlab-cn --hostname cn --network vmqlab --ip 10.78.0.11 " +
				"--tmpfs /run:exec,mode=755 --stop-timeout 60 --volume /d/cn/ssh:/etc/ssh/keys " +
				"--volume /d/cn/docker:/var/lib/docker --env LAB_DOCKER=1 --env A=1 --env B=x y vmqbot-lab/host:latest"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(row.argv, " "); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
	old := strings.Join(OldRun(cn, "img:1"), " ")
	if strings.Contains(old, "/var/lib/vernemq") || strings.Contains(old, "--restart") || !strings.HasSuffix(old, " img:1 sh") {
		t.Errorf("the oldest runbook's broker is made by %s", old)
	}
	broker := strings.Join(BrokerRun(cn, "img:1"), " ")
	if strings.Contains(broker, "44053") || !strings.HasSuffix(broker, " img:1") || !strings.Contains(broker, "--restart unless-stopped") {
		t.Errorf("the broker is made by %s", broker)
	}
}
