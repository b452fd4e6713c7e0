package conf

// Keys that this program writes or judges.
const (
	keyNodename   = "nodename"
	keyCookie     = "distributed_cookie"
	keyClustering = "listener.vmq.clustering"
	keyHTTP       = "listener.http.default"
	keyBuffer     = "outgoing_clustering_buffer_size"
	keyMetadata   = "metadata_plugin"
	keyConsole    = "log.console"
	keyEULA       = "accept_eula"
	keyTCPDefault = "listener.tcp.default"
)

// What a key stands for when the file does not say it.
const (
	defaultNodename = "VerneMQ@127.0.0.1"
	defaultCookie   = "vmq"
)

// WantedBuffer is what a node may hold back for each peer that is away, in
// bytes of its own memory: with 16 MiB a restart of 20 s lost nothing where
// the default lost 72 of 228 messages (seen on 2.1.2).
const WantedBuffer = 16 << 20

// Metadata names the store that a node uses when its file names none, or ""
// when the version is unknown. The two cannot talk to each other, and no data
// goes from one to the other (vernemq#1831, #1521).
func (v Version) Metadata() string {
	switch {
	case !v.Known():
		return ""
	case v.Before(1, 12):
		return "vmq_plumtree"
	}
	return "vmq_swc"
}

// Buffer is what a node holds back for an absent peer when its file does not
// say, in bytes: 10000 in every tag read up to 2.1.2, 64 MiB from 2.2.0 on.
// It is 0 when the version is unknown.
func (v Version) Buffer() int {
	switch {
	case !v.Known():
		return 0
	case v.Before(2, 2):
		return 10_000
	}
	return 64 << 20
}

// protocols are the MQTT versions that a listener of the file takes by
// default; an MQTT listener that is opened at run time takes 3 and 4 alone
// (vmq_ranch_config.erl, default_session_opts), so the gate is told.
func (v Version) protocols() string {
	if v.Before(2, 0) {
		return "3,4,131"
	}
	return "3,4,5,131"
}

// opensMQTT reports whether a broker whose file names no MQTT listener may
// open 127.0.0.1:1883 by itself. 2.1 does not (seen).
func (v Version) opensMQTT() bool { return !v.AtLeast(2, 1) }

// span is when a key exists: from one version on, before another.
type span struct {
	key           string // a last * stands for any end
	since, before Version
}

// spans are keys whose first or last version is known. What is not here is
// left to cuttlefish in the image.
var spans = []span{
	{key: "vmq_swc.prevent_nonempty_join", since: Version{Major: 2}},
	{key: "prometheus_namespace", since: Version{Major: 2}},
	{key: "http_module.*", since: Version{Major: 2}},
	{key: "vmq_http_pub.*", since: Version{Major: 2}},
	{key: "allow_multiple_sessions", before: Version{Major: 2}},
	{key: "message_size_limit", before: Version{Major: 2}},
	{key: "outgoing_cluster_handshake_ack_timeout", since: Version{Major: 2, Minor: 2}},
}
