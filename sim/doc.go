// Package sim is a whole fleet in one process: region hosts with ssh, Docker
// and Weave Net, and VerneMQ's stand-in in their containers. It needs no root,
// no Docker and no Linux. It is for the fast tests, for the demo, and for people
// without servers; lab is the real thing, and the same scripts run against both.
//
// Every answer is computed from the state of the simulated machines; nothing is
// replayed. What sim does not reproduce stands in docs/status.md.
package sim
