// Package kernel is what an operating system is to programs: processes with
// numbers, parents, signals and standard streams; a file tree with mounts and
// /proc; network namespaces (package fabric). Programs are Go functions.
//
// A machine keeps its files in a real folder, so that the stand-in for VerneMQ
// runs on it unchanged; everything else is memory. Nothing here starts a
// process of the real machine.
//
// A Program must return soon after Context ends: that is how a process is
// killed. All waiting on kernel objects obeys it.
package kernel
