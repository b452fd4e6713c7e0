package commands

import (
	"fmt"
	"strings"

	"vmqbot/conf"
)

// tellEarly names the MQTT listeners that nobody can keep closed: vmq-admin
// listener start, by which the gate opens a port, knows plain TCP and few
// options only, so these stand in the file and open with the broker.
func (d *deployment) tellEarly(s site) {
	early := conf.Render(s.node, conf.ParseVersion(s.image)).Early
	if len(early) == 0 {
		return
	}
	var which []string
	for _, l := range early {
		which = append(which, fmt.Sprintf("%s (%s)", l.Key, l.At))
	}
	what := "clients that come back there at once may be refused their subscriptions until its plugins answer"
	if !s.member && len(d.members) > 0 {
		what = "clients can reach it before it has joined, and one that does can make the join fail; until its plugins answer they may be refused their subscriptions"
	}
	d.note("price: on %s %s %s as soon as the broker starts, because the gate cannot: %s", s.node.Name, strings.Join(which, ", "), opens(len(early)), what)
}

func opens(n int) string {
	if n == 1 {
		return "opens"
	}
	return "open"
}

// tellFormats tells what the step from one version to another means for what
// lies on disk, once for all nodes that take the same step.
func (d *deployment) tellFormats(sites []site) {
	var order []string
	by := map[string][]string{}
	for _, s := range sites {
		old := asLeft(s).old.Image
		why := formats(old, s.image)
		if !s.renew || why == "" {
			continue
		}
		text := fmt.Sprintf("must be able to read what %s wrote there, and %s", old, why)
		if by[text] == nil {
			order = append(order, text)
		}
		by[text] = append(by[text], s.node.Name)
	}
	for _, text := range order {
		d.note("price: the new image of %s %s", strings.Join(by[text], ", "), text)
	}
}

// formatChanges are the versions that changed what VerneMQ writes to disk (its
// changelog), and what is known of the way over each.
var formatChanges = []struct {
	since conf.Version
	what  string
	up    bool // the new one does not read the old one's data either
}{
	{conf.Version{Major: 2, Minor: 1}, "the metadata (members, subscriptions, retained messages)", true},
	{conf.Version{Major: 1, Minor: 9}, "the message store (offline messages)", false},
}

// formats warns of a way over a change of what VerneMQ writes to disk, or
// returns "". What an image without a version does is unknown.
func formats(now, then string) string {
	from, to := conf.ParseVersion(now), conf.ParseVersion(then)
	for _, c := range formatChanges {
		switch v := c.since; {
		case from.AtLeast(v.Major, v.Minor) && to.Before(v.Major, v.Minor):
			return fmt.Sprintf("%s changed the format of %s: expect to need replace", v, c.what)
		case c.up && from.Before(v.Major, v.Minor) && to.AtLeast(v.Major, v.Minor):
			return fmt.Sprintf("%s changed the format of %s without a way to take it along: try it on a copy of the data, or build a new cluster beside this one and publish retained messages again", v, c.what)
		}
	}
	return ""
}
