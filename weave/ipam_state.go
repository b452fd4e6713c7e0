package weave

import "strings"

// IPAMState is how weave's own allocation of addresses is doing. Addresses
// named in weave attach outside of the range work in every state.
type IPAMState string

// The states of allocation.
const (
	IPAMIdle        IPAMState = "idle"               // nothing was ever allocated
	IPAMReady       IPAMState = "ready"              // the range is shared out
	IPAMPriming     IPAMState = "priming"            // an observer waits for the others' data
	IPAMConsensus   IPAMState = "awaiting consensus" // too few peers to share out the range
	IPAMWaiting     IPAMState = "waiting for IPs"    // an allocation waits for free addresses
	IPAMUnreachable IPAMState = "unreachable"        // nobody who owns a part can be reached
)

// ipamState reads the words of weave status.
func ipamState(s string) (IPAMState, bool) {
	switch {
	case s == "idle" || s == "ready" || s == "priming":
		return IPAMState(s), true
	case strings.HasPrefix(s, "awaiting consensus (quorum: ") && strings.HasSuffix(s, ")"):
		return IPAMConsensus, true
	case s == "waiting for IP(s) to become available":
		return IPAMWaiting, true
	case s == "all IP ranges owned by unreachable peers - use 'rmpeer' if they are dead":
		return IPAMUnreachable, true
	}
	return "", false
}
