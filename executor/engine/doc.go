// Package engine speaks to the Docker engine of one host through the ssh
// connection to it: reads what is there as facts, runs commands inside
// containers, reads their logs and starts them. It is the only package that
// knows Docker's client.
//
// The way in is a channel to /var/run/docker.sock (direct-streamlocal), which
// costs one round trip per call once its HTTP connections are warm. Where sshd
// refuses such channels, `docker system dial-stdio` on the host serves instead.
package engine
