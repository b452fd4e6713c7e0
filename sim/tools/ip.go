package tools

import (
	"net/netip"
	"slices"
	"strings"

	"vmqbot/sim/kernel"
)

// ip shows addresses (-br addr), links and routes, gives an interface one more
// address or takes it away (ip addr add 192.0.2.1/24 dev eth0), and takes away an
// interface (ip link delete docker0).
func ip(p *kernel.Process) int {
	var words []string
	brief := false
	for _, word := range p.Argv[1:] {
		if strings.HasPrefix(word, "-") {
			brief = brief || word == "-br" || word == "-brief"
			continue
		}
		words = append(words, word)
	}
	what := "help"
	if len(words) > 0 {
		what = words[0]
	}
	switch {
	case strings.HasPrefix("address", what) && len(words) == 5 && words[3] == "dev":
		return changeAddress(p, words[1], words[2], words[4])
	case strings.HasPrefix("address", what):
		addresses(p, brief)
	case strings.HasPrefix("link", what) && len(words) == 3 && strings.HasPrefix("delete", words[1]):
		return deleteLink(p, words[2])
	case strings.HasPrefix("link", what):
		for i, dev := range p.Net.Devs() {
			if brief {
				p.Printf("%-16s %-14s <UP,LOWER_UP> \n", dev, state(dev))
				continue
			}
			p.Printf("%d: %s: <UP,LOWER_UP> mtu 1500 state %s\n", i+1, dev, state(dev))
		}
	case strings.HasPrefix("route", what):
		for _, a := range p.Net.Addresses() {
			if a.Dev != "lo" {
				p.Printf("%s dev %s proto kernel scope link src %s \n", a.Prefix.Masked(), a.Dev, a.Prefix.Addr())
			}
		}
	default:
		p.Errorf("Object \"%s\" is unknown, try \"ip help\".\n", what)
		return 1
	}
	return 0
}

// changeAddress adds or deletes one address.
func changeAddress(p *kernel.Process, how, word, dev string) int {
	a, err := netip.ParsePrefix(word)
	switch {
	case err != nil:
		p.Errorf("Error: any valid prefix is expected rather than \"%s\".\n", word)
		return 1
	case how == "add" && !p.Net.Add(dev, a):
		p.Errorf("Cannot find device \"%s\"\n", dev)
		return 1
	case how == "del" && !p.Net.Unplug(a):
		p.Errorf("RTNETLINK answers: Cannot assign requested address\n")
		return 2
	case how != "add" && how != "del":
		p.Errorf("Command \"%s\" is unknown, try \"ip address help\".\n", how)
		return 255
	}
	return 0
}

// deleteLink takes an interface away with its addresses.
func deleteLink(p *kernel.Process, dev string) int {
	if !slices.Contains(p.Net.Devs(), dev) {
		p.Errorf("Cannot find device \"%s\"\n", dev)
		return 1
	}
	p.Net.UnplugDev(dev)
	return 0
}

func state(dev string) string {
	if dev == "lo" {
		return "UNKNOWN"
	}
	return "UP"
}

func addresses(p *kernel.Process, brief bool) {
	all := p.Net.Addresses()
	for i, dev := range p.Net.Devs() {
		if brief {
			p.Printf("%-16s %-14s ", dev, state(dev))
		} else {
			p.Printf("%d: %s: <UP,LOWER_UP> mtu 1500 state %s\n", i+1, dev, state(dev))
		}
		for _, a := range all {
			switch {
			case a.Dev != dev:
			case brief:
				p.Printf("%s ", a.Prefix)
			default:
				p.Printf("    inet %s scope %s %s\n", a.Prefix, scope(dev), dev)
			}
		}
		if brief {
			p.Printf("\n")
		}
	}
}

func scope(dev string) string {
	if dev == "lo" {
		return "host"
	}
	return "global"
}
