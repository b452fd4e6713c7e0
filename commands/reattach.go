package commands

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "reattach",
	Summary: "Give containers their weave address and their messages back",
	Help: `Weave forgets an attached address when the container, Docker or the host
restarts, and VerneMQ that started without its address never binds its cluster
port: cluster show then says that every node is running while all messages into
the region are dropped. Reattach attaches the planned address where it is
missing, binds the cluster port in place (no client is dropped), and is done
only when the address, the port, the data channels both ways, every node's view
and an MQTT message across are proven. It never restarts a container, touches
no node that it cannot see, and is safe to run twice.

When the port cannot be bound in place, --drop-clients allows to stop and start
VerneMQ's listeners, which disconnects this node's MQTT clients for about two
seconds. --start allows to start a container that is stopped.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "drop-clients", Help: "when binding in place fails, restart VerneMQ's listeners: its clients reconnect"},
		{Name: "start", Help: "start the container when it is stopped"},
	},
	Examples: []Example{
		{"reattach cn", "repair every node of cn"},
		{"reattach cn-1", "repair one node"},
		{"reattach cn-1 --drop-clients", "repair it even if its clients must reconnect"},
		{"reattach cn-1 --start", "start the stopped container first"},
	},
	Role:   ops.Operator,
	Look:   func(ops.Request) Look { return Look{Facts: checks.Need("container", "ip"), Fleet: true} },
	Deeper: brokersToo,
	Plan:   planReattach,
	Refuse: func(r ops.Request) error {
		if r.Flag("drop-clients") && len(r.Regions()) > 1 {
			return ops.Errorf(ops.Refused, "reattach REGION --drop-clients",
				"Two regions must not drop their clients at the same time.")
		}
		return nil
	},
})

// repairs are the checks that decide what there is to repair; whole are those
// that a repaired node passes, in the order of proof.
var (
	repairs = []string{"container", "ip", "port", "channel", "cluster"}
	whole   = append(slices.Clone(repairs), "mqtt")
)

// brokersToo asks the brokers only where the address is there: without it they
// answer nothing, which takes seconds to see, and each second loses messages. What they
// would say changes no step then: the address comes first, and the steps after it are
// proven, or skipped, when their turn comes.
func brokersToo(r ops.Request, w ops.World) facts.Need {
	lost := 0
	for _, n := range r.Nodes {
		is := judge(w, n)
		if blind(w.Seen.Nodes[n.Name]) != "" || is("container").Verdict != checks.OK || is("ip").Verdict == checks.Bad {
			lost++
		}
	}
	need := checks.Need(repairs...)
	switch {
	case lost == len(r.Nodes):
		return facts.Need{}
	case w.Asked.And(need) != w.Asked:
		return need
	default:
		return messagesToo(r, w)
	}
}

// messagesToo sends messages only when nothing else is wrong: a message that
// does not arrive takes seconds to miss, and a broken node is repaired and
// proven whatever it would have shown.
func messagesToo(r ops.Request, w ops.World) facts.Need {
	for _, n := range r.Nodes {
		peers := provable(&ops.Plan{}, r, w, n)
		if blind(w.Seen.Nodes[n.Name]) == "" && !proven(w, n, peers, repairs) {
			return facts.Need{}
		}
	}
	return checks.Need(whole...)
}

// planReattach repairs every node of the target before it proves any: a proof
// between two broken nodes can only come when both are repaired.
func planReattach(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Reattach " + r.Target}
	var refused error
	var repaired, untouched []regions.Node
	for _, n := range r.Nodes {
		if why := blind(w.Seen.Nodes[n.Name]); why != "" {
			p.Unseen = append(p.Unseen, n.Name)
			p.Notes = append(p.Notes, n.Name+" is not touched, because it cannot be seen: "+trim(why))
			continue
		}
		is := judge(w, n)
		if err := refuseNode(r, n, is); err != nil {
			refused = cmp.Or(refused, err)
			p.Left = append(p.Left, n.Name)
			p.Notes = append(p.Notes, n.Name+" is not touched: "+err.Error())
			continue
		}
		if steps := repairNode(r, w, n, is); len(steps) > 0 {
			p.Steps = append(p.Steps, steps...)
			repaired = append(repaired, n)
		} else {
			untouched = append(untouched, n)
		}
	}
	if len(p.Unseen)+len(p.Left) == len(r.Nodes) {
		if refused != nil && len(p.Unseen) == 0 {
			return p, refused
		}
		return p, ops.Errorf(ops.Unseen, "diagnose "+r.Target, "Nothing was done: %s.", strings.Join(p.Notes, "; "))
	}
	for _, n := range append(repaired, unproven(&p, r, w, repaired, untouched)...) {
		p.Steps = append(p.Steps, proofs(n, provable(&p, r, w, n))...)
		p.Locks = with(p.Locks, n.Region)
	}
	return p, nil
}

// judge is the judge of one node.
func judge(w ops.World, n regions.Node) func(string) checks.Observation {
	return func(check string) checks.Observation { return checks.One(w.Fleet, w.Seen, n, check) }
}

// blind says why a node cannot be judged, or "". That a container does not
// exist was seen.
func blind(n facts.Node) string {
	switch {
	case !n.Host.OK():
		return n.Host.Why()
	case !n.Docker.OK():
		return n.Docker.Why()
	case !n.Container.OK() && n.Container.Blind() != facts.Absent:
		return n.Container.Why()
	default:
		return ""
	}
}

// repairNode is what one node needs, in the one right order: container,
// address, broker, port.
func repairNode(r ops.Request, w ops.World, n regions.Node, is func(string) checks.Observation) []ops.Step {
	var steps []ops.Step
	started := is("container").Verdict != checks.OK
	addressLost := started || is("ip").Verdict != checks.OK
	if started {
		steps = append(steps, startContainer(n))
	}
	if addressLost {
		steps = append(steps, attach(w, n))
	}
	if addressLost || is("port").Verdict != checks.OK {
		steps = append(steps, bind(r, w, n)...)
	}
	return steps
}

// refuseNode names what reattach must not or cannot repair.
func refuseNode(r ops.Request, n regions.Node, is func(string) checks.Observation) error {
	switch o := is("router"); o.Verdict {
	case checks.OK:
	case checks.Unknown:
		return ops.Errorf(ops.Unseen, "diagnose "+n.Name, "Nothing was done, because what weave on the host of %s does cannot be seen: %s.", n.Name, trim(o.Evidence))
	default:
		return ops.Errorf(code(o.Verdict), "diagnose "+n.Name, "Weave does not run on the host of %s: %s. %s", n.Name, trim(o.Evidence), o.NoRepair)
	}
	if o := is("clash"); o.Verdict == checks.Bad {
		return ops.Errorf(ops.Refused, "diagnose "+n.Name, "Attaching %s again would make it flap: %s.", n.Address, trim(o.Evidence))
	}
	if o := is("container"); o.Verdict != checks.OK && !startable(o) {
		return ops.Errorf(code(o.Verdict), cmp.Or(o.Repair, "diagnose "+n.Name), "The container of %s is no use now: %s. %s", n.Name, trim(o.Evidence), o.NoRepair)
	} else if o.Verdict != checks.OK && !r.Flag("start") {
		return ops.Errorf(code(o.Verdict), "reattach "+n.Name+" --start", "The container of %s does not run: %s.", n.Name, trim(o.Evidence))
	}
	if o := is("ip"); o.Verdict == checks.Unknown && is("container").Verdict == checks.OK {
		return ops.Errorf(ops.Unseen, "diagnose "+n.Name, "The addresses of %s cannot be read: %s.", n.Name, trim(o.Evidence))
	}
	return nil
}

// startable reports that docker start is what the container needs: the check
// says so for one that was created or has exited, and not for one that is
// paused, restarts by itself, or is not there.
func startable(o checks.Observation) bool { return strings.HasSuffix(o.Repair, "--start") }

func code(v checks.Verdict) ops.Code {
	if v == checks.Unknown {
		return ops.Unseen
	}
	return ops.Failed
}

// attachTimeout leaves a busy host time: weave starts containers of its own to attach
// one, which took more than 20 s in the lab beside other tests.
const attachTimeout = 60 * time.Second

func startContainer(n regions.Node) ops.Step {
	return ops.Step{
		Title: "Start the container of " + n.Name, Node: n.Name,
		Do: ops.StartContainer{Container: n.Container}, Verify: []string{"container"}, Timeout: 60 * time.Second,
		NoUndo: "the container belongs running",
	}
}
