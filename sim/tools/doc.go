// Package tools is the small programs of a Debian host, as far as the scripts
// and commands of this house use them: coreutils, grep, util-linux, procps,
// iproute2 and iputils, with their exit codes and the words of their errors.
package tools
