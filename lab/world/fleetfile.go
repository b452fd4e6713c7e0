package world

import (
	"path/filepath"
	"slices"

	"vmqbot/format"
)

// Where the files of a broker are on a region host.
const (
	ConfDir = "/etc/vernemq"
	LogDir  = "/data/server/docker/vernemq/log"
	DataDir = "/data/server/docker/vernemq/data"
)

// FleetFile is the bot's view of a fleet that is no real one: the lab, or a
// simulated fleet. Both have the same settings, so that one set of scripts fits
// both.
type FleetFile struct {
	By     string // who writes it: "lab up", "bot sim"
	State  string // folder of the keys and the cookie
	User   string // who logs in
	Subnet string // of the weave network
	Store  string // the bot's own file; "" is its default
	Nodes  []FleetNode
}

// FleetNode is a node as the bot reaches it.
type FleetNode struct {
	Region, Title string
	Name          string
	Host          string
	Port          int    // of ssh; 0 is the usual
	Jump          string // user@host, or ""
	Peer          string // where the other hosts reach it; "" is Host
	Container     string
	Address       string // with the length of its network
}

// region is the nodes of one region.
type region struct {
	Name, Title string
	Nodes       []FleetNode
}

var fleet = format.Must(format.Parse("fleet", `# Written by {{.By}}: the fleet that it makes. Written again at every start.
cluster: release
image: {{.Image}}
network: {driver: weave, subnet: {{.Subnet}}}
ssh: {user: {{.User}}, key: {{.State}}/id_ed25519, known_hosts: {{.State}}/known_hosts, jump: ""}
container:
  ports: [1883, 1889, 1900]
  volumes: {conf: {{.Conf}}, log: {{.Log}}, data: {{.Data}}}
  release: {{.Release}}
conf:
  distributed_cookie: "${file:{{.State}}/cookie}"
{{- range .Settings}}
  {{.Key}}: {{.Value}}
{{- end}}
regions:
{{- range .Regions}}
  {{.Name}}:
    title: {{.Title}}
    nodes:
{{- range .Nodes}}
      {{.Name}}: {host: {{.Host}}{{with .Peer}}, peer: {{.}}{{end}}, container: {{.Container}}, address: {{.Address}}
{{- if .Port}}, ssh: {port: {{.Port}}{{if .Jump}}, jump: "{{.Jump}}"{{end}}}{{else if .Jump}}, ssh: {jump: "{{.Jump}}"}{{end}}}
{{- end}}
{{- end}}
roles: {viewer: [], operator: [], admin: []}
mqtt: {}
{{- with .Store}}
store: {{.}}
{{- end}}
`, nil))

// Text is the file.
func (f FleetFile) Text() (string, error) {
	var regions []region
	for _, n := range f.Nodes {
		i := slices.IndexFunc(regions, func(r region) bool { return r.Name == n.Region })
		if i < 0 {
			i = len(regions)
			regions = append(regions, region{Name: n.Region, Title: n.Title})
		}
		regions[i].Nodes = append(regions[i].Nodes, n)
	}
	return fleet.Text(map[string]any{
		"By": f.By, "State": filepath.ToSlash(f.State), "User": f.User, "Subnet": f.Subnet, "Store": filepath.ToSlash(f.Store),
		"Image": BrokerImage, "Conf": ConfDir, "Log": LogDir, "Data": DataDir, "Release": Release, "Settings": settings, "Regions": regions,
	})
}
