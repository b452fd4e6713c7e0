package commands

import (
	"fmt"
	"slices"
	"strings"

	"vmqbot/checks"
)

// failure is one row of the failure catalog: what the registry of checks does not
// say of it. What finds it is known from the checks' own rows.
type failure struct {
	row, what string
	also      []string // checks that find it as well, whose own row is another
	repair    string   // the line that repairs it; "" when none does
	byHand    string   // why no verb does
}

var failures = []failure{
	{row: "F1", what: "weave address lost by a restart", repair: "reattach TARGET"},
	{row: "F2", what: "44053 not bound while cluster show is all true", also: []string{"mqtt"}, repair: "reattach TARGET"},
	{row: "F3", what: "vernemq ping fails, the broker lives, its address is missing", also: []string{"broker", "ip"}, repair: "reattach TARGET"},
	{row: "F4", what: "nodename or cookie edited while the broker runs", also: []string{"broker", "conf"}, repair: "conf push TARGET"},
	{row: "F5", what: "clustering on 0.0.0.0", also: []string{"port", "conf"}, repair: "conf push TARGET"},
	{row: "F6", what: "a member is seen not running", repair: "start TARGET, or leave TARGET --dead"},
	{row: "F7", what: "all clients refused while one member is away", repair: "conf push TARGET"},
	{row: "F8", what: "ghost member", repair: "evict"},
	{row: "F9", what: "weave router down", repair: "network up TARGET"},
	{row: "F10", what: "weave peer failed, retrying or pending", repair: "network up TARGET, where a router lacks the password; a firewall is not the bot's"},
	{row: "F11", what: "sleeve instead of fastdp", byHand: "network status shows it; open UDP 6784, then docker restart weave on that host in a window"},
	{row: "F12", what: "small packets pass, large ones stall", also: []string{"mtu"}, byHand: "ping --sizes shows which; a smaller network.mtu makes every bridge anew: weave reset, network up, reattach, in a window"},
	{row: "F13", what: "one address on two hosts", byHand: "which of them is wrong a person decides"},
	{row: "F14", what: "the plan lies in a route of the host", byHand: "other addresses are other names: every node leaves and is replaced"},
	{row: "F15", what: "Docker's network clashes with what must be reached", repair: "prepare TARGET"},
	{row: "F16", what: "weave loops after docker0 has moved", also: []string{"died", "router"}, repair: "network up TARGET"},
	{row: "F17", what: "weave speaks an API that Docker dropped", also: []string{"died"}, repair: "prepare TARGET, where network.kit has another weave"},
	{row: "F18", what: "iptables refuses weave's rules", also: []string{"router"}, byHand: "which kind the kernel takes must be tried: IPTABLES_BACKEND=nft or legacy for weave launch"},
	{row: "F19", what: "IPAM seeded by different peers", also: []string{"peer"}, byHand: "weave reset on the smaller side takes its addresses"},
	{row: "F20", what: "two hosts say they are one machine", byHand: "a new machine-id wants a restart; network up and prepare refuse until then"},
	{row: "F21", what: "a host was launched with one peer and is alone", also: []string{"peer"}, repair: "network up TARGET"},
	{row: "F22", what: "the broker is down, the container is up", repair: "reattach TARGET --start"},
	{row: "F23", what: "the broker needs longer than 15 s to start", also: []string{"broker", "gate"}, byHand: "it is waited for; restarting it would begin anew"},
	{row: "F24", what: "join says Done and joined nobody", also: []string{"cluster"}, repair: "replace TARGET"},
	{row: "F25", what: "two metadata plugins in one cluster", also: []string{"conf"}, byHand: "nothing moves from one to the other: the odd node leaves and is replaced"},
	{row: "F26", what: "leave answers with a timeout", also: []string{"gone"}, repair: "leave TARGET waits for the views, whatever the answer was"},
	{row: "F27", what: "the image leaves the cluster when it is stopped", byHand: "vmq-admin node stop inside, then docker kill, never docker stop; then deploy a newer image"},
	{row: "F28", what: "a webhook is gone and every login fails", byHand: "the web service is not the bot's"},
	{row: "F29", what: "messages pass one way only", byHand: "the path first; vmq-admin node stop and start drops clients"},
	{row: "F30", what: "queues grow, or the kernel kills for lack of memory", byHand: "which sessions may be thrown away a person decides"},
	{row: "F31", what: "disk full, or data in the container's layer", repair: "deploy TARGET (the data move into their volume)"},
	{row: "F32", what: "an imported image without CMD", repair: "image ship TARGET --from NODE (deploy gives its own command meanwhile)"},
	{row: "F33", what: "images differ among regions", repair: "image ship TARGET, deploy TARGET"},
	{row: "F34", what: "two regions restart at once", byHand: "seen afterwards only; the bot's own lock lets one region at a time"},
	{row: "F35", what: "clocks differ", byHand: "the host's chrony"},
	{row: "F36", what: "two nodes in one network namespace", also: []string{"broker"}, repair: "deploy TARGET"},
}

