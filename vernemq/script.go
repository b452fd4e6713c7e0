package vernemq

import (
	"regexp"
	"strconv"
	"strings"

	"vmqbot/answer"
)

// Pong says that the node answered at its own name.
type Pong struct {
	Pong bool `json:"pong"`
}

// ParsePing reads `vernemq ping`. NotResponding is no proof that the broker
// is down: without its address a broker that runs cannot be pinged.
func ParsePing(a answer.Answer) (Pong, error) {
	if r := troubleOf(a); r != nil {
		return Pong{}, r
	}
	if clean(a.Stdout) != "pong" || a.Exit != 0 {
		return Pong{}, garbled(a, a.Stdout)
	}
	return Pong{true}, nil
}

func explainPing(a answer.Answer) (any, string, error) {
	p, err := ParsePing(a)
	return p, "The broker process answers at its own name and address. That is no proof that clients are served or that messages cross: look with `diagnose`.", err
}

// Process is the answer of `vernemq getpid`.
type Process struct {
	PID int `json:"pid"` // in the namespace of the container
}

// ParsePID reads `vernemq getpid`. The number must have its newline.
func ParsePID(a answer.Answer) (Process, error) {
	if r := troubleOf(a); r != nil {
		return Process{}, r
	}
	pid, err := strconv.Atoi(clean(a.Stdout))
	if err != nil || pid <= 0 || a.Exit != 0 || !strings.HasSuffix(a.Stdout, "\n") {
		return Process{}, garbled(a, a.Stdout)
	}
	return Process{pid}, nil
}

func explainPID(a answer.Answer) (any, string, error) {
	p, err := ParsePID(a)
	return p, "The broker process runs under this id, inside its container.", err
}

// Release is the answer of `vernemq version`: the files on disk, whether or
// not a broker runs.
type Release struct {
	Version string `json:"version"`
}

var versionText = regexp.MustCompile(`\A\d+\.\d+\.\d+(?:[-.+~][\w.+~-]*\w)?\z`)

// ParseVersion reads `vernemq version`.
func ParseVersion(a answer.Answer) (Release, error) {
	v := clean(a.Stdout)
	if r := troubleOf(a); r != nil {
		return Release{}, r
	}
	if !versionText.MatchString(v) || a.Exit != 0 {
		return Release{}, garbled(a, v)
	}
	return Release{v}, nil
}

func explainVersion(a answer.Answer) (any, string, error) {
	r, err := ParseVersion(a)
	return r, "The version of the files on disk. A broker that runs may be older: /status.json tells.", err
}
