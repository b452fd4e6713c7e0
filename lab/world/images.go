package world

// The broker's images. Every region host has all of them; they share their layers.
const (
	BrokerImage    = "airdroid/vernemq:2.1.2"     // the version whose behavior was recorded live
	OlderBroker    = "airdroid/vernemq:1.6.1"     // shows a lost data channel as not running, later versions do not
	NewerBroker    = "airdroid/vernemq:2.1.3"     // another build that behaves as 2.1.2
	BrokenBroker   = "airdroid/vernemq:broken"    // starts, and dies after a second
	BadConfBroker  = "airdroid/vernemq:badconf"   // its schema does not know metadata_plugin, so chkconfig refuses the lab's file
	NoBroker       = "airdroid/vernemq:no-broker" // sh and grep, no vernemq
	NoShellBroker  = "airdroid/vernemq:no-sh"     // vernemq, no sh and no grep
	ForeignBroker  = "airdroid/vernemq:arm64"     // of another architecture; nothing in it can be executed here
	ImportedBroker = "airdroid/vernemq:imported"  // one layer and no command, as docker export and import leave it
)
