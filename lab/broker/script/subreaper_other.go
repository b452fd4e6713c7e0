//go:build !linux

package script

// becomeSubreaper is Linux's alone; elsewhere only a simulated process is the
// first one of a container.
func becomeSubreaper() {}
