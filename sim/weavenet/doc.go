// Package weavenet is Weave Net 2.8.1 in memory: the router that joins hosts,
// the weave script, and the network that attached containers see. It fails as
// the real one does: a container's address is gone with its namespace while
// every status page says that all is well.
//
// A Net is the overlay of one world; a Host is what Weave keeps on one machine.
// Host.Router and Host.Script are programs for sim/kernel. Routers talk TCP to
// each other over package fabric, so cutting, slowing or freezing the networks
// below has the effect that it has on the real ones.
//
// What it does was read from the sources of Weave (v2.6.5 and the mesh library
// of the same year; named below as weave and mesh) and from recorded runs of
// 2.8.1, against which a test holds every answer.
package weavenet
