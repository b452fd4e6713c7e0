// Package guard gives a node its address back from the region's own host, while
// the bot cannot reach it: cn behind a cut border heals itself. It knows one
// node, its container and its address, and no secret.
//
// It comes second on purpose. It leaves everything to the bot while the bot
// looks at the host (Config.Present), waits until the address has been gone for
// a while (Config.Grace), and takes the region's lease on the host, which every
// operation of the bot takes too, before it attaches. So the two never work at
// once, and a wish like "autoheal off" holds as long as a bot is there to obey it.
//
//	event, tick -> look -> Decide -> lease -> look again -> weave attach -> look
//
// What it does is the one repair that drops no client. A cluster port that was
// not bound meanwhile is bound by the container's gate, or by the bot when it is
// back.
package guard
