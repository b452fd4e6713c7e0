package typed

import (
	"path"
	"slices"
	"strings"
)

// undress takes off one decoration after the other until a tool that is meant
// stands first. There may be several behind a shell, and none in the end.
func (m Meant) undress(words []string, depth int) ([][]string, error) {
	for len(words) > 0 {
		if words[0] == "--" || assignment.MatchString(words[0]) || prompt.MatchString(words[0]) {
			words = words[1:]
			continue
		}
		rest, name := words[1:], path.Base(words[0])
		if argv := append([]string{name}, rest...); m(argv) {
			return [][]string{argv}, nil
		}
		switch name {
		case "sh", "bash", "dash", "ash":
			i := slices.IndexFunc(rest, isScriptFlag)
			if i < 0 || i+1 >= len(rest) {
				return nil, nil
			}
			return m.commands(rest[i+1], depth+1)
		case "ssh": // what follows the host is a script for a shell there
			return m.commands(strings.Join(afterFlags(rest, "bcDEeFIiJLlmOopQRSWw", 1), " "), depth+1)
		case "docker", "podman":
			words = dockerExec(rest)
		case "vx":
			words = afterFlags(rest, "", 1)
		case "timeout":
			words = afterFlags(rest, "ks", 1)
		case "watch":
			words = afterFlags(rest, "nq", 0)
		case "sudo", "doas", "env", "nice":
			words = afterFlags(rest, "uUgCDhpRTrtSn", 0)
		case "time", "exec", "nohup", "command":
			words = afterFlags(rest, "", 0)
		default:
			return nil, nil
		}
	}
	return nil, nil
}
