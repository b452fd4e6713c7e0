package broker

import (
	"io"

	"vmqbot/lab/broker/conf"
)

// Options are all that a node needs.
type Options struct {
	Version string       // 1.6.1 or 2.1.2; empty means 2.1.2
	Config  *conf.Config // nodename, distributed_cookie, listeners, ...
	Etc     string       // the directory that password files are relative to
	Data    string       // outlasts the node
	Logs    string
	Console io.Writer      // a copy of the log, or nil
	Network Network        // nil means RealNetwork
	Timing  Timing         // zero means RealTiming
	Pace    func() float64 // factor for the delays of Timing that begin now, besides NetTick; nil is 1
	PID     int            // what getpid answers; 0 means the own process

	// Real is where a path that the configuration names lies on this machine;
	// nil means there. Etc, Data and Logs are such places already.
	Real func(string) string
	// Room is asked before anything is written or removed: nil, or why it
	// cannot be (ENOSPC). A nil Room is always room.
	Room func() error

	DistHost string // where the distribution and the port mapper listen; empty means 0.0.0.0
	DistPort int    // 0 means 9100, or erlang.distribution.port_range.minimum
	EpmdPort int    // 0 means 4369
}
