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
	"vmqbot/secret"
)

var _ = register(Command{
	Name:    "prepare",
	Summary: "Install on a host what network up and deploy need there",
	Help: `Looks at a host and adds what is missing; what is right is not touched. Docker comes
from the distribution's package (apt-get, dnf); weave's script and images come from
the folder network.kit of the fleet file, or from another host of the fleet, over
the bot's own connections; a version that this Docker does not take is refused. The
planned folders are made, and Docker is told to bound the logs that it keeps.

Where Docker's own network holds what the host must reach (F15), Docker is given
another one: daemon.json is checked, kept and replaced in one step, Docker restarts,
the router is launched again where it needs that, and the containers get their
addresses and ports back. Before that the host is told to take the change back by
itself in ten minutes, or when it reboots, unless the bot comes over a new connection
and confirms.

It needs root: log in as root, or set ssh.sudo. Then: network up, deploy.`,
	Target: NeedsTarget,
	Examples: []Example{
		{"prepare cn", "the hosts of one region"},
		{"prepare all", "every host, one after the other"},
	},
	Role:   ops.Admin,
	Look:   func(ops.Request) Look { return Look{Facts: checks.Need(bareNeeds...), Fleet: true} },
	Deeper: brokersOf,
	Plan:   planPrepare,
})

// bareNeeds are the checks that decide what a host lacks.
var bareNeeds = []string{"docker", "machine", "tools", "folders", "daemon", "confirmed", "bridge", "router", "launch", "container", "ip", "port"}

// brokersOf asks the brokers where Docker will restart, since they must be made to
// serve again.
func brokersOf(r ops.Request, w ops.World) facts.Need {
	for _, n := range r.Nodes {
		if judge(w, n)("bridge").Verdict == checks.Bad {
			return checks.Need(repairs...)
		}
	}
	return facts.Need{}
}

// preparation makes the plan host by host.
type preparation struct {
	r ops.Request
	w ops.World
	p *ops.Plan
}

func planPrepare(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Prepare " + r.Target}
	d := &preparation{r, w, &p}
	hosts := machines(r.Nodes)
	for _, n := range hosts {
		if err := d.host(n); err != nil {
			return p, err
		}
	}
	if len(p.Unseen) == len(hosts) {
		return p, ops.Errorf(ops.Unseen, "diagnose "+r.Target, "Nothing was done: %s.", strings.Join(p.Notes, "; "))
	}
	return p, nil
}

// host plans one host; what cannot be seen of it is not touched.
func (d *preparation) host(n regions.Node) error {
	seen := d.w.Seen.Nodes[n.Name]
	setup, ok := seen.Setup.Get()
	why := seen.Setup.Why()
	if !seen.Host.OK() {
		ok, why = false, seen.Host.Why()
	}
	if ok && setup.Conf.Blind() == facts.Denied {
		ok, why = false, setup.Conf.Why()
	}
	if ok && setup.Docker != "" && len(setup.Flags) > 0 && !seen.Docker.OK() && seen.Docker.Blind() != facts.Denied && seen.Docker.Blind() != facts.Down {
		ok, why = false, seen.Docker.Why()
	}
	if !ok {
		d.p.Unseen = append(d.p.Unseen, n.Name)
		d.p.Notes = append(d.p.Notes, n.Name+" is not touched, because it cannot be seen: "+trim(why))
		return nil
	}
	before := len(d.p.Steps)
	if err := d.plan(n, setup); err != nil {
		return err
	}
	if len(d.p.Steps) == before {
		d.p.Notes = append(d.p.Notes, n.Name+": "+trim(judge(d.w, n)("tools").Evidence)+"; folders, logs and Docker's network are right")
		return nil
	}
	if !setup.Root {
		return ops.Errorf(ops.Refused, "prepare "+n.Name, "%s lacks something, and the bot is not root there. Set ssh.user: root or ssh.sudo: true in the fleet file.", n.Name)
	}
	d.p.Locks = with(d.p.Locks, n.Region)
	return nil
}

// plan is the order in which a host needs things. What is known to stand in the
// way is told before anything happens.
func (d *preparation) plan(n regions.Node, setup facts.Setup) error {
	is := judge(d.w, n)
	if o := is("machine"); o.Verdict == checks.Bad {
		return ops.Errorf(ops.Refused, "doctor "+n.Name, "%s: %s. Weave would take both for one peer. By hand: %s.", n.Name, trim(o.Evidence), o.NoRepair)
	}
	if o := is("daemon"); o.Verdict == checks.Bad && o.NoRepair != "" {
		return ops.Errorf(ops.Refused, "prepare "+n.Name, "%s: %s. %s. By hand: %s.", n.Name, trim(o.Evidence), trim(o.Effect), o.NoRepair)
	}
	d.folders(n, setup)
	answers := d.w.Seen.Nodes[n.Name].Docker.OK()
	if !answers {
		d.bound(n, setup)
		if err := d.docker(n, setup); err != nil {
			return err
		}
		d.p.Notes = append(d.p.Notes, n.Name+": which weave its Docker takes is known when Docker answers: type prepare "+n.Name+" again")
		return nil
	}
	if err := d.tools(n, setup); err != nil {
		return err
	}
	if moved, err := d.bridge(n, setup); moved || err != nil {
		return err
	}
	d.bound(n, setup)
	return nil
}

// folders makes the planned ones, for whom they are on another host.
func (d *preparation) folders(n regions.Node, setup facts.Setup) {
	before := len(d.p.Steps)
	for _, f := range slices.Compact([]string{n.Volumes.Conf, n.Volumes.Log, n.Volumes.Data}) {
		if f == "" || setup.Folders[f] != "" {
			continue
		}
		owner := cmp.Or(d.ownerOf(f), "0:0")
		d.p.Steps = append(d.p.Steps, ops.Step{
			Title: "Make " + f + " on the host of " + n.Name, Node: n.Name,
			Do: ops.Run{Argv: secret.Words("mkdir", "-p", "-m", "0755", f)}, Timeout: time.Minute,
			Undo: ops.Run{Argv: secret.Words("rmdir", f)}, Litter: true,
		})
		if owner != "0:0" {
			d.p.Steps = append(d.p.Steps, ops.Step{
				Title: "Give it to " + owner + ", as elsewhere", Node: n.Name,
				Do: ops.Run{Argv: secret.Words("chown", owner, f)}, Timeout: time.Minute, NoUndo: "the folder goes when it is empty",
			})
		}
	}
	if len(d.p.Steps) > before {
		d.p.Steps = append(d.p.Steps, ops.Step{
			Title: "Prove the folders of " + n.Name, Node: n.Name,
			Do: ops.Wait{For: "the planned folders"}, Verify: []string{"folders"}, Timeout: time.Minute,
		})
	}
}

// ownerOf is whose a folder is on the other hosts; "" where none has it.
func (d *preparation) ownerOf(folder string) string {
	for _, n := range d.w.Fleet.Nodes() {
		s, _ := d.w.Seen.Nodes[n.Name].Setup.Get()
		if owner := s.Folders[folder]; owner != "" {
			return owner
		}
	}
	return ""
}
