package facts

import (
	"time"

	"vmqbot/secret"
	"vmqbot/vernemq"
)

// Vitals are how a node fares beside whether it serves: one command in its
// container, and df on its host, tell all of them.
type Vitals struct {
	Disks   Seen[map[string]Disk] `json:"disks"`           // by folder: Docker's own and the planned ones, or their nearest parent
	Metrics Seen[vernemq.Metrics] `json:"metrics"`         // the broker's counters of messages between nodes, netsplits and queues
	Hooks   map[string]Seen[Dial] `json:"hooks,omitempty"` // by HOST:PORT of a planned webhook, called from inside the container
	Conf    Seen[secret.Text]     `json:"conf"`            // vernemq.conf as it stands in the container, without its last line ends
	Certs   map[string]Seen[Cert] `json:"certs,omitempty"` // by key of a planned TLS listener
}

// Dial is a TCP connection that was tried.
type Dial struct {
	Connected bool   `json:"connected"`
	Says      string `json:"says,omitempty"` // why not, in the words of whoever tried
}

// Cert is the certificate that a TLS listener shows.
type Cert struct {
	Subject string    `json:"subject"`
	Begins  time.Time `json:"begins"`
	Ends    time.Time `json:"ends"`
}
