package gate

// Labels of a container that deploy made.
const (
	// Label is "1" on a container that has a gate.
	Label = "vmqbot.gate"
	// SpecLabel is the SHA-256 of the specification that it was made from.
	SpecLabel = "vmqbot.spec"
	// NodeLabel is the node's name in the fleet file.
	NodeLabel = "vmqbot.node"
	// AddressLabel is the node's planned address with its prefix length.
	AddressLabel = "vmqbot.address"
)

// Broker is the program in the image that is VerneMQ's command line; vmq-admin
// lies beside it.
const Broker = "vernemq"

// Files in the container. Those in /dev/shm, which every container of Docker
// has, are gone with the container's life: after a stop nothing is held.
const (
	// StateFile holds one line, which the gate writes anew at each change.
	StateFile = "/dev/shm/vmqbot-gate"
	// HoldFile keeps the gate from starting the broker while it exists.
	HoldFile = "/dev/shm/vmqbot-hold"
	// DoorsDir is the volume of the configuration, where DoorsFile lies.
	DoorsDir = "/etc/vernemq"
	// DoorsFile names the MQTT ports that the gate opens, see Doors.
	DoorsFile = "vmqbot.listeners"
)
