// Package onhost is the guard at home on a host: what it sees there, how it is
// set up and started, and the words by which the bot speaks to it (bot guard
// run, setup, teardown, state). It joins guard with the executor's rooms, which
// work on this machine as they do through ssh. The machine itself is behind a
// port, so that the hosts of the simulated fleet have a guard too.
package onhost
