package weave

import (
	"fmt"
	"strings"
	"testing"
)

// The arguments are those of a router of 2.8.1, as docker inspect shows them.
func TestReadLaunch(t *testing.T) {
	const usual = "--port 6783 --nickname cn --host-root=/host --docker-bridge docker0 --weave-bridge weave --datapath datapath --ipalloc-range 10.32.0.0/12 --dns-listen-address 172.17.0.1:53 --http-addr 127.0.0.1:6784 --status-addr 127.0.0.1:6782 --resolv-conf /var/run/weave/etc/resolv.conf -H unix:///var/run/weave/weave.sock --plugin --proxy"
	for _, c := range []struct{ args, want string }{
		{usual + " 10.78.0.12 10.78.0.13", "name= nick= conn=0 trusted=[] discovery=false fastdp=false mtu=0"},
		{usual + " --name 12:c0:b6:33:a0:93 --conn-limit=9 --trusted-subnets 192.0.2.0/24,198.51.100.0/24 --no-discovery", "name=12:c0:b6:33:a0:93 nick= conn=9 trusted=[192.0.2.0/24 198.51.100.0/24] discovery=true fastdp=false mtu=0"},
		{strings.Replace(usual, "--ipalloc-range", "--mtu 1300 --no-fastdp --ipalloc-range", 1), "name= nick= conn=0 trusted=[] discovery=false fastdp=true mtu=1300"},
		{usual + " --nickname=beijing 10.78.0.12", "name= nick=beijing conn=0 trusted=[] discovery=false fastdp=false mtu=0"},
		{"--name --nickname $(reboot) --conn-limit x --mtu", "name= nick= conn=0 trusted=[] discovery=false fastdp=false mtu=0"},
		{"", "name= nick= conn=0 trusted=[] discovery=false fastdp=false mtu=0"},
	} {
		w := ReadLaunch(strings.Fields(c.args))
		got := fmt.Sprintf("name=%s nick=%s conn=%d trusted=%v discovery=%t fastdp=%t mtu=%d", w.Name, w.NickName, w.ConnLimit, w.TrustedSubnets, w.NoDiscovery, w.NoFastDP, w.MTU)
		if got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.args, got, c.want)
		}
	}
}
