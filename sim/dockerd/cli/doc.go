// Package cli is the docker command, as far as people and scripts type it on a
// machine of package kernel. It speaks to the engine over the machine's socket
// and says what Docker's own command, version 20.10, says.
package cli
