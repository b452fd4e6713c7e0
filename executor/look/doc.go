// Package look reads what is: all facts of all hosts in one round. Every node
// is read concurrently, and all base facts of a host go out at once, so that a
// look over warm connections costs about one round trip of the slowest host
// and grows with hosts, not with checks. What could not be seen is in the
// answer too, with the reason.
package look
