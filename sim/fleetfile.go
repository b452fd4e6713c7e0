package sim

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// setting is a line of vernemq.conf that is the same on every node.
type setting struct{ Key, Value string }

// settings are those of the lab, so that one set of scripts fits both.
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

// Where things are in a container and on its host.
const (
	release   = "/usr/lib/vernemq"
	confDir   = "/etc/vernemq"
	logDir    = "/data/server/docker/vernemq/log"
	dataDir   = "/data/server/docker/vernemq/data"
	firstRepo = "airdroid/vernemq"
	firstTag  = firstRepo + ":2.1.2"
)

// user is who logs in on the hosts; root may, too, for who breaks things.
const user = "ops"

var fleetFile = template.Must(template.New("fleet").Parse(`# Written by bot sim: the fleet that it simulates. Written again at every start.
cluster: release
image: {{.Image}}
network: {driver: weave, subnet: {{.Subnet}}}
ssh: {user: {{.User}}, key: {{.Dir}}/id_ed25519, known_hosts: {{.Dir}}/known_hosts, jump: ""}
container:
  ports: [1883, 1889, 1900]
  volumes: {conf: {{.Conf}}, log: {{.Log}}, data: {{.Data}}}
  release: {{.Release}}
conf:
  distributed_cookie: "${file:{{.Dir}}/cookie}"
{{- range .Settings}}
  {{.Key}}: {{.Value}}
{{- end}}
regions:
{{- range .Regions}}
  {{.Name}}:
    title: {{.Title}}
    nodes:
{{- range .Nodes}}
      {{.Node}}: {host: {{.Host}}, container: {{.Container}}, address: {{.Address}}, ssh: {{"{"}}port: {{.Port}}{{if .Via}}, jump: "{{.Via}}"{{end}}{{"}}"}}
{{- end}}
{{- end}}
roles: {viewer: [], operator: [], admin: []}
mqtt: {}
store: {{.Dir}}/state/release.db
`))

// fleetNode is a node as the bot reaches it.
type fleetNode struct {
	Site
	Host string
	Port int
	Via  string
}

type fleetRegion struct {
	Name, Title string
	Nodes       []fleetNode
}

// fleetText is the fleet file: the bot's view of what is simulated.
func fleetText(dir string, nodes []fleetNode) (string, error) {
	var regions []fleetRegion
	for _, n := range nodes {
		i := slices.IndexFunc(regions, func(r fleetRegion) bool { return r.Name == n.Region })
		if i < 0 {
			i = len(regions)
			regions = append(regions, fleetRegion{Name: n.Region, Title: n.Title})
		}
		regions[i].Nodes = append(regions[i].Nodes, n)
	}
	var b strings.Builder
	err := fleetFile.Execute(&b, map[string]any{
		"Image": firstTag, "Subnet": nodes[0].Address.Masked().String(), "User": user, "Dir": filepath.ToSlash(dir),
		"Conf": confDir, "Log": logDir, "Data": dataDir, "Release": release, "Settings": settings, "Regions": regions,
	})
	return b.String(), err
}

// knownLine is the line of known_hosts for an address.
func knownLine(host string, port int, key ssh.PublicKey) string {
	return knownhosts.Line([]string{knownhosts.Normalize(fmt.Sprintf("%s:%d", host, port))}, key) + "\n"
}

// confText is the vernemq.conf of a node as a person of the runbook wrote it.
func confText(s Site, cookie string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s. Written by hand; the keys are those of the runbook.\nnodename = %s\ndistributed_cookie = %s\nlistener.vmq.clustering = %s:44053\n",
		s.Title, s.NodeName(), cookie, s.Address.Addr())
	for _, set := range settings {
		fmt.Fprintf(&b, "%s = %s\n", set.Key, set.Value)
	}
	return b.String()
}
