package commands

import (
	"slices"
	"strings"

	"vmqbot/conf"
	"vmqbot/ops"
	"vmqbot/regions"
)

const cookieKey = "distributed_cookie"

// otherCookie reports whether the file of a node says another cookie than the
// fleet file plans for it.
func otherCookie(s site) bool {
	is := compare(s)
	return is.blind == "" && !is.missing && is.broken == nil && is.otherCookie()
}

func (c compared) otherCookie() bool {
	return conf.NeedsIdentity(slices.DeleteFunc(slices.Clone(c.changes), func(c conf.Change) bool { return c.Key != cookieKey }))
}

// strayCookies are the other nodes with a container whose files are not seen to
// say the planned cookie. When there are none, one node that has another can be
// put right by itself: the others have the planned one already.
func (d *deployment) strayCookies(n regions.Node) (names []string) {
	for _, p := range d.w.Fleet.Peers(n) {
		s := survey(d.r, d.w, p)
		is := compare(s)
		if (s.exists || s.blind != "") && (is.blind != "" || is.broken != nil || is.otherCookie()) {
			names = append(names, p.Name)
		}
	}
	return names
}

// keepsCookie refuses a deploy that would give nodes another cookie one after
// the other: the first of them could not talk to the rest. Nor can a node join
// with another one than the members have.
func (d *deployment) keepsCookie(sites []site) error {
	for _, s := range sites {
		n, before := s.node, asLeft(s)
		stray := slices.DeleteFunc(d.strayCookies(n), func(p string) bool { return !slices.Contains(d.members, p) })
		switch {
		case !s.renew || len(stray) == 0:
		case !s.member:
			return ops.Errorf(ops.Failed, "conf push all", "Nothing was done: %s would begin with another %s than %s are seen to have, and could not join them. conf push all gives the members this one first; or write theirs into the fleet file.", n.Name, cookieKey, strings.Join(stray, ", "))
		case before.exists && otherCookie(before):
			return ops.Errorf(ops.Failed, "conf diff "+n.Name, "Nothing was done: the fleet file gives %s another %s than it and other members have, and nodes with different ones cannot talk. Write the one that they have into the fleet file and deploy; then write the new one, and conf push all changes it everywhere at once.", n.Name, cookieKey)
		}
	}
	return nil
}
