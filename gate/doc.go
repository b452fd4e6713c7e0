// Package gate is the first process of every container that deploy makes: a
// small supervisor in plain sh that lets the broker start only when its planned
// address is in the container's network namespace, and keeps that namespace
// alive when the broker crashes or is restarted from inside. The package holds
// the script, what the container has to be made with, and the reading of what
// the script says.
//
// The script needs sh and sleep of the image, and rm to be released from a
// hold. What it must do follows from facts: a broker that starts without its
// address never binds its cluster port and looks healthy (vernemq-real.md E1),
// and `docker exec NAME vernemq restart` ends the broker and starts a daemon of
// its own (domain.md 0.3 c).
package gate
