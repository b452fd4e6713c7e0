// Package sshd is the ssh server of a simulated machine: host keys, public-key
// logins, commands through the user's shell, sftp, and connections forwarded to
// the machine's TCP ports and unix sockets. The protocol is x/crypto/ssh's own.
//
// It treats what a bot stumbles over as OpenSSH 9.2 does (facts/deploy.md, "ssh
// done right"): a command outlives its session, a signal request does nothing,
// the eleventh session is refused, forwarded channels are not counted, and too
// many logins at once are reset.
package sshd
