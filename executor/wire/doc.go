// Package wire reaches hosts: one multiplexed ssh connection per host carries
// every command, file and socket. A Pool hands out a Host for a node of the
// fleet file; the Host connects when it is first used, keeps the connection
// alive, notices when it is dead and connects again on the next use. After a
// command has run, a spare shell is kept ready on the connection, in which the
// next one starts with a single round trip.
//
// Three promises hold for every call. No shell ever reads a word that a person
// typed: argv is quoted once, here. A command does not outlive its caller: when
// the context ends or the connection is cut, the remote command is stopped.
// And what is not known is said to be unknown: an error with code Unseen means
// that the command may or may not have run.
package wire
