package world

import (
	"strings"

	"vmqbot/format"
)

// setting is a line of vernemq.conf that is the same on every node.
type setting struct{ Key, Value string }

// settings are the runbook's: all four switches on, so that one dead region
// does not stop the others; the metadata plugin pinned, so that an upgrade
// does not change it.
var settings = []setting{
	{"allow_anonymous", "on"},
	{"allow_register_during_netsplit", "on"},
	{"allow_publish_during_netsplit", "on"},
	{"allow_subscribe_during_netsplit", "on"},
	{"allow_unsubscribe_during_netsplit", "on"},
	{"listener.tcp.default", "0.0.0.0:1883"},
	{"listener.tcp.b", "0.0.0.0:1889"},
	{"listener.tcp.c", "0.0.0.0:1900"},
	{"listener.http.default", "127.0.0.1:8888"},
	{"log.console", "file"},
	{"metadata_plugin", "vmq_swc"},
}

// FleetYAML is lab/fleet.yaml: the bot's view of the lab. state is the
// directory of the keys; the node of the region eu is reached through the jump host.
func FleetYAML(state, user string) (string, error) {
	f := FleetFile{By: "lab up", State: state, User: user, Subnet: "10.0.0.0/24"}
	for _, h := range Regions() {
		n := FleetNode{Region: h.Name, Title: h.Title, Name: h.Name + "-1", Host: h.IP, Container: h.Container(), Address: h.CIDR()}
		if h.Name == "eu" {
			n.Jump = user + "@" + Jump.IP
		}
		f.Nodes = append(f.Nodes, n)
	}
	return f.Text()
}

var conf = format.Must(format.Parse("conf", `# {{.Title}}. Written by {{.By}}; the keys are those of the runbook.
nodename = {{.Node}}
distributed_cookie = {{.Cookie}}
listener.vmq.clustering = {{.Address}}:44053
{{- range .Settings}}
{{.Key}} = {{.Value}}
{{- end}}
`, nil))

// VernemqConf is the region's vernemq.conf.
func VernemqConf(h Host, cookie string) (string, error) {
	return Conf("the lab", h.Title, h.Node(), h.Address(), cookie)
}

// Conf is the vernemq.conf of a node as somebody of the runbook writes it. The
// address stands without the length of its network.
func Conf(by, title, node, address, cookie string) (string, error) {
	return conf.Text(map[string]any{"By": by, "Title": title, "Node": node, "Address": address, "Cookie": cookie, "Settings": settings})
}

// KnownHosts is a known_hosts file from each host's public key line, as
// ssh-keygen wrote it.
func KnownHosts(hosts []Host, public map[string]string) string {
	var b strings.Builder
	for _, h := range hosts {
		fields := strings.Fields(public[h.Name])
		if len(fields) < 2 {
			continue
		}
		b.WriteString(h.IP + " " + fields[0] + " " + fields[1] + "\n")
	}
	return b.String()
}
