package commands

import (
	"cmp"

	"vmqbot/conf"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/shape"
)

// readsData refuses a container that would read the data of now with another
// metadata store than wrote it, as deploy does (keepsStore); here it is the
// file of then that decides. A file that is not there is refused by the trial.
func (d *deployment) readsData(b back) error {
	n, left := b.node, b.site
	if !left.exists { // who served last is among the kept
		left.old, left.exists, left.gated = keptOf(left)[0], true, false
	}
	now := compare(left)
	then := b.ground.KeptConf[b.kept.ID]
	if now.blind == "" && then.Blind() != "" && then.Blind() != facts.Absent {
		now.blind = then.Why()
	}
	switch {
	case now.blind != "":
		return ops.Errorf(ops.Unseen, "conf show "+n.Name, "Nothing was done, because whether %s reads the data of %s cannot be seen: %s.", shape.Short(b.kept), n.Name, trim(now.blind))
	case now.broken != nil, now.missing: // no broker has written anything with such a file
		return nil
	}
	text, _ := then.Get()
	file, err := conf.Parse(text.Reveal())
	if err != nil {
		return ops.Errorf(ops.Failed, "rollbacks "+n.Name, "Nothing was done: VerneMQ cannot read the vernemq.conf that %s ran with: %v.", shape.Short(b.kept), err)
	}
	is, was := conf.ParseVersion(left.old.Image), conf.ParseVersion(b.kept.Image)
	if !conf.FlipsMetadata(now.old, is, file, was) {
		return nil
	}
	const key = "metadata_plugin"
	have, next := cmp.Or(value(now.old, key), is.Metadata()), cmp.Or(value(file, key), was.Metadata())
	own := b.kept.Mounts[shape.DataDir] == "" // it brings the data of then with it
	switch {
	case !own:
		return ops.Errorf(ops.Failed, "rollbacks "+n.Name, "Nothing was done: the data of %s is in %s now, and %s would use %s, as the vernemq.conf of then says, and read none of it. Take another with --to, or deploy the image of then with the fleet file's vernemq.conf.", n.Name, have, shape.Short(b.kept), next)
	case len(d.peers(n)) > 0:
		return ops.Errorf(ops.Failed, "rollbacks "+n.Name, "Nothing was done: %s keeps its metadata in %s, and the other members have %s by now: it could not talk to them. Take another with --to.", shape.Short(b.kept), next, have)
	}
	return nil
}
