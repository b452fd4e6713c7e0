package weave

import (
	"regexp"
	"slices"
	"strings"

	"vmqbot/answer"
)

// Dialed is the answer to weave connect and weave forget: both are silent
// when they are understood. It says nothing about any connection.
type Dialed struct {
	Peers    []string `json:"peers"` // as typed
	Warnings []string `json:"warnings,omitempty"`
}

// ParseConnect reads weave connect. A peer that does not resolve is refused
// with UnknownHost; peers named beside it were taken.
func ParseConnect(a answer.Answer) (Dialed, error) { return dialed(a) }

// ParseForget reads weave forget.
func ParseForget(a answer.Answer) (Dialed, error) { return dialed(a) }

func dialed(a answer.Answer) (Dialed, error) {
	_, notes, err := silent(a, "")
	if err != nil {
		return Dialed{}, err
	}
	d := Dialed{Peers: []string{}, Warnings: notes}
	for i, w := range arguments(a) {
		if i > 0 && w != "--replace" {
			d.Peers = append(d.Peers, w)
		}
	}
	if len(d.Peers) == 0 && !slices.Contains(a.Argv, "--replace") {
		return Dialed{}, garbled("", "%q names no peer, which weave does not take in silence: ask again with PEER...", a.Command())
	}
	return d, nil
}

// Launched is the answer to weave launch: the router runs and answers.
type Launched struct {
	Container string   `json:"container"` // the 64 hexadecimal digits of the router's container
	Warnings  []string `json:"warnings,omitempty"`
}

var containerID = regexp.MustCompile(`^[0-9a-f]{64}$`)

// ParseLaunch reads weave launch. What docker says when it pulls images may
// stand before the container's identifier, which must be the last line.
func ParseLaunch(a answer.Answer) (Launched, error) {
	out, err := success(a)
	if err != nil {
		return Launched{}, err
	}
	all, err := lines(out)
	if err != nil {
		return Launched{}, err
	}
	if len(all) == 0 || !containerID.MatchString(all[len(all)-1]) {
		return Launched{}, garbled(out, "weave launch prints the identifier of its container last, and this answer does not: look with `weave status`")
	}
	found := Launched{Container: all[len(all)-1]}
	for l := range strings.Lines(unix(a.Stderr)) {
		if l = strings.TrimSpace(l); isWarning(l) {
			found.Warnings = append(found.Warnings, l)
		}
	}
	return found, nil
}

// Stopped is the answer to weave stop and weave reset.
type Stopped struct {
	WasRunning bool     `json:"was_running"` // false: there was no router to stop
	Warnings   []string `json:"warnings,omitempty"`
}

const notRunningNote = "Weave is not running (ignore on Kubernetes)."

// ParseStop reads weave stop.
func ParseStop(a answer.Answer) (Stopped, error) { return stopped(a) }

// ParseReset reads weave reset.
func ParseReset(a answer.Answer) (Stopped, error) { return stopped(a) }

func stopped(a answer.Answer) (Stopped, error) {
	idle, notes, err := silent(a, notRunningNote)
	if err != nil {
		return Stopped{}, err
	}
	return Stopped{WasRunning: !idle, Warnings: notes}, nil
}

// Versions is the answer to weave version.
type Versions struct {
	Script string `json:"script"` // "" when asked with --local
	Router string `json:"router"` // of the running router, or of its image when none runs
}

var versionRE = regexp.MustCompile(`^(?:weave script (\S+)\n)?weave (\S+)$`)

// ParseVersion reads weave version.
func ParseVersion(a answer.Answer) (Versions, error) {
	out, err := success(a)
	if err != nil {
		return Versions{}, err
	}
	all, err := lines(out)
	if err != nil {
		return Versions{}, err
	}
	m := versionRE.FindStringSubmatch(strings.Join(all, "\n"))
	if m == nil || m[1] == "" && len(a.Argv) > 1 && a.Argv[1] != "--local" {
		return Versions{}, garbled(out, "weave version prints one line for the script and one for the router, and this answer does not: ask again")
	}
	return Versions{Script: m[1], Router: m[2]}, nil
}
