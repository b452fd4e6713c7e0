package sim

import (
	"fmt"
	"path/filepath"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"vmqbot/lab/world"
)

// user is who logs in on the hosts; root may, too, with the same key.
const user = "ops"

// node is a site as the bot reaches it.
func (s Site) node(host string, port int, jump string) world.FleetNode {
	return world.FleetNode{Region: s.Region, Title: s.Title, Name: s.Node, Host: host, Port: port, Jump: jump, Peer: s.IP.String(), Container: s.Container, Address: s.Address.String()}
}

// fleetText is the fleet file: the bot's view of what is simulated.
func fleetText(dir string, nodes []world.FleetNode) (string, error) {
	return world.FleetFile{By: "bot sim", State: dir, User: user, Subnet: subnet.String(), Store: filepath.Join(dir, "state", "release.db"), Nodes: nodes}.Text()
}

// knownLine is the line of known_hosts for an address.
func knownLine(host string, port int, key ssh.PublicKey) string {
	return knownhosts.Line([]string{knownhosts.Normalize(fmt.Sprintf("%s:%d", host, port))}, key) + "\n"
}

// writeConf puts a vernemq.conf on the host as a person of the runbook wrote it.
func (h *host) writeConf() error {
	text, err := world.Conf("hand", h.site.Title, h.site.NodeName(), h.site.Address.Addr().String(), h.f.cookie)
	if err != nil {
		return err
	}
	return h.write(world.ConfDir+"/vernemq.conf", text)
}
