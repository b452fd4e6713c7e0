// Package lease keeps the lease of a region on its hosts, so that two bots
// with separate stores cannot change one region. It is one file of one line
// per region in a folder of the host, which all accounts share that may use Docker, changed by one constant script under
// flock(1). The host's own clock decides expiry: the bots' clocks do not
// matter.
package lease
