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

const (
	shippedScript = ".vmqbot-weave"        // in the login user's folder, on its way
	weaveAt       = "/usr/local/bin/weave" // where a host that has none gets it
)

// placeScript puts a shipped file where it belongs, in one step, and keeps what
// was there. Its arguments are the two paths.
const placeScript = `set -e
rm -f "$1.vmqbot-before" "$1.vmqbot-none"
mkdir -p "${1%/*}"
cp "$0" "$1.vmqbot-new"
chmod 755 "$1.vmqbot-new"
if [ -e "$1" ]; then cp -p "$1" "$1.vmqbot-before"; else : >"$1.vmqbot-none"; fi
mv "$1.vmqbot-new" "$1"
rm -f "$0"`

// source is where weave comes from.
type source struct {
	node   string // "" is this machine's kit
	script facts.WeaveScript
	kit    facts.Kit
}

// tools ships weave's script and images where they are missing or where this
// Docker does not take them.
func (d *preparation) tools(n regions.Node, setup facts.Setup) error {
	o := judge(d.w, n)("tools")
	switch o.Verdict {
	case checks.OK:
		return nil
	case checks.Unknown:
		return ops.Errorf(ops.Unseen, "prepare "+n.Name, "Nothing was done, because what weave needs on %s cannot be seen: %s.", n.Name, trim(o.Evidence))
	case checks.Bad:
	}
	from, err := d.from(n, setup, o)
	if err != nil {
		return err
	}
	has, _ := setup.Weave.Get()
	at := cmp.Or(has.Path, weaveAt)
	d.p.Notes = append(d.p.Notes, n.Name+": "+trim(o.Evidence))
	if has.SHA256 != from.script.SHA256 {
		d.p.Steps = append(d.p.Steps, ops.Step{
			Title: "Ship the script of weave " + from.script.Version + " to the host of " + n.Name, Node: n.Name,
			Do: ops.CopyFile{From: from.node, Path: from.script.Path, To: shippedScript, SHA256: from.script.SHA256, Mode: 0o755}, Timeout: shipTime,
			Undo: ops.Run{Argv: secret.Words("rm", "-f", shippedScript)}, Litter: true,
		}, ops.Step{
			Title: "Put it at " + at, Node: n.Name,
			Do:      ops.Script{Says: "keep what is at " + at + ", and put the shipped script there", Text: placeScript, Args: []string{shippedScript, at}},
			Timeout: time.Minute, Undo: unplace(at),
		})
	}
	return d.images(n, from)
}

// images ships those of weave's images that are not there.
func (d *preparation) images(n regions.Node, from source) error {
	has, _ := d.w.Seen.Nodes[n.Name].Images.Get()
	for _, ref := range from.script.Images() {
		image, ok := d.image(from, ref)
		if !ok {
			return ops.Errorf(ops.Refused, "prepare "+n.Name, "%s does not hold %s, which the script of weave %s beside it runs. Write it with docker save.", from.kit.Archive, ref, from.script.Version)
		}
		if slices.ContainsFunc(has, func(i facts.Image) bool { return i.ID == image.ID && slices.Contains(i.Tags, ref) }) {
			continue
		}
		d.p.Steps = append(d.p.Steps, ops.Step{
			Title: "Bring " + ref + " to the host of " + n.Name, Node: n.Name, Do: image,
			Timeout: carryTime, NoUndo: "images harm nobody; docker rmi takes them away",
		})
	}
	if at := len(d.p.Steps) - 1; at >= 0 && d.p.Steps[at].Node == n.Name {
		d.p.Steps[at].Verify = []string{"tools"}
	}
	return nil
}

// image is what is to be brought so that a reference is there.
func (d *preparation) image(from source, ref string) (ops.ShipImage, bool) {
	if from.node == "" {
		id, ok := from.kit.Images[ref]
		return ops.ShipImage{Image: ref, ID: id, Archive: from.kit.Archive}, ok
	}
	images, _ := d.w.Seen.Nodes[from.node].Images.Get()
	at := slices.IndexFunc(images, func(i facts.Image) bool { return slices.Contains(i.Tags, ref) })
	if at < 0 {
		return ops.ShipImage{}, false
	}
	return ops.ShipImage{Image: ref, ID: images[at].ID, From: from.node, Size: images[at].Size}, true
}

// from chooses where weave comes from: the kit, or a host that has all of it, the
// same version first. One that this Docker does not take is none.
func (d *preparation) from(n regions.Node, setup facts.Setup, o checks.Observation) (source, error) {
	m, _ := d.w.Seen.Nodes[n.Name].Machine.Get()
	var all []source
	var refused []string
	offer := func(s source) {
		if no := checks.WeaveRefused(s.script.Version, m.MinAPI); no != "" {
			refused = append(refused, no+" ("+cmp.Or(s.node, "network.kit")+")")
			return
		}
		all = append(all, s)
	}
	kit, hasKit := d.w.Seen.Kit.Get()
	if hasKit {
		offer(source{script: kit.Script, kit: kit})
	}
	for _, p := range d.w.Fleet.Nodes() {
		if whole, script := d.whole(p); whole && !p.Beside(n) {
			offer(source{node: p.Name, script: script})
		}
	}
	if has, ok := setup.Weave.Get(); ok {
		slices.SortStableFunc(all, func(a, b source) int {
			return rankOf(a.script.Version == has.Version) - rankOf(b.script.Version == has.Version)
		})
	}
	switch {
	case len(all) > 0:
		return all[0], nil
	case len(refused) > 0:
		return source{}, ops.Errorf(ops.Refused, "prepare "+n.Name, "%s: %s. %s. Name a folder with weave 2.8.3 or newer as network.kit in the fleet file.", n.Name, trim(o.Evidence), strings.Join(refused, "; "))
	}
	return source{}, ops.Errorf(ops.Refused, "prepare "+n.Name, "%s: %s, and nobody has it: no other host of the fleet that can be seen, and for network.kit: %s.", n.Name, trim(o.Evidence), trim(d.w.Seen.Kit.Why()))
}

func rankOf(first bool) int {
	if first {
		return 0
	}
	return 1
}

// whole reports a host that has a script and every image of it.
func (d *preparation) whole(p regions.Node) (bool, facts.WeaveScript) {
	seen := d.w.Seen.Nodes[p.Name]
	setup, _ := seen.Setup.Get()
	script, ok := setup.Weave.Get()
	images, seenOK := seen.Images.Get()
	if !ok || !seenOK {
		return false, script
	}
	for _, want := range script.Images() {
		if !slices.ContainsFunc(images, func(i facts.Image) bool { return slices.Contains(i.Tags, want) }) {
			return false, script
		}
	}
	return true, script
}
