// Package broker stands in for VerneMQ where the real one cannot be installed:
// a real MQTT broker whose cluster, command line and HTTP answers behave as
// VerneMQ 1.6.1 or 2.1.2 do, with the failures that an operator meets.
//
// A Node is one broker. It has no global state, listens and dials through a
// Network, and takes its delays from a Timing, so that several can live in one
// process. README.md says what it reproduces, from which source, and what not.
package broker
