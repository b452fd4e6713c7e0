package commands

import (
	"fmt"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/guard"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

var _ = register(Command{
	Name:    "guard install",
	Summary: "Let a node's own host give it its address back while the bot cannot come",
	Help: `Puts this bot's program onto the host and has it started there as the node's
guard, which knows the container, its address and no secret. When the address is
gone, nobody works on the region and no bot has looked at the host for three
sweeps, the guard types weave attach. So cn behind a cut border heals itself,
and while a bot is there, its silences and its kill switch hold.

The guard is a service of systemd, or a process of its own where the host has
none. It needs root: log in as root, or set ssh.sudo. Installing again renews
what is there; a setup that fails leaves what was there before.`,
	Target: NeedsTarget,
	Examples: []Example{
		{"guard install cn", "the hosts of one region"},
		{"guard install all", "every host, one after the other"},
	},
	Role: ops.Admin,
	Look: func(ops.Request) Look { return Look{Facts: checks.Need("guard")} },
	Plan: planGuard,
	Undo: func(r ops.Request) string { return "guard remove " + r.Target },
})

var _ = register(Command{
	Name:    "guard remove",
	Summary: "Take the guard off a node's host",
	Help: `Ends the guard and removes its program, its service and what it was told. Its log
stays. The container and its address are not touched.`,
	Target: NeedsTarget,
	Examples: []Example{
		{"guard remove cn", "the hosts of one region"},
	},
	Role: ops.Admin,
	Look: func(ops.Request) Look { return Look{Facts: checks.Need("unguarded")} },
	Plan: planUnguard,
	Undo: func(r ops.Request) string { return "guard install " + r.Target },
})

const (
	shipTime  = 10 * time.Minute // twenty megabytes through a slow line
	setupTime = time.Minute
)

func planGuard(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Guard " + r.Target}
	return p, eachGuard(r, w, &p, func(n regions.Node, g facts.Guard) error {
		if o := checks.One(w.Fleet, w.Seen, n, "guard"); o.Verdict == checks.OK {
			p.Notes = append(p.Notes, n.Name+" is guarded: "+trim(o.Evidence))
			return nil
		}
		if g.OurMach == "" || g.OurMach != g.Machine {
			return ops.Errorf(ops.Refused, "guard install "+n.Name,
				"The host of %s is %s, and this bot's program is not for it. Run the bot built for that machine, and do it from there.", n.Name, g.Machine)
		}
		p.Steps = append(p.Steps, install(w, n, g)...)
		p.Locks = with(p.Locks, n.Region)
		return nil
	})
}

// install ships the program and has it set itself up. The setup puts back what
// was there before when it fails; only its success needs an undo.
func install(w ops.World, n regions.Node, g facts.Guard) []ops.Step {
	shipped := guard.Shipped(n.Name)
	setup := ops.Step{
		Title: "Set the guard of " + n.Name + " up", Node: n.Name,
		Do:     ops.Run{Argv: secret.Words("./"+shipped, "guard", "setup", guard.ConfigOf(w.Fleet, n).Text())},
		Verify: []string{"guard"}, Timeout: setupTime, Final: true,
	}
	if g.State.Blind() == facts.Absent {
		setup.Undo = ops.Run{Argv: append(secret.Words("sh", "-c", `[ ! -x "$0" ] || exec "$@"`, guard.Program(n.Name)), teardown(n)...)}
	} else {
		setup.NoUndo = "it replaces a guard; one that fails to set itself up puts that back"
	}
	return []ops.Step{
		{
			Title: "Ship the guard to the host of " + n.Name, Node: n.Name,
			Do: ops.ShipSelf{Path: shipped, SHA256: g.Ours, Size: g.OurSize}, Timeout: shipTime,
			Undo: ops.Run{Argv: secret.Words("rm", "-f", shipped)}, Litter: true,
		},
		setup,
	}
}

func teardown(n regions.Node) []ops.Word {
	return secret.Words(guard.Program(n.Name), "guard", "teardown", n.Name)
}

func planUnguard(r ops.Request, w ops.World) (ops.Plan, error) {
	p := ops.Plan{Title: "Take the guard off " + r.Target}
	return p, eachGuard(r, w, &p, func(n regions.Node, g facts.Guard) error {
		if g.State.Blind() == facts.Absent {
			p.Notes = append(p.Notes, n.Name+" has no guard")
			return nil
		}
		p.Steps = append(p.Steps, ops.Step{
			Title: "End and remove the guard of " + n.Name, Node: n.Name, Do: ops.Run{Argv: teardown(n)},
			Verify: []string{"unguarded"}, Timeout: setupTime, NoUndo: "guard install " + n.Name + " makes another",
		})
		p.Locks = with(p.Locks, n.Region)
		return nil
	})
}

// eachGuard goes through the target. What cannot be seen is not touched.
func eachGuard(r ops.Request, w ops.World, p *ops.Plan, plan func(regions.Node, facts.Guard) error) error {
	for _, n := range r.Nodes {
		seen := w.Seen.Nodes[n.Name]
		g, ok := seen.Guard.Get()
		why := seen.Guard.Why()
		if !seen.Host.OK() {
			ok, why = false, seen.Host.Why()
		}
		if !ok {
			p.Unseen = append(p.Unseen, n.Name)
			p.Notes = append(p.Notes, n.Name+" is not touched, because it cannot be seen: "+trim(why))
			continue
		}
		if err := plan(n, g); err != nil {
			return err
		}
	}
	if len(p.Unseen) == len(r.Nodes) {
		return ops.Errorf(ops.Unseen, "diagnose "+r.Target, "Nothing was done: %s.", strings.Join(p.Notes, "; "))
	}
	return nil
}

var _ = register(Command{
	Name:    "guard status",
	Summary: "Show which hosts have a guard, and what it says",
	Help: `Asks the guard on each host what it saw last and how often it gave the address
back. It is well when it is this bot's own version, was told what the fleet file
says now, runs, and has looked within the last minute.`,
	Target: OptionalTarget,
	Examples: []Example{
		{"guard status", "every host"},
	},
	Look: func(ops.Request) Look { return Look{Facts: checks.Need("guard")} },
	View: viewGuard,
})

// guardRow is the same for programs.
type guardRow struct {
	Node  string                       `json:"node"`
	Is    checks.Observation           `json:"is"`
	State facts.Seen[facts.GuardState] `json:"state"`
}

func viewGuard(r ops.Request, w ops.World) (View, error) {
	rows := [][]string{{"NODE", "GUARD", "SAYS", "GAVE BACK", "LAST", "STARTED BY"}}
	var data []guardRow
	var all []checks.Observation
	for _, n := range r.Nodes {
		o := checks.One(w.Fleet, w.Seen, n, "guard")
		if host := w.Seen.Nodes[n.Name].Host; !host.OK() {
			o.Evidence = trim(host.Why())
		}
		g, _ := w.Seen.Nodes[n.Name].Guard.Get()
		all, data = append(all, o), append(data, guardRow{n.Name, o, g.State})
		row := []string{n.Name, o.Verdict.String(), o.Evidence, "", "", ""}
		if s, ok := g.State.Get(); ok {
			row[3], row[4], row[5] = fmt.Sprint(s.Given), s.Last, s.Manager
		}
		rows = append(rows, row)
	}
	return View{Text: table(rows), Data: data, Verdict: checks.Worst(all).Verdict}, nil
}
