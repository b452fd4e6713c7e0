package commands

import (
	"cmp"

	"vmqbot/conf"
	"vmqbot/ops"
	"vmqbot/shape"
)

// keepsData refuses a deploy after which a node would read its data with the
// other metadata store: it would know no member, no subscription and no
// retained message of before, and nothing moves from one to the other
// (vernemq#1831, #1521).
func (d *deployment) keepsData(sites []site) error {
	for _, s := range sites {
		if err := d.keepsStore(s); err != nil {
			return err
		}
	}
	return nil
}

func (d *deployment) keepsStore(s site) error {
	n := s.node
	before := asLeft(s)
	is := compare(before)
	if !s.renew || !before.exists || is.blind != "" || is.broken != nil {
		return nil
	}
	was, v := conf.ParseVersion(before.old.Image), conf.ParseVersion(s.image)
	if !conf.FlipsMetadata(is.old, was, is.want.Settings, v) {
		return nil
	}
	const key = "metadata_plugin"
	have, next := cmp.Or(value(is.old, key), was.Metadata()), cmp.Or(value(is.want.Settings, key), v.Metadata())
	if _, said := n.Conf[key]; !said {
		return ops.Errorf(ops.Failed, "conf diff "+n.Name, "Nothing was done: the data of %s is in %s, the fleet file names no metadata_plugin, and %s would use %s and read none of it. Write metadata_plugin: %[2]s under conf.", n.Name, have, s.image, next)
	}
	if len(d.peers(n)) > 0 && s.member {
		return ops.Errorf(ops.Failed, "conf diff "+n.Name, "Nothing was done: the data of %s is in %s and the fleet file says metadata_plugin: %s. Beside members that still have the other one it would read none of its data and could not talk to them. All nodes of a cluster must begin anew for it; to keep the data write metadata_plugin: %[2]s.", n.Name, have, next)
	}
	d.note("price: the fleet file says metadata_plugin: %s, and the data of %s is in %s: it begins without the subscriptions and retained messages of before", next, n.Name, have)
	return nil
}

// value is what a file says for a key, or "".
func value(s conf.Settings, key string) string {
	w, _ := s.Get(key)
	return w.Reveal()
}

// asLeft is a node with the container that an interrupted deploy has kept, where
// nothing has its name.
func asLeft(s site) site {
	if kept, ok := stranded(s); ok {
		s.old, s.exists, s.gated = kept, true, shape.Gated(kept)
	}
	return s
}
