package endpoints

import (
	"maps"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
)

// Mesh is every node and every link between two, as the watch saw them last.
type Mesh struct {
	Cluster string    `json:"cluster"`
	At      time.Time `json:"at"` // when a look was last kept; zero for never
	Nodes   []Node    `json:"nodes"`
	Links   []Link    `json:"links"` // every ordered pair, row by row
	Firing  []Firing  `json:"firing"`
}

// Node is one node.
type Node struct {
	Name     string         `json:"name"`
	Region   string         `json:"region"`
	Title    string         `json:"title"` // of its region
	Verdict  checks.Verdict `json:"verdict"`
	Evidence string         `json:"evidence,omitempty"` // of the worst check
}

// Link is the way from one node to another.
type Link struct {
	From    string         `json:"from"`
	To      string         `json:"to"`
	Weave   checks.Verdict `json:"weave"`   // the connection between the hosts
	Channel checks.Verdict `json:"channel"` // VerneMQ's data channel
	Message checks.Verdict `json:"message"` // whether a message of the probe arrived
	Took    time.Duration  `json:"took_ns"` // that message; 0 when none arrived
	RTT     time.Duration  `json:"rtt_ns"`  // mean echo over weave, as it was last asked for; 0 for unknown
	Why     string         `json:"why,omitempty"`

	why map[string]string // by check
}

// Firing is one alert that a person may want to know of.
type Firing struct {
	Alert    string    `json:"alert"`
	Phase    string    `json:"phase"`
	Since    time.Time `json:"since"`
	Evidence string    `json:"evidence"`
	Muted    string    `json:"muted,omitempty"`
}

// Verdict is the worst of the three.
func (l Link) Verdict() checks.Verdict {
	all := []checks.Verdict{l.Weave, l.Channel, l.Message}
	switch {
	case slices.Contains(all, checks.Bad):
		return checks.Bad
	case slices.Contains(all, checks.Unknown):
		return checks.Unknown
	default:
		return checks.OK
	}
}

// Mesh is what is known now. What was never seen is Unknown.
func (b *Board) Mesh() Mesh {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := Mesh{Cluster: b.fleet.Cluster, At: b.kept, Links: []Link{}, Firing: append([]Firing{}, b.firing...)}
	for _, r := range b.fleet.Regions {
		for _, n := range r.Nodes {
			m.Nodes = append(m.Nodes, Node{Name: n.Name, Region: r.Name, Title: r.Title, Verdict: b.nodes[n.Name], Evidence: b.evidence[n.Name]})
		}
	}
	for _, from := range m.Nodes {
		for _, to := range m.Nodes {
			if from.Name == to.Name {
				continue
			}
			l := Link{From: from.Name, To: to.Name}
			if seen := b.links[[2]string{from.Name, to.Name}]; seen != nil {
				l = *seen
				l.Why = strings.Join(slices.Sorted(maps.Values(seen.why)), "; ")
				l.why = nil
			}
			m.Links = append(m.Links, l)
		}
	}
	return m
}
