package weave

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

var (
	versionLineRE = regexp.MustCompile(`^(\S+(?: version\))?) \((.*)\)$`)
	countsRE      = regexp.MustCompile(`^(\d+)(?: \((?:with )?(\d+ [a-z]+(?:, \d+ [a-z]+)*)(?: connections)?\))?$`)
)

// optional are the sections that may be absent, in the order of the template.
var optional = []string{"ipam", "dns", "proxy", "plugin (legacy)", "plugin (v2)"}

func (s *RouterStatus) fill(sections [][]string) error {
	if len(sections) < 2 {
		return fmt.Errorf("the section of the router is missing")
	}
	version, err := fields(sections[0], "Version")
	if err != nil {
		return err
	}
	m := versionLineRE.FindStringSubmatch(version[0])
	if m == nil {
		return fmt.Errorf("%q is not a version", version[0])
	}
	s.Version, s.VersionCheck = m[1], m[2]
	if err := s.router(sections[1]); err != nil {
		return err
	}
	at := 0
	for _, section := range sections[2:] {
		name := strings.TrimSpace(section[0])
		for at < len(optional) && name != "Service: "+optional[at] {
			at++
		}
		if at == len(optional) {
			return fmt.Errorf("%q stands where a service should", name)
		}
		if err := s.service(optional[at], section); err != nil {
			return err
		}
		at++
	}
	return nil
}

func (s *RouterStatus) router(section []string) error {
	v, err := fields(section, "Service", "Protocol", "Name", "Encryption", "PeerDiscovery",
		"Targets", "Connections", "Peers", "TrustedSubnets")
	if err != nil {
		return err
	}
	m := headingRE.FindStringSubmatch(v[2])
	if m == nil || v[0] != "router" {
		return fmt.Errorf("%q is not the router with a name", v[0]+" "+v[2])
	}
	s.Protocol, s.Name, s.NickName = v[1], m[1], m[2]
	if s.Encryption, err = enabled(v[3]); err != nil {
		return err
	}
	if s.PeerDiscovery, err = enabled(v[4]); err != nil {
		return err
	}
	if s.Targets, err = count(v[5]); err != nil {
		return err
	}
	if s.Connections, err = counts(v[6]); err != nil {
		return err
	}
	if s.Peers, err = counts(v[7]); err != nil {
		return err
	}
	s.TrustedSubnets = list(v[8])
	return nil
}

func (s *RouterStatus) service(name string, section []string) error {
	switch name {
	case "ipam":
		v, err := fields(section, "Service", "Status", "Range", "DefaultSubnet")
		if err != nil {
			return err
		}
		state, ok := ipamState(v[1])
		if _, err := netip.ParsePrefix(v[2]); err != nil || !ok {
			return fmt.Errorf("%q is not how address allocation is doing", v[1]+" "+v[2])
		}
		s.IPAM = &IPAMStatus{State: state, Range: v[2], DefaultSubnet: v[3]}
	case "dns":
		v, err := fields(section, "Service", "Domain", "Upstream", "TTL", "Entries")
		if err != nil {
			return err
		}
		d := DNSStatus{Domain: v[1], Upstream: list(v[2])}
		if d.TTL, err = count(v[3]); err != nil {
			return err
		}
		if d.Entries, err = count(v[4]); err != nil {
			return err
		}
		s.DNS = &d
	case "proxy":
		v, err := fields(section, "Service", "Address")
		if err != nil {
			return err
		}
		s.Proxy = &ProxyStatus{Addresses: list(v[1])}
	case "plugin (legacy)":
		v, err := fields(section, "Service", "DriverName")
		if err != nil {
			return err
		}
		s.Plugin = &PluginStatus{Kind: "legacy", DriverName: v[1]}
	default:
		if _, err := fields(section, "Service"); err != nil {
			return err
		}
		s.Plugin = &PluginStatus{Kind: "v2"}
	}
	return nil
}

func enabled(s string) (bool, error) {
	if s != "enabled" && s != "disabled" {
		return false, fmt.Errorf("%q is neither enabled nor disabled", s)
	}
	return s == "enabled", nil
}

func count(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	return n, nil
}

// counts reads "4 (3 established, 1 failed)" and "3 (with 6 established
// connections)".
func counts(s string) (Counts, error) {
	m := countsRE.FindStringSubmatch(s)
	if m == nil {
		return Counts{}, fmt.Errorf("%q is not a count", s)
	}
	total, err := count(m[1])
	if err != nil {
		return Counts{}, err
	}
	c := Counts{Total: total, States: map[State]int{}}
	if m[2] == "" {
		return c, nil
	}
	for part := range strings.SplitSeq(m[2], ", ") {
		number, state, _ := strings.Cut(part, " ")
		n, err := count(number)
		if err != nil || !State(state).Known() {
			return Counts{}, fmt.Errorf("%q is not a count of connections", part)
		}
		c.States[State(state)] = n
	}
	return c, nil
}

// list reads the router's "a, b" or "none".
func list(s string) []string {
	if s == "none" {
		return []string{}
	}
	return strings.Split(s, ", ")
}
