package tools

import (
	"strings"

	"vmqbot/sim/kernel"
)

// ip shows addresses (-br addr), links and routes; it changes nothing.
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
	case strings.HasPrefix("address", what):
		addresses(p, brief)
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
