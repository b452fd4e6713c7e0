// Package ship brings an image from one host to another, through the bot. The
// source's engine pushes it into the bot's stock, which takes what it does not
// have; where that is not to be, the engine saves all of it. What the target lacks
// travels on by one of two ways.
//
// The first: a registry inside the bot, reached by the target's own engine
// through a port of loopback there that ssh forwards. The engine fetches the
// layers by digest with a token that holds for this once, and asks for the rest
// of a layer where a connection was cut. It is for a host that has none of the
// layers: an engine that was given a layer by docker load does not know the
// digest by which a registry names it, and would fetch it again.
//
// The second: an archive without the layers that the target has, as one file
// that is appended to until it is whole, and docker load. It is for every other
// host, and where sshd forwards no port. What the file holds is compared by its
// digest before it goes on.
//
// Both go through the relay of the fleet file, and both end with the same proof:
// the target's engine knows the image by its id.
package ship
