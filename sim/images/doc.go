// Package images is the images of a simulated region host as data: those of the
// lab (the Images table of lab/README.md) and Weave Net's. What is executable in
// them are Go functions over a simulated kernel; the broker's are lab/broker
// itself, so that MQTT and every answer of VerneMQ are those of the lab.
//
// An image is a value that nobody changes: containers share its maps.
package images

import (
	"vmqbot/sim/kernel"
)

// Options are what the images are made with.
type Options struct {
	// Tools are sh, grep, sleep and so on by name or path: what busybox is to
	// the lab's images. They lie in /usr/bin.
	Tools map[string]kernel.Program
	// Weave are Weave Net's programs by absolute path, as /home/weave/weaver;
	// see Weave for those that are expected.
	Weave map[string]kernel.Program
	// Pace multiplies every delay of the broker and its scripts, like
	// VERNEMQ_PACE of a container, which counts on top of it; 0 is 1. Limits of
	// waiting for an answer are not cut below what a busy machine needs.
	Pace float64
	// Haste is a further factor, asked whenever a delay begins; nil is 1. It
	// lets a world start fast whose machines then take their time.
	Haste func() float64
	// Halved says that a process of the release prints the first half of what
	// it has to say; nil is never.
	Halved func(*kernel.Process) bool
}

// All are the images that every region host has.
func All(o Options) []Image { return append(Broker(o), Weave(o)...) }
