package weave

import "vmqbot/answer"

// The refusals of weave, beside those that every dialect shares: answer.Usage
// for a command line that the script did not understand, answer.Forbidden for
// missing rights, answer.Garbled for what is none of its answers.
const (
	NotRunning       = answer.Down                               // no router: never launched, stopped, or crashed
	Unsettled        = answer.Kind("not settled")                // the router's container is created, paused or restarting
	NotAnswering     = answer.Kind("not answering")              // the router's container runs, its API does not answer
	Died             = answer.Kind("died")                       // the router ended while it was launched
	AlreadyRunning   = answer.Kind("already running")            // launch on top of a router
	NameTaken        = answer.Kind("name taken")                 // another image's container is named weave
	WrongBridge      = answer.Kind("wrong bridge")               // the bridge of an earlier launch has another type
	RangeOverlap     = answer.Kind("range overlap")              // the allocation range is already routed on the host
	NoContainer      = answer.Kind("no such container")          // attach and detach only; ps says nothing
	ContainerStopped = answer.Kind("container stopped")          // it exists and does not run
	HostNetwork      = answer.Kind("host network")               // a container with --net=host has no interface to give
	OwnedByContainer = answer.Kind("owned by another container") // the address is taken on this host
	OwnedByPeer      = answer.Kind("owned by another peer")      // the address is taken on another host
	NotAttached      = answer.Kind("not attached")               // the container has no weave interface
	BadCIDR          = answer.Kind("bad CIDR")                   // not an address with a prefix length
	UnknownHost      = answer.Kind("unknown host")               // the name of a peer does not resolve
	DockerDown       = answer.Kind("docker down")                // dockerd does not answer
	DockerTooNew     = answer.Kind("docker too new")             // dockerd refuses weave's old API version
	NotInstalled     = answer.Kind("not installed")              // there is no weave script on the host
)
