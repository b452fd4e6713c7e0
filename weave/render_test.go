package weave

import (
	"fmt"
	"strings"
)

// These write answers with the verbs of the router's own templates
// (prog/weaver/http.go, mesh/status.go), so that generated worlds are read in
// the form that a real router gives them.

func arrow(outbound bool) string {
	if outbound {
		return "->"
	}
	return "<-"
}

func renderConnections(all []Connection) string {
	var b strings.Builder
	for _, c := range all {
		attrs := ""
		if c.Encrypted && c.measured() {
			attrs += "encrypted=true"
		}
		if c.measured() {
			attrs += fmt.Sprintf("mtu=%d", c.MTU)
		}
		fmt.Fprintf(&b, "%s %-21v %-11v %s %s\n", arrow(c.Outbound), c.Address, c.State, c.Info, attrs)
	}
	return b.String()
}

// renderInfo is the Info of an established or pending connection; word is
// "", "encrypted" or "unencrypted".
func renderInfo(word, carrier, name, nick string) string {
	if carrier == "" {
		carrier = "none"
	}
	info := fmt.Sprintf("%-6v %s(%s)", carrier, name, nick)
	if word != "" {
		info = fmt.Sprintf("%-11v %v", word, info)
	}
	return info
}

func renderPeers(all []Peer) string {
	var b strings.Builder
	for _, p := range all {
		fmt.Fprintf(&b, "%s(%s)\n", p.Name, p.NickName)
		for _, c := range p.Connections {
			state := "pending"
			if c.Established {
				state = "established"
			}
			fmt.Fprintf(&b, "   %s %-21v %-37v %s\n", arrow(c.Outbound), c.Address, c.Name+"("+c.NickName+")", state)
		}
	}
	return b.String()
}

func renderIPAM(owners []IPAMOwner) string {
	var total uint64
	for _, o := range owners {
		total += uint64(o.IPs)
	}
	var b strings.Builder
	for _, o := range owners {
		info := ""
		if o.Local {
			info = fmt.Sprintf("(%d active)", o.Active)
		} else if !o.Reachable {
			info = "- unreachable!"
		}
		percent := float32(o.IPs) * 100.0 / float32(total)
		fmt.Fprintf(&b, "%-37v %8d IPs (%04.1f%% of total) %s\n", o.Name+"("+o.NickName+")", o.IPs, percent, info)
	}
	return b.String()
}

func renderDNS(entries []DNSEntry) string {
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&b, "%-12v %-15v %12.12v %s\n", e.Name, e.Address, e.Container, e.Peer)
	}
	return b.String()
}

func renderPS(entries []PSEntry) string {
	if len(entries) == 0 {
		return "\n"
	}
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(e.ID + " " + e.MAC)
		for _, p := range e.Addresses {
			b.WriteString(" " + p.String())
		}
		b.WriteByte('\n')
	}
	return b.String()
}
