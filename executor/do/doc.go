// Package do does one action of a plan on a node's host: runs a command there
// or in the container, starts the container, writes a file. It decides nothing
// and repeats nothing; the plan runner does.
package do
