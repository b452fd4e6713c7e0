package conf

import "slices"

// runtimeKeys are what `vmq-admin set` changes without a restart: the first
// five and max_inflight_messages were seen to on 2.1.2, all stand in the
// whitelist of vmq_config_cli.erl in 1.x too and are read anew for each new
// session. Others of that list (systree_*, graphite_*, queue_*) are held by
// processes that already run, so they are not here.
var runtimeKeys = []string{
	"allow_anonymous", "allow_register_during_netsplit", "allow_publish_during_netsplit",
	"allow_subscribe_during_netsplit", "allow_unsubscribe_during_netsplit",
	"max_client_id_size", "max_inflight_messages", "max_message_rate", "max_message_size", "max_offline_messages",
	"max_online_messages", "persistent_client_expiration", "retry_interval", "upgrade_outgoing_qos",
}

// NetsplitKeys are the four switches with which a node goes on serving
// clients while another one is away.
func NetsplitKeys() []string { return slices.Clone(runtimeKeys[1:5]) }

// RuntimeSettable reports whether `vmq-admin set` changes a key of a running
// broker. It holds until the broker's next start, and for new sessions only;
// the file must say the same.
func RuntimeSettable(key string) bool { return slices.Contains(runtimeKeys, key) }

// NeedsRestart reports whether a running broker takes any of the changes at
// its next start only. A key that goes is one of them: `set` has no word for
// "the default again".
func NeedsRestart(changes []Change) bool {
	return slices.ContainsFunc(changes, func(c Change) bool { return !c.Has || !RuntimeSettable(c.Key) })
}

// NeedsIdentity reports whether the changes give the node another name or
// cookie. VerneMQ's scripts read both from the file at each call, so the
// broker must be stopped before the file is written: afterwards nothing
// reaches it any more.
func NeedsIdentity(changes []Change) bool {
	return slices.ContainsFunc(changes, func(c Change) bool {
		otherwise := map[string]string{keyNodename: defaultNodename, keyCookie: defaultCookie}[c.Key]
		old, next := otherwise, otherwise
		if c.Had {
			old = c.Old.Reveal()
		}
		if c.Has {
			next = c.New.Reveal()
		}
		return otherwise != "" && old != next
	})
}

// FlipsMetadata reports whether a node with data would read it with the other
// metadata store, which knows nothing of it: membership, subscriptions and
// retained messages would be gone. Each file is read by its own version; what
// an unknown version reads with is unknown, and no flip is seen there.
func FlipsMetadata(have Settings, was Version, want Settings, is Version) bool {
	old, next := have.or(keyMetadata, was.Metadata()), want.or(keyMetadata, is.Metadata())
	return old != "" && next != "" && old != next
}
