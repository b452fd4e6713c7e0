package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/client"

	"vmqbot/sim/kernel"
)

const socket = "/var/run/docker.sock"

// session is one call of the command.
type session struct {
	*kernel.Process
	api  *client.Client
	name string // of the verb
	args []string
	set  flags
}

// verb is one subcommand.
type verb struct {
	spec  string // its flags: see flags
	early bool   // flags end at the first argument
	least int    // how many arguments it needs
	run   func(s *session) error
}

// exit is an error that is only a status.
type exit int

func (e exit) Error() string { return fmt.Sprint("exit status ", int(e)) }

// Main is the docker command.
func Main(p *kernel.Process) int {
	words := p.Argv[1:]
	sock := socket
	if h := p.Env["DOCKER_HOST"]; h != "" {
		sock = strings.TrimPrefix(h, "unix://")
	}
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		switch {
		case words[0] == "-v" || words[0] == "--version":
			p.Printf("Docker version 20.10.24, build 5d6db84\n")
			return 0
		case (words[0] == "-H" || words[0] == "--host") && len(words) > 1:
			sock, words = strings.TrimPrefix(words[1], "unix://"), words[2:]
		case words[0] == "--help":
			p.Printf("%s", usage())
			return 0
		default:
			p.Errorf("unknown flag: %s\nSee 'docker --help'.\n", words[0])
			return 125
		}
	}
	if len(words) == 0 {
		p.Printf("%s", usage())
		return 0
	}
	v, name, rest := find(words)
	if v == nil {
		p.Errorf("docker: '%s' is not a docker command.\nSee 'docker --help'\n", words[0])
		return 1
	}
	s := &session{Process: p, name: name}
	if err := s.parse(v, rest); err != nil {
		p.Errorf("%v\nSee 'docker %s --help'.\n", err, name)
		return 125
	}
	if len(s.args) < v.least {
		p.Errorf("\"docker %s\" requires at least %d argument%s.\nSee 'docker %s --help'.\n", name, v.least, map[bool]string{true: "s"}[v.least > 1], name)
		return 1
	}
	if err := s.connect(sock); err != nil {
		p.Errorf("%v\n", err)
		return 1
	}
	defer s.api.Close() //nolint:errcheck // the process ends
	return s.end(v.run(s))
}

// end turns an error into words and a status.
func (s *session) end(err error) int {
	var only exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &only):
		return int(only)
	}
	s.Errorf("%v\n", err)
	return 1
}

// find finds a verb, also in its long form: docker container ls.
func find(words []string) (v *verb, name string, rest []string) {
	name, rest = words[0], words[1:]
	if group := groups[name]; group != nil && len(rest) > 0 {
		long := name + " " + rest[0]
		if to := group[rest[0]]; to != "" {
			return verbs[to], long, rest[1:]
		}
	}
	return verbs[name], name, rest
}

var groups = map[string]map[string]string{
	"container": {"ls": "ps", "list": "ps", "ps": "ps", "inspect": "inspect", "rm": "rm", "start": "start", "stop": "stop", "restart": "restart", "kill": "kill", "run": "run", "create": "create", "exec": "exec", "logs": "logs", "rename": "rename", "cp": "cp", "pause": "pause", "unpause": "unpause", "export": "export", "top": "top", "wait": "wait", "update": "update"},
	"image":     {"ls": "images", "list": "images", "inspect": "inspect", "rm": "rmi", "tag": "tag", "load": "load", "save": "save", "import": "import", "history": "history", "pull": "pull", "prune": "prune"},
	"system":    {"dial-stdio": "dial-stdio", "info": "info", "df": "df", "events": "events"},
	"network":   {"ls": "networks", "inspect": "network-inspect"},
}

func usage() string {
	var b strings.Builder
	b.WriteString("\nUsage:  docker [OPTIONS] COMMAND\n\nCommands:\n")
	var names []string
	for name := range verbs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString("  " + name + "\n")
	}
	return b.String()
}

func (s *session) connect(sock string) error {
	api, err := client.NewClientWithOpts(client.WithHost("unix://"+sock), client.WithAPIVersionNegotiation(), client.WithHTTPClient(&http.Client{
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return s.Machine.DialUnix(ctx, sock)
			},
			DisableCompression: true,
		},
	}))
	s.api = api
	return err
}

// gone words that something is not there as 20.10 does, which says Error
// alone where it looked before it asked.
func gone(err error, kind, name string) error {
	if errdefs.IsNotFound(err) && strings.Contains(err.Error(), "o such") {
		return errors.New("Error: No such " + kind + ": " + name) //nolint:staticcheck // docker's words
	}
	return err
}

// each does something to every argument, prints its name, and goes on after a
// failure.
func (s *session) each(f func(name string) error) error {
	var failed error
	for _, name := range s.args {
		if err := f(name); err != nil {
			s.Errorf("%v\n", err)
			failed = exit(1)
			continue
		}
		s.Printf("%s\n", name)
	}
	return failed
}
