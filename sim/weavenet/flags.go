package weavenet

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// settings are the command line of weaver, the router's program.
type settings struct {
	name, nick    string
	port          uint16
	http, status  string
	noDNS         bool
	dnsListen     string
	noDiscovery   bool
	noFastDP      bool
	mtu           int
	ipRange       netip.Prefix // zero: no allocation of addresses
	defaultSubnet netip.Prefix
	consensus     int
	trusted       []netip.Prefix
	connLimit     int
	plugin, proxy bool
	resume        bool
	password      string
	peers         []string
}

// switches are the flags of weaver that take no value, or one after "=".
var switches = []string{
	"no-dns", "no-discovery", "no-fastdp", "no-bridged-fastdp", "plugin", "proxy", "resume", "without-dns", "no-multicast-route",
	"no-rewrite-hosts", "no-default-ipalloc", "rewrite-inspect", "no-masq-local", "tls", "tlsverify", "no-detect-tls",
}

// values are those that take one; most change nothing here.
var values = []string{
	"name", "nickname", "port", "host", "ipalloc-range", "iprange", "ipalloc-default-subnet", "ipalloc-init", "conn-limit", "dns-listen-address",
	"dns-domain", "dns-ttl", "http-addr", "status-addr", "resolv-conf", "trusted-subnets", "docker-bridge", "weave-bridge", "datapath", "mtu",
	"log-level", "H", "token", "host-root", "password", "db-prefix", "hostname-from-label", "hostname-match", "hostname-replacement",
}

// parseFlags reads weaver's arguments as Go's flag package does: the first word
// that is no flag begins the list of peers.
func parseFlags(argv []string, env map[string]string) (settings, error) {
	s := settings{port: 6783, http: "127.0.0.1:6784", status: "127.0.0.1:6782", connLimit: 200, password: env["WEAVE_PASSWORD"]}
	for len(argv) > 0 && strings.HasPrefix(argv[0], "-") && argv[0] != "-" {
		word := argv[0]
		argv = argv[1:]
		if word == "--" {
			break
		}
		name, value, given := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(word, "-"), "-"), "=")
		switch {
		case slices.Contains(switches, name):
			if !given {
				value = "true"
			}
			on, err := strconv.ParseBool(value)
			if err != nil {
				return s, fmt.Errorf("invalid boolean value %q for  -%s: %w", value, name, err)
			}
			s.turn(name, on)
		case slices.Contains(values, name):
			if !given {
				if len(argv) == 0 {
					return s, fmt.Errorf("flag needs an argument: -%s", name)
				}
				value, argv = argv[0], argv[1:]
			}
			if err := s.set(name, value); err != nil {
				return s, fmt.Errorf("invalid value %q for flag -%s: %w", value, name, err)
			}
		default:
			return s, fmt.Errorf("flag provided but not defined: %s", word)
		}
	}
	s.peers = slices.Clone(argv)
	return s, s.complete()
}

func (s *settings) turn(name string, on bool) {
	switch name {
	case "no-dns":
		s.noDNS = on
	case "no-discovery":
		s.noDiscovery = on
	case "no-fastdp":
		s.noFastDP = on
	case "plugin":
		s.plugin = on
	case "proxy":
		s.proxy = on
	case "resume":
		s.resume = on
	}
}

func (s *settings) set(name, value string) (err error) {
	switch name {
	case "name":
		s.name = value
	case "nickname":
		s.nick = value
	case "port":
		var n uint64
		n, err = strconv.ParseUint(value, 10, 16)
		s.port = uint16(n)
	case "ipalloc-range", "iprange":
		s.ipRange, err = network(value)
	case "ipalloc-default-subnet":
		s.defaultSubnet, err = network(value)
	case "ipalloc-init":
		s.consensus, err = consensus(value)
	case "conn-limit":
		s.connLimit, err = strconv.Atoi(value)
	case "dns-listen-address":
		s.dnsListen = value
	case "http-addr":
		s.http = value
	case "status-addr":
		s.status = value
	case "mtu":
		s.mtu, err = strconv.Atoi(value)
	case "password":
		s.password = value
	case "trusted-subnets":
		for _, word := range strings.Split(value, ",") {
			var p netip.Prefix
			if p, err = netip.ParsePrefix(word); err != nil {
				return err
			}
			s.trusted = append(s.trusted, p.Masked())
		}
	}
	return err
}

// network reads an address range; "" is none.
func network(word string) (netip.Prefix, error) {
	if word == "" {
		return netip.Prefix{}, nil
	}
	p, err := netip.ParsePrefix(word)
	switch {
	case err != nil || !p.Addr().Is4():
		return netip.Prefix{}, badCIDR(word)
	case p != p.Masked():
		return netip.Prefix{}, fmt.Errorf("invalid subnet - bits after network prefix are not all zero: %s", word)
	case p.Bits() > 30:
		return netip.Prefix{}, fmt.Errorf("invalid subnet - smaller than minimum size 4: %s", word)
	}
	return p, nil
}

func badCIDR(word string) error { return fmt.Errorf("invalid CIDR address: %s", word) }

// consensus reads --ipalloc-init; 0 is Weave's own choice. A seed of several
// peers and an observer begin as a consensus would.
func consensus(word string) (int, error) {
	mode, value, _ := strings.Cut(word, "=")
	switch mode {
	case "consensus":
		if value == "" {
			return 0, nil
		}
		return strconv.Atoi(value)
	case "seed", "observer":
		return 1, nil
	}
	return 0, fmt.Errorf("unknown ipalloc-init mode %q", mode)
}

func (s *settings) complete() error {
	if s.resume && len(s.peers) > 0 {
		return fmt.Errorf("You must not specify an initial peer list in conjunction with --resume") //nolint:staticcheck // weave's words
	}
	if !s.defaultSubnet.IsValid() {
		s.defaultSubnet = s.ipRange
	}
	if s.ipRange.IsValid() && !s.ipRange.Overlaps(s.defaultSubnet) {
		return fmt.Errorf("IP address allocation default subnet %s does not overlap with allocation range %s", s.defaultSubnet, s.ipRange) //nolint:staticcheck // weave's words
	}
	return nil
}
