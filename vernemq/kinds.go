package vernemq

import "vmqbot/answer"

// The refusals of this dialect, beside those of package answer.
const (
	DockerDown      answer.Kind = "docker down"         // dockerd does not answer on the host
	HostUnreachable answer.Kind = "host unreachable"    // ssh gets no connection
	UnknownHost     answer.Kind = "unknown host"        // the name of a host does not resolve
	NotResponding   answer.Kind = "not responding"      // nodetool cannot reach the node at its own name
	NotReady        answer.Kind = "not ready"           // the process runs, its commands are not there yet or no longer
	NotReachable    answer.Kind = "not reachable"       // the discovery node could not be reached, or the cookie differs
	SelfJoin        answer.Kind = "self join"           // a node cannot join itself
	NonEmpty        answer.Kind = "node not empty"      // the node that was to join has state already
	JoinFailed      answer.Kind = "join failed"         // another reason, in the raw answer
	RPCTimeout      answer.Kind = answer.TimedOut       // nodetool gave up after 60 s; the work may go on
	RPCFailed       answer.Kind = "rpc failed"          // the call into the broker crashed
	InvalidKey      answer.Kind = "invalid key"         // the command does not know this key
	InvalidFlag     answer.Kind = "invalid flag"        // the command does not know this flag
	InvalidValue    answer.Kind = "invalid value"       // a key, flag or setting does not take this value
	MissingArgument answer.Kind = "missing argument"    // the command needs one more key
	UnknownSetting  answer.Kind = "unknown setting"     // no such setting, or it cannot be changed while running
	BadConfig       answer.Kind = "bad configuration"   // vernemq.conf does not pass
	AlreadyRunning  answer.Kind = "already running"     // start of a running node
	NotStarted      answer.Kind = "not started"         // start gave up waiting
	AddressMissing  answer.Kind = "address missing"     // eaddrnotavail: the host has no such address
	PortInUse       answer.Kind = "port in use"         // eaddrinuse: something else holds the port
	NotRepaired     answer.Kind = "queues not repaired" // a dead node was removed, its queues were not restored
	Inconsistent    answer.Kind = "cluster not ready"   // leave wants every other member running
	QueuesOnline    answer.Kind = "queues still online" // leave gave up waiting for clients to go
	InProgress      answer.Kind = "already in progress" // a migration is running
	Registered      answer.Kind = "already registered"  // the webhook is there
	Failed          answer.Kind = "failed"              // the tool says so; the raw answer has the reason
	Unconfirmed     answer.Kind = "unconfirmed"         // exit status 0 and no words where words were due
)
