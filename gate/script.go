package gate

import (
	_ "embed"
	"net/netip"
	"strings"
)

var (
	//go:embed look.sh
	lookScript string
	//go:embed gate.sh
	gateScript string
	//go:embed health.sh
	healthScript string
)

// Entrypoint is what the container is created with in place of the image's own
// entrypoint; its command has to be empty. Comments are left out, so that a
// change of words is no change of the container.
func Entrypoint() []string {
	return []string{"sh", "-c", bare(lookScript + gateScript), "vmqbot-gate"}
}

// Env is the environment that the gate needs, NAME=value: the IPv4 address that
// it waits for, and the program that is the broker.
func Env(address netip.Addr) []string {
	return []string{"VMQBOT_ADDRESS=" + address.Unmap().String(), "VMQBOT_BROKER=" + Broker}
}

// Health is the container's health check in Docker's form. It prints the line
// that ParseState reads, and succeeds while a broker runs that has answered. It
// costs one small process; nothing is asked of the broker.
func Health() []string {
	return []string{"CMD", "sh", "-c", bare(lookScript + healthScript)}
}

// HoldArgv is run in the container before a broker is stopped that shall stay
// stopped: until ReleaseArgv, or until the container is started again.
func HoldArgv() []string {
	return []string{"sh", "-c", `: >"${VMQBOT_HOLD:-` + HoldFile + `}"`}
}

// ReleaseArgv is run in the container to let the gate start the broker again.
// It succeeds also when nothing was held.
func ReleaseArgv() []string {
	return []string{"sh", "-c", `rm -f "${VMQBOT_HOLD:-` + HoldFile + `}"`}
}

// bare is a script without indents, comments and empty lines. No string of
// these scripts spans lines or holds a " # ".
func bare(script string) string {
	var b strings.Builder
	for line := range strings.Lines(script) {
		line, _, _ = strings.Cut(" "+strings.TrimSpace(line)+" ", " # ")
		if line = strings.TrimSpace(line); line != "" && line != "#" {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}
