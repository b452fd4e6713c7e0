// Package probe proves that messages cross: one MQTT client per node, one
// message from every node to every node. Views, listeners and established
// channels are no proof (facts: F2); a message that arrives is.
//
// Subscriptions reach the other nodes eventually, so each message is published
// again every quarter of a second until one arrives or the time is up: a
// subscription that is still on its way is not taken for a loss.
package probe
