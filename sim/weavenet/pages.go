package weavenet

import (
	"fmt"
	"strings"
)

// The pages of /status, as the templates in weave's prog/weaver/http.go write
// them.
var pages = map[string]func(report) string{
	"":            overview,
	"targets":     func(s report) string { return lines(s.Router.Targets) },
	"connections": connectionsPage,
	"peers":       peersPage,
	"dns":         dnsPage,
	"ipam":        ipamPage,
}

var connectionStates = []string{"established", "pending", "retrying", "failed", "connecting"}

func lines(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return strings.Join(list, "\n") + "\n"
}

func arrow(outbound bool) string {
	if outbound {
		return "->"
	}
	return "<-"
}

// connectionsPage prints attributes without a blank between them, as the real
// template does: "encrypted=truemtu=1376".
func connectionsPage(s report) string {
	var b strings.Builder
	for _, c := range s.Router.Connections {
		fmt.Fprintf(&b, "%s %-21v %-11v %s ", arrow(c.Outbound), c.Address, c.State, c.Info)
		if c.Attrs["encrypted"] == true {
			b.WriteString("encrypted=true")
		}
		if c.Attrs != nil {
			fmt.Fprintf(&b, "mtu=%v", c.Attrs["mtu"])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func peersPage(s report) string {
	var b strings.Builder
	for _, p := range s.Router.Peers {
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

func dnsPage(s report) string {
	var b strings.Builder
	if s.DNS == nil {
		return ""
	}
	for _, e := range s.DNS.Entries {
		fmt.Fprintf(&b, "%-12v %-15v %12.12v %v\n", strings.TrimSuffix(e.Hostname, "."+dnsDomain), e.Address, e.ContainerID, e.Origin)
	}
	return b.String()
}
