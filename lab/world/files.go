package world

import (
	"strings"
	"text/template"
)

// setting is a line of vernemq.conf that is the same in every region.
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

var fleet = template.Must(template.New("fleet").Parse(`# Written by lab up: the fleet of the lab. Written again on every run.
cluster: release
image: {{.Image}}
network: {driver: weave, subnet: 10.0.0.0/24}
ssh: {user: {{.User}}, key: {{.State}}/id_ed25519, known_hosts: {{.State}}/known_hosts, jump: ""}
container:
  ports: [1883, 1889, 1900]
  volumes: {conf: /etc/vernemq, log: /data/server/docker/vernemq/log, data: /data/server/docker/vernemq/data}
  release: {{.Release}}
conf:
  distributed_cookie: "${file:{{.State}}/cookie}"
{{- range .Settings}}
  {{.Key}}: {{.Value}}
{{- end}}
regions:
{{- range .Regions}}
  {{.Name}}: {title: {{.Title}}, nodes: {{"{"}}{{.Name}}-1: {host: {{.IP}}, container: {{.Container}}, address: {{.CIDR}}{{if eq .Name $.Via}}, ssh: {{"{"}}jump: "{{$.User}}@{{$.JumpIP}}"}{{end}}{{"}}}"}}
{{- end}}
roles: {viewer: [], operator: [], admin: []}
mqtt: {}
`))

// FleetYAML is lab/fleet.yaml: the bot's view of the lab. state is the
// directory of the keys; the node of the region eu is reached through the jump host.
func FleetYAML(state, user string) (string, error) {
	return render(fleet, map[string]any{
		"Image": BrokerImage, "State": state, "User": user, "Release": Release,
		"Settings": settings, "Regions": Regions(), "Via": "eu", "JumpIP": Jump.IP,
	})
}

var conf = template.Must(template.New("conf").Parse(`# {{.Title}}. Written by the lab; the keys are those of the runbook.
nodename = {{.Node}}
distributed_cookie = {{.Cookie}}
listener.vmq.clustering = {{.Address}}:44053
{{- range .Settings}}
{{.Key}} = {{.Value}}
{{- end}}
`))

// VernemqConf is the region's vernemq.conf.
func VernemqConf(h Host, cookie string) (string, error) {
	return render(conf, struct {
		Host
		Cookie   string
		Settings []setting
	}{h, cookie, settings})
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

func render(t *template.Template, data any) (string, error) {
	var b strings.Builder
	err := t.Execute(&b, data)
	return b.String(), err
}
