package commands

import (
	"fmt"
	"slices"
	"strings"

	"vmqbot/checks"
	"vmqbot/ops"
)

var _ = register(Command{
	Name:    "diagnose",
	Summary: "Find what is wrong, what it means for messages and what to type",
	Help: `Runs every check: the host and the room on its disks, Docker, the container,
weave, the address, the cluster port, the data channels, VerneMQ's own views,
webhooks from inside the container, certificates, drift of vernemq.conf, and one
MQTT message (QoS 1) from every node to every node. What only a comparison with
earlier looks can tell (loss, latency, dropped bytes, queues) the watch tells. For each check that is not OK it prints
the evidence, what that means for messages, and the command that repairs it.
"unknown" is what could not be seen; it is never taken for OK.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"diagnose", "the whole cluster"},
		{"diagnose cn", "one region and its links"},
	},
	Look: func(ops.Request) Look { return Look{Facts: checks.Need(everyCheck()...), Fleet: true} },
	View: viewDiagnose,
})

func everyCheck() []string {
	var ns []string
	for _, c := range checks.All() {
		if !c.Named && !c.Past { // nobody remembers here what came before
			ns = append(ns, c.Name)
		}
	}
	return ns
}

func viewDiagnose(r ops.Request, w ops.World) (View, error) {
	obs := checks.Judge(w.Fleet, w.Seen, r.Nodes, everyCheck()...)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", w.Fleet.Cluster, headline(obs))
	for _, v := range []checks.Verdict{checks.Bad, checks.Unknown} {
		for _, f := range findings(obs, v) {
			if !follows(f.Observation) {
				b.WriteString(f.String())
			}
		}
	}
	b.WriteString(unchecked(obs))
	if worst(obs) == checks.OK {
		fmt.Fprintf(&b, "Checked: %s.\n", strings.Join(everyCheck(), ", "))
	}
	return View{Text: b.String(), Data: judged(r, w, obs), Verdict: worst(obs)}, nil
}

// finding is one failing check on one node, its links folded together.
type finding struct {
	checks.Observation
	nodes, peers []string
}

// findings folds the links that fail at one end into one paragraph: twelve
// paragraphs that say the same help nobody.
func findings(obs []checks.Observation, v checks.Verdict) []*finding {
	obs = ofVerdict(obs, v)
	var fs []*finding
	at := map[[3]string]*finding{}
	ends := countEnds(obs)
	for _, o := range obs {
		key := [3]string{o.Check, o.Repair, ends.shared(o)}
		f := at[key]
		if f == nil || o.Peer == "" {
			f = &finding{Observation: o}
			at[key] = f
			fs = append(fs, f)
		}
		f.nodes = with(f.nodes, o.Node)
		if o.Peer != "" {
			f.peers = with(f.peers, o.Peer)
		}
	}
	slices.SortStableFunc(fs, func(a, b *finding) int { return rank(a.Check) - rank(b.Check) })
	return fs
}

// ofVerdict are the observations that are told as v.
func ofVerdict(obs []checks.Observation, v checks.Verdict) []checks.Observation {
	n := 0
	for i := range obs {
		if told(obs[i]) == v {
			n++
		}
	}
	some := make([]checks.Observation, 0, n)
	for i := range obs {
		if told(obs[i]) == v {
			some = append(some, obs[i])
		}
	}
	return some
}

// ends counts the failing links of each check at each of their ends. They are
// counted once: a fleet of 200 nodes has 40 000 links.
type ends struct{ from, to map[[2]string]int }

func countEnds(obs []checks.Observation) ends {
	e := ends{from: map[[2]string]int{}, to: map[[2]string]int{}}
	for _, o := range obs {
		if o.Peer != "" {
			e.from[[2]string{o.Check, o.Node}]++
			e.to[[2]string{o.Check, o.Peer}]++
		}
	}
	return e
}

// shared is the end of a link at which more links of its check fail.
func (e ends) shared(link checks.Observation) string {
	if e.to[[2]string{link.Check, link.Peer}] > e.from[[2]string{link.Check, link.Node}] {
		return "-> " + link.Peer
	}
	return link.Node + " ->"
}

// where is "cn-1", "cn-1 -> sg-1, us-1" or "sg-1, us-1 -> cn-1".
func (f *finding) where() string {
	where := strings.Join(f.nodes, ", ")
	if len(f.peers) > 0 {
		where += " -> " + strings.Join(f.peers, ", ")
	}
	return where
}

// story is the order in which a reader wants to hear: causes before effects.
var story = []string{"host", "docker", "container", "clash", "ip", "port", "channel", "broker", "cluster", "ghost", "mqtt", "router", "peer"}

func rank(check string) int {
	if i := slices.Index(story, check); i >= 0 {
		return i
	}
	return len(story)
}

// unchecked names what was not checked because of the above, one line for
// each node and cause.
func unchecked(obs []checks.Observation) string {
	var causes []string
	skipped := map[string][]string{}
	for _, o := range obs {
		if !follows(o) {
			continue
		}
		cause := o.Node + ", because " + strings.TrimPrefix(o.Evidence, "not checked: ")
		causes = with(causes, cause)
		skipped[cause] = with(skipped[cause], o.Check)
	}
	if len(causes) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\nNot checked:\n")
	for _, c := range causes {
		fmt.Fprintf(&b, "    %s: %s\n", c, strings.Join(skipped[c], ", "))
	}
	return b.String()
}

func (f *finding) String() string {
	var b strings.Builder
	row := ""
	if f.Row != "" {
		row = " (" + f.Row + ")"
	}
	fmt.Fprintf(&b, "\n%s  %s: %s%s\n", strings.ToUpper(told(f.Observation).String()), f.where(), f.Check, row)
	fmt.Fprintf(&b, "    seen    %s\n", f.Evidence)
	if f.Effect != "" {
		fmt.Fprintf(&b, "    means   %s\n", f.Effect)
	}
	switch {
	case f.Repair != "":
		fmt.Fprintf(&b, "    type    %s\n", f.Repair)
	case f.NoRepair != "":
		fmt.Fprintf(&b, "    repair  no verb does this yet: %s\n", f.NoRepair)
	}
	return b.String()
}
