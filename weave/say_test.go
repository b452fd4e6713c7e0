package weave

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// said takes what a builder returns.
func said(argv []string, err error) string {
	if err != nil {
		return "refused: " + err.Error()
	}
	return strings.Join(argv, " ")
}

func TestSay(t *testing.T) {
	p := netip.MustParsePrefix
	for _, c := range []struct{ got, want string }{
		{said(Status(), nil), "weave status"},
		{said(StatusPeers(), nil), "weave status peers"},
		{said(StatusConnections(), nil), "weave status connections"},
		{said(StatusTargets(), nil), "weave status targets"},
		{said(StatusIPAM(), nil), "weave status ipam"},
		{said(StatusDNS(), nil), "weave status dns"},
		{said(ReportArgv(), nil), "weave report"},
		{said(Version(), nil), "weave version"},
		{said(Stop(), nil), "weave stop"},
		{said(Reset(false), nil), "weave reset"},
		{said(Reset(true), nil), "weave reset --force"},
		{said(PS()), "weave ps"},
		{said(PS("vernemq-release-cn-1", "c2")), "weave ps vernemq-release-cn-1 c2"},
		{said(Attach(p("10.0.0.1/24"), "vernemq-release-cn-1")), "weave attach 10.0.0.1/24 vernemq-release-cn-1"},
		{said(Attach(p("10.0.0.0/31"), "c1")), "weave attach 10.0.0.0/31 c1"},
		{said(Detach(p("10.0.0.255/16"), "c1")), "weave detach 10.0.0.255/16 c1"},
		{said(Connect("203.0.113.7", "sg-1.example.net:6790")), "weave connect 203.0.113.7 sg-1.example.net:6790"},
		{said(Forget("203.0.113.7")), "weave forget 203.0.113.7"},
		{said(Launch(LaunchOptions{})), "weave launch"},
		{said(Launch(LaunchOptions{Peers: []string{"203.0.113.7", "hk"}, NoDNS: true})), "weave launch --no-dns 203.0.113.7 hk"},
		{said(Launch(LaunchOptions{Resume: true, NoRestart: true})), "weave launch --no-restart --resume"},
		{said(Launch(LaunchOptions{
			Name: "12:c0:b6:33:a0:93", NickName: "cn-1", IPAllocRange: p("10.40.0.0/16"), ConnLimit: 9,
			TrustedSubnets: []netip.Prefix{p("192.0.2.0/24"), p("198.51.100.0/24")}, NoDiscovery: true, NoPlugin: true, NoProxy: true,
		})), "weave launch --name 12:c0:b6:33:a0:93 --nickname cn-1 --ipalloc-range 10.40.0.0/16 --trusted-subnets 192.0.2.0/24,198.51.100.0/24 --conn-limit 9 --no-discovery --plugin=false --proxy=false"},
	} {
		if c.got != c.want {
			t.Errorf("said %q, want %q", c.got, c.want)
		}
	}
}

func TestSayRefuses(t *testing.T) {
	p := netip.MustParsePrefix
	for _, c := range []struct{ got, want string }{
		{said(Attach(netip.Prefix{}, "c1")), "missing"},
		{said(Attach(netip.PrefixFrom(netip.MustParseAddr("10.0.0.1"), 33), "c1")), "missing"},
		{said(Attach(p("fd00::1/64"), "c1")), "not IPv4"},
		{said(Attach(p("10.0.0.0/24"), "c1")), "network itself"},
		{said(Attach(p("10.0.0.255/24"), "c1")), "broadcast"},
		{said(Attach(p("10.0.0.1/0"), "c1")), "cannot be the address"},
		{said(Detach(p("127.0.0.1/8"), "c1")), "cannot be the address"},
		{said(Detach(p("224.0.0.9/24"), "c1")), "cannot be the address"},
		{said(Detach(p("10.0.0.1/24"), "")), "not a container name"},
		{said(PS("ok", "--help")), "not a container name"},
		{said(Connect()), "needs at least one peer"},
		{said(Connect("203.0.113.7:0")), "port"},
		{said(Connect("203.0.113.7:+80")), "port"},
		{said(Connect("203.0.113.999")), "not a peer"},
		{said(Connect("0.0.0.0")), "not a peer"},
		{said(Connect("--replace")), "not a peer"},
		{said(Forget("a&peer=b")), "not a peer"},
		{said(Launch(LaunchOptions{Name: "cn"})), "MAC"},
		{said(Launch(LaunchOptions{NickName: "cn 1"})), "nickname"},
		{said(Launch(LaunchOptions{IPAllocRange: p("10.40.0.1/16")})), "range"},
		{said(Launch(LaunchOptions{TrustedSubnets: []netip.Prefix{p("192.0.2.1/24")}})), "trust"},
		{said(Launch(LaunchOptions{ConnLimit: -1})), "connection limit"},
		{said(Launch(LaunchOptions{Resume: true, Peers: []string{"hk"}})), "resume"},
		{said(Launch(LaunchOptions{Peers: []string{"$(reboot)"}})), "not a peer"},
	} {
		if !strings.HasPrefix(c.got, "refused: ") || !strings.Contains(c.got, c.want) {
			t.Errorf("said %q, want a refusal with %q", c.got, c.want)
		}
	}
}

// No argument that a builder lets through can be a flag or mean something to
// a shell, whatever people type.
func FuzzSayContainerAndPeer(f *testing.F) {
	for _, s := range []string{"c1", "-rf", "a b", "a;b", "a\x00b", "“c1”", "c\u200b1", "$(x)", "`x`", "a\n", "hk:6783", "'", "a&b"} {
		f.Add(s)
	}
	p := netip.MustParsePrefix("10.0.0.1/24")
	f.Fuzz(func(t *testing.T, word string) {
		for _, argv := range [][]string{first(Attach(p, word)), first(PS(word)), first(Connect(word)), first(Launch(LaunchOptions{NickName: word}))} {
			if argv == nil || word == "" { // no nickname is the host's own name
				continue
			}
			last := argv[len(argv)-1]
			if !slices.Contains(argv, word) || strings.HasPrefix(last, "-") ||
				strings.Trim(last, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-") != "" {
				t.Errorf("%q became %q", word, argv)
			}
		}
	})
}

func first(argv []string, _ error) []string { return argv }
