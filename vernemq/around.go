package vernemq

import "vmqbot/answer"

// aroundTroubles are what stands between the person and VerneMQ's tools says:
// the shell, docker and ssh. The words are those of docker 20 to 28 and of
// OpenSSH.
var aroundTroubles = []trouble{
	is(`(?:Error: |Error response from daemon: )No such container: (?P<container>\S+)`, answer.NotFound,
		"there is no container ${container} on this host: look at `docker ps -a`, and check that this is the right host."),
	is(`(?i:Error response from daemon: container (?P<container>\S+) is not running)`, answer.Down,
		"the container ${container} is not running: look at `docker ps -a`, and after starting it attach its address again."),
	is(`(?i:Error response from daemon: container (?P<container>\S+) is (?:restarting, wait until the container is running|paused, unpause the container before exec))`, answer.Down,
		"the container ${container} is paused or restarts again and again, so nothing runs in it: look at `docker ps -a` and `docker logs --tail 50 ${container}`."),
	is(`(?:ERROR: |error during connect: )?(?:Cannot connect to the Docker daemon at .*|failed to connect to the docker API at .*)`, DockerDown,
		"Docker does not answer on this host, so nobody could ask VerneMQ. Look at `systemctl status docker`; when it is back, see with `diagnose` that every container still has its address."),
	is(`(?:docker: )?(?:Got )?permission denied while trying to connect to the [Dd]ocker (?:daemon socket|API) .*`, answer.Forbidden,
		"this user may not talk to Docker: type the command as root, with sudo, or as a member of the group docker."),
	is(`the input device is not a TTY(?:\..*)?|cannot attach stdin to a TTY-enabled container because stdin is not a terminal`, answer.Usage,
		"docker was asked for a terminal (-t) where there is none, and ran nothing: leave off -t, as in `docker exec CONTAINER vernemq ping`."),
	is(`ssh: connect to host (?P<host>\S+) port \d+: (.+)`, HostUnreachable,
		"the host ${host} cannot be reached with ssh, so nothing was asked there: check that it is up, its address and port, and the firewall. Ask the other nodes with `vmq-admin cluster show --format=json` before you judge the cluster."),
	is(`ssh: Could not resolve hostname (?P<host>[^\s:]+): .+`, UnknownHost,
		"the host name ${host} is not known here: write its address, or mend the DNS or ~/.ssh/config."),
	is(`(?:(?P<host>\S+): )?Permission denied \([a-z,-]+\)\.`, answer.Forbidden,
		"ssh was refused: no key of this user opens the host. Check the user name, the key (`ssh -i KEY`) and authorized_keys there."),
	is(`(?s:.*(?:executable file not found in \$PATH|: (?:command )?not found).*)`, answer.NotFound,
		"there is no such program in this container or on this host: VerneMQ's tools are in its bin directory, and run inside the broker's container."),
}
