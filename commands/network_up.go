package commands

import (
	"fmt"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/network"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "network up",
	Summary: "Join the hosts: every router runs and dials every other host",
	Help: `Launches the weave router where it does not run, with every other host of the fleet
as peer, so that one that is away isolates no other; with the password, range and
MTU of the fleet file, and without weave's DNS, which dies when docker0 moves. A
router that runs and was not told of a host is told. One that answers and would not
come back after a restart, or was launched without the password or with another
range, is launched again: the plan says what that costs. A router that is right is
not touched, and weave reset, which takes every address, is never typed.

Proven by the checks router, targets and peer, and by the containers' addresses.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"network up", "every host"},
		{"network up cn", "the hosts of one region"},
	},
	Role: ops.Operator,
	Look: func(ops.Request) Look { return Look{Facts: checks.Need(fabric...), Fleet: true} },
	Plan: planNetworkUp,
})

// fabric are the checks that decide what the network lacks.
var fabric = []string{"router", "launch", "targets", "peer", "machine", "ip"}

func planNetworkUp(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Join the hosts of " + r.Target}
	driver, err := network.Of(w.Fleet)
	if err != nil {
		return p, err
	}
	f := &fabricator{w: w, d: driver, p: &p, fleet: launched(w)}
	for _, n := range machines(r.Nodes) {
		if err := f.host(n); err != nil {
			return p, err
		}
	}
	if len(p.Unseen) == len(machines(r.Nodes)) {
		return p, ops.Errorf(ops.Unseen, "diagnose "+r.Target, "Nothing was done: %s.", strings.Join(p.Notes, "; "))
	}
	f.prices()
	f.prove()
	return p, nil
}

// fabricator makes the plan host by host.
type fabricator struct {
	w     ops.World
	d     network.Driver
	p     *ops.Plan
	fleet *regions.Fleet // with the range that the mesh has

	begun, again []regions.Node // hosts whose router is launched, and those whose running one is stopped for it
	told         []regions.Node // hosts that are told of a peer
}

// host plans one host; what cannot be seen of it is not touched.
func (f *fabricator) host(n regions.Node) error {
	seen, is := f.w.Seen.Nodes[n.Name], judge(f.w, n)
	router := is("router")
	report, answers := seen.Weave.Get()
	switch {
	case !seen.Host.OK():
		f.unseen(n, seen.Host.Why())
	case !seen.Docker.OK():
		f.unseen(n, seen.Docker.Why())
	case router.Verdict == checks.Unknown:
		f.unseen(n, router.Evidence)
	case router.Verdict == checks.Bad && answers:
		f.add(n, ops.Step{
			Title: "Wait until the router of " + n.Name + " is ready", Node: n.Name,
			Do: ops.Wait{For: "weave to be ready"}, Verify: []string{"router"}, Timeout: time.Minute,
		})
	case router.Verdict == checks.Bad:
		return f.launch(n)
	case is("launch").Verdict == checks.Unknown:
		f.unseen(n, is("launch").Evidence)
	case is("launch").Verdict == checks.Bad:
		f.p.Notes = append(f.p.Notes, n.Name+": "+trim(is("launch").Evidence))
		return f.relaunch(n)
	case is("targets").Verdict == checks.Bad:
		return f.connect(n, checks.Undialed(f.w.Fleet, n, report))
	default:
		f.p.Notes = append(f.p.Notes, n.Name+": "+trim(is("targets").Evidence)+f.apart(n))
	}
	return nil
}

func (f *fabricator) unseen(n regions.Node, why string) {
	f.p.Unseen = append(f.p.Unseen, n.Name)
	f.p.Notes = append(f.p.Notes, n.Name+" is not touched, because it cannot be seen: "+trim(why))
}

func (f *fabricator) add(n regions.Node, steps ...ops.Step) {
	f.p.Steps = append(f.p.Steps, steps...)
	f.p.Locks = with(f.p.Locks, n.Region)
}

// launch starts a router that does not answer. One whose container is there and
// has not ended must be stopped first, as the script wants it.
func (f *fabricator) launch(n regions.Node) error {
	if err := f.mayLaunch(n); err != nil {
		return err
	}
	d, _ := f.w.Seen.Nodes[n.Name].Docker.Get()
	for _, c := range d.Containers {
		if c.Name == router && c.State != "exited" && c.State != "dead" {
			f.p.Notes = append(f.p.Notes, fmt.Sprintf("%s: the router's container is %s and weave does not answer; docker logs weave there says why", n.Name, c.State))
			return f.relaunch(n)
		}
	}
	up, err := f.d.Up(f.fleet, n, lastLaunch(f.w, n))
	if err != nil {
		return about(n, err)
	}
	f.begun = append(f.begun, n)
	f.add(n, ops.Step{
		Title: "Launch the router of " + n.Name, Node: n.Name,
		Do: up, Verify: []string{"router"}, Timeout: launchTime, Undo: f.d.Down(),
	})
	return nil
}

// router is the name of the container that weave launch makes.
const router = "weave"

// launchTime leaves a busy host time: weave starts containers of its own.
const launchTime = 90 * time.Second

// relaunch stops a router and launches it as it should be.
func (f *fabricator) relaunch(n regions.Node) error {
	if err := f.mayLaunch(n); err != nil {
		return err
	}
	steps, err := relaunchSteps(f.d, f.fleet, f.w, n)
	if err != nil {
		return err
	}
	f.again = append(f.again, n)
	f.add(n, steps...)
	return nil
}

func relaunchSteps(d network.Driver, fleet *regions.Fleet, w ops.World, n regions.Node) ([]ops.Step, error) {
	up, err := d.Up(fleet, n, lastLaunch(w, n))
	if err != nil {
		return nil, about(n, err)
	}
	return []ops.Step{
		{
			Title: "Stop the router of " + n.Name, Node: n.Name,
			Do: d.Down(), Verify: []string{"router", "launch"}, StopOnly: true, Timeout: launchTime, Undo: up,
		},
		{
			Title: "Launch it again", Node: n.Name,
			Do: up, Verify: []string{"router", "launch"}, Timeout: launchTime, NoUndo: "a router belongs running",
		},
	}, nil
}

// lastLaunch are the arguments that the router on a host has, where they were seen.
func lastLaunch(w ops.World, n regions.Node) []string {
	m, _ := w.Seen.Nodes[n.Name].Machine.Get()
	args, _ := m.Router.Get()
	return args
}

// connect tells a router of hosts that it does not dial.
func (f *fabricator) connect(n regions.Node, peers []regions.Node) error {
	var words []string
	for _, p := range peers {
		words = append(words, p.Peer)
	}
	add, err := f.d.Connect(words...)
	if err != nil {
		return about(n, err)
	}
	take, err := f.d.Forget(words...)
	if err != nil {
		return about(n, err)
	}
	f.told = append(f.told, n)
	f.add(n, ops.Step{
		Title: "Have " + n.Name + " dial " + strings.Join(nodeNames(peers), ", "), Node: n.Name,
		Do: add, Verify: []string{"targets"}, Timeout: launchTime, Undo: take,
	})
	return nil
}

// about says of which node a driver's refusal is.
func about(n regions.Node, err error) error {
	return &ops.Error{Code: ops.CodeOf(err), Msg: n.Name + ": " + err.Error(), Cause: err}
}

func nodeNames(nodes []regions.Node) []string {
	var names []string
	for _, n := range nodes {
		names = append(names, n.Name)
	}
	return names
}
