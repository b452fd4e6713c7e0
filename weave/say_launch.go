package weave

import (
	"fmt"
	"net/netip"
	"strconv"
)

// LaunchOptions are the settings of a router. The zero value launches alone,
// with weave's defaults. The password travels in PasswordEnv, never here.
type LaunchOptions struct {
	Peers          []string       // host[:port]; name every other host, a relaunch forgets earlier connects
	Name           string         // the peer's name as a MAC, for hosts with cloned machine-ids
	NickName       string         // "" takes the host's name
	IPAllocRange   netip.Prefix   // the zero value is weave's 10.32.0.0/12
	TrustedSubnets []netip.Prefix // not encrypted although there is a password
	ConnLimit      int            // 0 is weave's default of 200
	NoRestart      bool           // do not come back after docker restarts
	Resume         bool           // dial the peers of last time; takes no Peers
	NoDiscovery    bool           // dial only the given peers
	NoDNS          bool           // survives a change of docker0's address
	NoPlugin       bool           // without the Docker network plugin
	NoProxy        bool           // without the Docker API proxy
}

// Launch says the command that starts the router.
func Launch(o LaunchOptions) ([]string, error) {
	argv := []string{"weave", "launch"}
	if o.Name != "" {
		if !isMAC(o.Name) {
			return nil, fmt.Errorf("%q is not a peer name: write a MAC address in lower case, as 12:c0:b6:33:a0:93", o.Name)
		}
		argv = append(argv, "--name", o.Name)
	}
	if o.NickName != "" {
		if !hostName.MatchString(o.NickName) {
			return nil, fmt.Errorf("%q is not a nickname that the weave script can carry: use letters, digits, '.', '_' and '-'", o.NickName)
		}
		argv = append(argv, "--nickname", o.NickName)
	}
	var err error
	if argv, err = addSubnets(argv, o); err != nil {
		return nil, err
	}
	if o.ConnLimit < 0 {
		return nil, fmt.Errorf("a connection limit of %d makes no sense: leave it at 0 for weave's own 200", o.ConnLimit)
	}
	if o.ConnLimit > 0 {
		argv = append(argv, "--conn-limit", strconv.Itoa(o.ConnLimit))
	}
	argv = addSwitches(argv, o)
	if o.Resume && len(o.Peers) > 0 {
		return nil, fmt.Errorf("weave launch --resume takes the peers of last time: leave out %v, or leave out resume", o.Peers)
	}
	for _, p := range o.Peers {
		if err := checkPeer(p); err != nil {
			return nil, err
		}
	}
	return append(argv, o.Peers...), nil
}

func addSubnets(argv []string, o LaunchOptions) ([]string, error) {
	if r := o.IPAllocRange; r != (netip.Prefix{}) {
		if !r.IsValid() || !r.Addr().Is4() || r != r.Masked() || r.Bits() > 30 {
			return nil, fmt.Errorf("%s is not a range for weave's addresses: write an IPv4 network, as 10.32.0.0/12", r)
		}
		argv = append(argv, "--ipalloc-range", r.String())
	}
	list := ""
	for _, s := range o.TrustedSubnets {
		if !s.IsValid() || !s.Addr().Is4() || s != s.Masked() {
			return nil, fmt.Errorf("%s is not a subnet to trust: write an IPv4 network, as 192.0.2.0/24", s)
		}
		if list != "" {
			list += ","
		}
		list += s.String()
	}
	if list != "" {
		argv = append(argv, "--trusted-subnets", list)
	}
	return argv, nil
}

func addSwitches(argv []string, o LaunchOptions) []string {
	for _, s := range []struct {
		on   bool
		flag string
	}{
		{o.NoRestart, "--no-restart"}, {o.Resume, "--resume"}, {o.NoDiscovery, "--no-discovery"},
		{o.NoDNS, "--no-dns"}, {o.NoPlugin, "--plugin=false"}, {o.NoProxy, "--proxy=false"},
	} {
		if s.on {
			argv = append(argv, s.flag)
		}
	}
	return argv
}
