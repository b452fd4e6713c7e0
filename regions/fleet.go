// Package regions answers what should be: the fleet file, loaded and
// validated. It is data only; it opens no file and resolves no name itself.
package regions

import (
	"maps"
	"net/netip"
	"slices"
	"time"

	"vmqbot/secret"
)

// Fleet is one cluster as its fleet file plans it. One file is one cluster.
type Fleet struct {
	Cluster  string              // "release": names the cluster in locks, audit and messages
	Lang     string              // in which language the bot speaks to people: en or zh
	Image    string              // the reference every node should run
	Relay    string              // host that images pass through; "" for none
	Network  Network             // the overlay
	Regions  []Region            // in the order of the file
	MQTT     MQTT                // how the probe message logs in
	Slack    Slack               // where the bot speaks
	Roles    map[string][]string // role name to user or user-group ids; empty means nobody
	Rights   Rights              // who alone may do a verb in a region
	Approval map[string]Approval // by verb
	Rolling  Rolling             // in which order nodes are taken away
	Checks   Checks              // clock and healing
	Store    string              // path of the SQLite file; "" lets cmd/bot choose

	OnCall    map[string]OnCall // who is paged, by region or "all"; empty means nobody
	Receivers []Receiver        // where alerts are taken to, in the order of the file
	Deadman   Deadman           // who is told that the watch turns
}

// Network is the overlay that joins the hosts.
type Network struct {
	Driver   string       // "weave", the only one so far
	Subnet   netip.Prefix // every node's address lies in it
	Password secret.Text  // of the mesh; empty when the file gives none
	Range    netip.Prefix // what the driver gives out by itself; the zero value leaves it the driver's own
	MTU      int          // bytes of a packet inside; 0 leaves it the driver's own
	Kit      string       // folder on this machine with the driver's program and images; "" for none
}

// Region is a group of nodes that is locked, restarted and reported together.
type Region struct {
	Name  string // "cn"
	Title string // "China"
	Nodes []Node // in the order of the file
}

// Node is one broker container on one host, with everything that the file
// says about it: the defaults of the fleet are already merged in.
type Node struct {
	Name      string                 // "cn-1", unique in the fleet
	Region    string                 // "cn"
	Host      string                 // DNS name or address that ssh dials
	Peer      string                 // DNS name or address at which the other hosts reach this one; Host when the file gives none
	SSH       SSH                    // how to log in there
	Container string                 // "vernemq-release-cn-1"
	Address   netip.Prefix           // planned weave address with its length, 10.0.0.1/24
	Image     string                 // the reference this node should run
	Ports     []int                  // container ports that are published
	Volumes   Volumes                // host folders
	Release   string                 // VerneMQ's release root inside the container, as /usr/lib/vernemq
	Conf      map[string]secret.Word // vernemq.conf keys, fleet and node merged
	Cookie    secret.Text            // distributed_cookie; empty when the file gives none
}

// SSH is how a host is reached.
type SSH struct {
	User       string
	Port       int    // 22 by default
	Key        string // path of the private key; "" means the agent
	KnownHosts string // path of the known_hosts file; every hop is checked against it
	Jump       string // "[user@]host[:port]" of the first hop; "" dials the host directly
	LockDir    string // folder on the host for the region lease, /var/lock by default
	Sudo       bool   // weave and lease commands run under "sudo -n"
}

// Volumes are the host folders mounted into the container; "" means not mounted.
type Volumes struct{ Conf, Log, Data string }

// MQTT is how the probe message logs in; credentials come by reference only.
type MQTT struct {
	Port     int           // 1883 by default
	Username string        // "" for an anonymous probe
	Password secret.Text   // resolved from ${env:} or ${file:}
	Topic    string        // prefix of the probe's topics, vmqbot/probe by default
	Timeout  time.Duration // longest wait for one message to cross, 5s by default
}

// Slack says where the bot speaks.
type Slack struct {
	Channel, Team string
	Alerts        map[string]string // the channel for alerts about a region, or "all"; the fleet's where there is none
}

// AlertsOf is the channel in which alerts about a region are told: its own, the
// one for all, or the fleet's.
func (s Slack) AlertsOf(region string) string {
	for _, name := range []string{region, "all"} {
		if id := s.Alerts[name]; id != "" {
			return id
		}
	}
	return s.Channel
}

// Known reports whether a channel is one of those of this file.
func (s Slack) Known(channel string) bool {
	if channel == "" {
		return false
	}
	return channel == s.Channel || slices.Contains(slices.Collect(maps.Values(s.Alerts)), channel)
}

// Takes reports whether a change of these regions may be asked for in a channel:
// any in the fleet's, and where the alerts of a region are told those of that
// region, and what names none.
func (s Slack) Takes(channel string, regions []string) bool {
	if channel == s.Channel {
		return true
	}
	return s.Known(channel) && !slices.ContainsFunc(regions, func(r string) bool { return s.AlertsOf(r) != channel })
}

// Approval is the policy of one verb.
type Approval struct {
	Approvers []string            // user-group or user ids; empty means nobody may approve
	Count     int                 // how many must agree
	Expires   time.Duration       // how long a card is valid
	Regions   map[string]Approval // another policy in one region; nil for none
}

// Rights narrow a verb to some people: by verb, then by region or "all". Who
// stands there also needs the verb's role.
type Rights map[string]map[string][]string

// Only returns the ids that alone may do a verb in a region; limited is false
// when the role alone decides. Region "" is a verb without a target.
func (r Rights) Only(verb, region string) (ids []string, limited bool) {
	if ids, limited = r[verb][region]; !limited {
		ids, limited = r[verb]["all"]
	}
	return ids, limited
}

// ApprovalFor returns the policy of a verb in a region; false when there is
// none and the consent of whoever asks is enough.
func (f *Fleet) ApprovalFor(verb, region string) (Approval, bool) {
	a, ok := f.Approval[verb]
	if own, differs := a.Regions[region]; differs {
		return own, true
	}
	return a, ok
}

// Rolling is how verbs that take nodes away one after the other go about it.
type Rolling struct {
	Canary string // region whose nodes come before all others; "" keeps the order of the file
}

// Checks is the watch's clock and its leave to heal.
type Checks struct {
	Sweep time.Duration
	Heal  map[string]string // check name to off, suggest or auto

	Neutral  []string // places outside the fleet, as host:port, that tell the bot's own network from hosts that are down
	Budget   Budget   // of what is repaired without asking
	Runbook  string   // the page of docs/runbooks/checks.md, whose headings are the checks; "" for none
	Flapping int      // beginnings and ends within half an hour from which on an alert comes and goes
}

// Budget is how often one node may be repaired without asking, whether it helped
// or not, and how long the watch waits after the first attempt of an hour; after
// the second it waits four times as long, and after each later one sixteen times.
type Budget struct {
	Hour, Day int
	Pause     time.Duration
}

// The watch's limits where the fleet file names none.
const (
	HealsPerHour  = 3
	HealsPerDay   = 7
	HealPause     = 30 * time.Second
	FlappingEdges = 4
)

// ClusterPort is the port of VerneMQ's data channel (listener.vmq.clustering).
const ClusterPort = 44053
