package commands

import (
	"cmp"
	"slices"
	"time"

	"vmqbot/checks"
	"vmqbot/dockerconf"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// packageTime leaves a slow mirror time.
const packageTime = 10 * time.Minute

// docker installs the distribution's package where there is no Docker, starts it
// where it does not run, and lets the login user in.
func (d *preparation) docker(n regions.Node, setup facts.Setup) error {
	if setup.Docker == "" {
		steps, err := installDocker(n, setup)
		if err != nil {
			return err
		}
		d.p.Steps = append(d.p.Steps, steps...)
	}
	if len(setup.Flags) == 0 {
		start := secret.Words("service", "docker", "start")
		if setup.Systemd {
			start = secret.Words("systemctl", "enable", "--now", "docker")
		}
		d.p.Steps = append(d.p.Steps, ops.Step{
			Title: "Start Docker on the host of " + n.Name, Node: n.Name,
			Do: ops.Run{Argv: start}, Timeout: dockerTime, NoUndo: "Docker belongs running",
		})
	}
	if !setup.InGroup {
		d.p.Steps = append(d.p.Steps, ops.Step{
			Title: "Let " + n.SSH.User + " use Docker's socket", Node: n.Name,
			Do: ops.Run{Argv: secret.Words("usermod", "-aG", "docker", n.SSH.User)}, Timeout: time.Minute,
			Undo: ops.Run{Argv: secret.Words("gpasswd", "-d", n.SSH.User, "docker")}, Litter: true,
		}, ops.Step{
			Title: "Log in again: groups hold from the login on", Node: n.Name,
			Do: ops.Reconnect{}, Timeout: time.Minute, NoUndo: "it changes nothing on the host",
		})
	}
	d.p.Steps = append(d.p.Steps, ops.Step{
		Title: "Prove that Docker answers on the host of " + n.Name, Node: n.Name,
		Do: ops.Wait{For: "Docker to answer"}, Verify: []string{"docker"}, Timeout: dockerTime,
	})
	return nil
}

// installDocker says the package manager's words. Only what the distribution
// itself has is installed: no foreign repository is added.
func installDocker(n regions.Node, setup facts.Setup) ([]ops.Step, error) {
	why := "the packages stay: nobody knows what uses them by then"
	install := func(title string, env []ops.Var, argv ...string) ops.Step {
		return ops.Step{Title: title + " on the host of " + n.Name, Node: n.Name, Do: ops.Run{Argv: secret.Words(argv...), Env: env}, Timeout: packageTime, NoUndo: why}
	}
	quiet := []ops.Var{{Name: "DEBIAN_FRONTEND", Value: secret.Plain("noninteractive")}}
	family := append([]string{setup.OS}, setup.Like...)
	switch {
	case setup.Packages == "apt-get":
		return []ops.Step{
			install("Read the package lists", quiet, "apt-get", "update"),
			install("Install Docker", quiet, "apt-get", "install", "-y", "--no-install-recommends", "docker.io"),
		}, nil
	case setup.Packages == "dnf" && setup.OS == "fedora":
		return []ops.Step{install("Install Docker", nil, "dnf", "install", "-y", "moby-engine")}, nil
	case setup.Packages == "dnf" && slices.Contains(family, "rhel"):
		return nil, ops.Errorf(ops.Refused, "prepare "+n.Name, "%s has no Docker, and %s has no package of it of its own. Install one by hand, then prepare does the rest.", n.Name, cmp.Or(setup.Name, setup.OS))
	case setup.Packages == "dnf":
		return []ops.Step{install("Install Docker", nil, "dnf", "install", "-y", "docker")}, nil
	}
	return nil, ops.Errorf(ops.Refused, "prepare "+n.Name, "%s has no Docker, and %s has neither apt-get nor dnf. Install Docker by hand, then prepare does the rest.", n.Name, cmp.Or(setup.Name, "its system"))
}

// bound has Docker bound the logs that it keeps, from its next start on.
func (d *preparation) bound(n regions.Node, setup facts.Setup) {
	if o := judge(d.w, n)("daemon"); o.Verdict != checks.Bad {
		return
	}
	c, _, _ := checks.DaemonConf(setup)
	d.p.Steps = append(d.p.Steps, writeConf(n, boundLogs(c), "Bound the logs that Docker keeps on the host of "+n.Name, logWords))
	if d.w.Seen.Nodes[n.Name].Docker.OK() {
		d.p.Notes = append(d.p.Notes, n.Name+": the bound holds for containers that are made after Docker's next start, which prepare does not bring about")
	}
}

const logWords = "log-driver json-file, log-opts max-size 20m and max-file 5"

func boundLogs(c dockerconf.Conf) dockerconf.Conf {
	return c.With("log-driver", "json-file").With("log-opts", map[string]string{"max-size": "20m", "max-file": "5"})
}

// confScript replaces daemon.json: its arguments are the new text and the path.
// What was there is kept beside it, or that nothing was; what dockerd finds wrong
// is not taken, where dockerd can say so.
const confScript = `set -e
umask 022
rm -f "$1.vmqbot-before" "$1.vmqbot-none"
mkdir -p "${1%/*}"
printf '%s' "$0" >"$1.vmqbot-new"
if d=$(command -v dockerd) && "$d" --help 2>&1 | grep -q -e '--validate'; then
"$d" --validate --config-file="$1.vmqbot-new" || { rm -f "$1.vmqbot-new"; exit 1; }
fi
if [ -e "$1" ]; then cp -p "$1" "$1.vmqbot-before"; else : >"$1.vmqbot-none"; fi
mv "$1.vmqbot-new" "$1"`

// unplaceScript puts back what confScript or placeScript kept, and does nothing
// where they ended before they had kept it.
const unplaceScript = `if [ -e "$0.vmqbot-before" ]; then mv "$0.vmqbot-before" "$0"
elif [ -e "$0.vmqbot-none" ]; then rm -f "$0" "$0.vmqbot-none"
fi`

// unplace puts back what was kept beside a file.
func unplace(path string) ops.Script {
	return ops.Script{Says: "put back what was at " + path, Text: unplaceScript, Args: []string{path}}
}

// writeConf is the step that replaces daemon.json without restarting Docker. What
// else stands in the file may be secret: only what is set is told.
func writeConf(n regions.Node, c dockerconf.Conf, title, sets string) ops.Step {
	return ops.Step{
		Title: title, Node: n.Name,
		Do:     ops.Script{Says: "in " + dockerconf.Path + " set " + sets + "; check it first, and keep what was there", Text: confScript, Args: []string{c.String(), dockerconf.Path}},
		Verify: []string{"daemon"}, Timeout: time.Minute, Undo: unplace(dockerconf.Path),
	}
}
