package dockerd

import (
	"vmqbot/sim/dockerd/cli"
	"vmqbot/sim/kernel"
)

// CLI is the docker command of a machine. It asks the engine over the socket.
var CLI kernel.Program = cli.Main
