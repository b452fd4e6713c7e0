// Package dockerd is a Docker engine for a machine of package kernel. It
// answers as version 20.10.24 does (API 1.41, overlay2, json-file): over HTTP
// on the machine's /var/run/docker.sock, and to Go callers directly.
//
// A container is a tree of processes in its own numbering, with a network
// namespace of package fabric and a real folder for its files. The folder lies
// below the machine's /var/lib/docker. Programs inside an image are files with
// a mark that names a Go function, so that they survive save and load, export
// and import, cp.
package dockerd
