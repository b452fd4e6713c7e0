package look

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vmqbot/dockerconf"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/secret"
)

// setupScript reads what is installed on a host. It is constant; its arguments
// are daemon.json, the folder of a change that is not confirmed, and the planned
// folders. The daemon's command line is read from the kernel: a unit file says
// only what the next one will have.
const setupScript = `LC_ALL=C
export LC_ALL
conf=$1 armed=$2
shift 2
cat /etc/os-release 2>/dev/null
echo "@0 os 0"
for p in apt-get dnf; do
command -v "$p" >/dev/null 2>&1 && { echo "$p"; break; }
done
echo "@0 packages 0"
id -u
u=${SUDO_USER:-$(id -un)}
id -nG "$u" 2>/dev/null
[ -d /run/systemd/system ] && echo systemd
[ -e "$armed/armed" ] && echo armed
echo "@0 self 0"
command -v docker
echo "@0 docker 0"
for d in /proc/[0-9]*; do
read -r c <"$d/comm" 2>/dev/null || continue
[ "$c" = dockerd ] || continue
tr '\000' '\n' <"$d/cmdline" 2>/dev/null
break
done
echo "@0 flags 0"
d=$(command -v dockerd) && "$d" --help 2>&1 | grep -e '--validate'
echo "@0 validate 0"
if [ -e "$conf" ]; then cat "$conf" 2>&1; echo "@0 conf $?"; else echo "@0 conf 9"; fi
w=$(command -v weave)
if [ -n "$w" ]; then
echo "$w"
sed -n -e 's/^SCRIPT_VERSION="\([^"]*\)".*/version \1/p' -e 's/^DOCKERHUB_USER=[$]{DOCKERHUB_USER:-\([^}]*\)}.*/user \1/p' "$w"
sha256sum "$w"
fi
echo "@0 weave 0"
for d do
[ -d "$d" ] && stat -c '%u:%g %n' "$d"
done
echo "@0 folders 0"
echo "@0 end 0"
`

// setup asks the host what is installed on it.
func (v view) setup(ctx context.Context) facts.Seen[facts.Setup] {
	argv := []string{"sh", "-c", setupScript, "vmqbot-setup", dockerconf.Path, ops.RevertDir}
	for _, f := range []string{v.node.Volumes.Conf, v.node.Volumes.Log, v.node.Volumes.Data} {
		if f != "" && !slices.Contains(argv[6:], f) {
			argv = append(argv, f)
		}
	}
	if v.node.SSH.Sudo {
		argv = append([]string{"sudo", "-n"}, argv...)
	}
	a, err := v.host.Run(ctx, secret.Words(argv...), nil)
	if err != nil {
		return missed[facts.Setup](err)
	}
	said, whole := parts(a.Stdout)
	if !whole {
		return missed[facts.Setup](&blindness{facts.Unreadable, fmt.Sprintf("what %s says is installed on it is not understood (%s).", v.name, firstLine(a))})
	}
	return facts.Saw(readSetup(said))
}

func readSetup(said map[string]part) facts.Setup {
	line := func(section string) string { return strings.TrimSpace(said[section].text) }
	s := facts.Setup{Packages: line("0 packages"), Docker: line("0 docker"), Validate: line("0 validate") != "", Folders: map[string]string{}}
	for l := range strings.Lines(said["0 os"].text) {
		key, value, _ := strings.Cut(strings.TrimSpace(l), "=")
		switch value = strings.Trim(value, `"'`); key {
		case "ID":
			s.OS = value
		case "ID_LIKE":
			s.Like = strings.Fields(value)
		case "PRETTY_NAME":
			s.Name = value
		}
	}
	self := strings.Split(said["0 self"].text, "\n")
	groups := strings.Fields(self[min(1, len(self)-1)])
	s.Root = self[0] == "0"
	s.InGroup = slices.Contains(groups, "docker") || slices.Contains(groups, "root")
	s.Systemd, s.Armed = slices.Contains(self[1:], "systemd"), slices.Contains(self[1:], "armed")
	if flags := line("0 flags"); flags != "" {
		s.Flags = strings.Split(flags, "\n")
	}
	switch conf := said["0 conf"]; conf.status {
	case 0:
		s.Conf = facts.Saw(conf.text)
	case 9:
		s.Conf = facts.Missed[string](facts.Absent, "there is no "+dockerconf.Path+".")
	default:
		s.Conf = facts.Missed[string](facts.Denied, strings.TrimSpace(conf.text))
	}
	s.Weave = readWeaveScript(line("0 weave"))
	for l := range strings.Lines(said["0 folders"].text) {
		if owner, folder, ok := strings.Cut(strings.TrimSuffix(l, "\n"), " "); ok {
			s.Folders[folder] = owner
		}
	}
	return s
}

// readWeaveScript reads path, version and user of a script, and its digest.
func readWeaveScript(text string) facts.Seen[facts.WeaveScript] {
	if text == "" {
		return facts.Missed[facts.WeaveScript](facts.Absent, "there is no weave script.")
	}
	var s facts.WeaveScript
	for i, l := range strings.Split(text, "\n") {
		word, rest, _ := strings.Cut(l, " ")
		switch {
		case i == 0:
			s.Path = l
		case word == "version" && s.Version == "":
			s.Version = rest
		case word == "user" && s.User == "":
			s.User = rest
		case len(word) == 64:
			s.SHA256 = word
		}
	}
	if s.Version == "" || s.User == "" || s.SHA256 == "" {
		return facts.Missed[facts.WeaveScript](facts.Unreadable, s.Path+" does not say its version, as the script of Weave Net does.")
	}
	return facts.Saw(s)
}