// Runbook is docs/runbooks/failures.md: every row of the failure catalog with the
// checks that find it, what repairs it, and the scripts that prove both. scripts are
// the scripts by name; passed is what make lab-test RECORD=1 wrote.
func Runbook(scripts map[string]string, passed string) string {
	shown := evidenceOf(scripts, passed)
	var b strings.Builder
	b.WriteString(`<!-- Generated from the checks, scripts/ and commands/runbook.go by ` + "`make docs`" + `. DO NOT EDIT. -->

# What breaks, what finds it, what repairs it

[checks.md](checks.md) has the same by check: what it means for messages, and what to
type. A check in brackets belongs to another row and sees this failure as well.
Numbers are scripts. Where one says ` + "`found F1`" + `, the failure has been made and the bot
is asked, by diagnose and doctor, whether it tells it; where it says ` + "`repaired F1`" + `,
that it tells it no more. Each runs against the simulated fleet in ` + "`make test`" + `. The
lab's columns have those that the last recorded ` + "`make lab-test`" + ` passed
(commands/inlab.txt); "-" means that no script proves it.

| | failure | check | repair | found in sim | found in the lab | repaired in sim | repaired in the lab |
|---|---|---|---|---|---|---|---|
`)
	for _, f := range failures {
		repair := "`" + f.repair + "`"
		if f.repair == "" {
			repair = "by hand: " + f.byHand
		}
		found, repaired := shown["found "+f.row], shown["repaired "+f.row]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", f.row, f.what, f.checks(), repair,
			found.sim(), found.lab(), repaired.sim(), repaired.lab())
	}
	var none []string
	for _, f := range failures {
		if f.checks() == "-" {
			none = append(none, f.row)
		}
	}
	if len(none) > 0 {
		fmt.Fprintf(&b, "\nNo check sees: %s.\n", strings.Join(none, ", "))
	}
	b.WriteString("\n## What each check says\n\n| check | question | severity |\n|---|---|---|\n")
	for _, c := range checks.All() {
		fmt.Fprintf(&b, "| [%s](checks.md#%[1]s) | %s | %s |\n", c.Name, c.Summary, c.Severity)
	}
	return b.String()
}

// checks are those whose row it is, and in brackets those that see it as well.
func (f failure) checks() string {
	var names []string
	for _, c := range checks.All() {
		if c.Row == f.row {
			names = append(names, linked(c.Name))
		}
	}
	for _, name := range f.also {
		if !slices.Contains(names, linked(name)) {
			names = append(names, "("+linked(name)+")")
		}
	}
	if len(names) == 0 {
		return "-"
	}
	return strings.Join(names, ", ")
}

// linked is a check with its section of the other page.
func linked(check string) string { return "[" + check + "](checks.md#" + check + ")" }
