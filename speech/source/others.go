package source

// Others are forms that no room says: Go's libraries and Docker do, and sentences of
// ours hold them. They are part of each catalog; others_test.go asks who says them.
var Others = []string{
	"dial tcp %s: %s", "dial tcp %s: connect: %s", "dial tcp: %s", "dial unix %s: connect: %s", "lookup %s: %s", "lookup %s on %s: %s", "listen tcp %s: bind: %s",
	"read tcp %s->%s: %s", "read tcp %s->%s: read: %s", "write tcp %s->%s: %s", "write tcp %s->%s: write: %s", "read udp %s->%s: %s", "Get %q: %s", "Post %q: %s", "open %s: %s",
	"i/o timeout", "no such host", "server misbehaving", "connection refused", "connection reset by peer", "connection timed out", "no route to host", "network is unreachable",
	"host is down", "broken pipe", "address already in use", "cannot assign requested address", "permission denied", "no such file or directory", "no space left on device",
	"use of closed network connection", "context deadline exceeded", "context canceled", "operation was canceled", "unexpected EOF",
	"ssh: handshake failed: %s", "ssh: unable to authenticate, attempted methods %s, no supported methods remain",
	"tls: failed to verify certificate: %s", "x509: certificate signed by unknown authority", "x509: certificate has expired or is not yet valid: %s", "current time %s is after %s", "current time %s is before %s",
	"Up %s", "Up %s (%s)", "Exited (%d) %s ago", "Restarting (%d) %s ago", "Less than a second", "About a minute", "About an hour",
	"%d seconds", "%d minutes", "%d hours", "%d days", "%d weeks", "%d months", "%d years", "1 second", "healthy", "unhealthy", "health: starting", "Paused", "Created",
}
