package weavenet

import (
	"strings"

	"vmqbot/sim/kernel"
)

// script is one run of the weave script. Its methods are named after the
// functions of the real one where they do the same.
type script struct {
	h     *Host
	p     *kernel.Process
	d     Docker
	local bool // --local: what the image weaveexec runs, without its container
}

// removed are commands of Weave 1.
var removed = map[string]bool{
	"run": true, "start": true, "restart": true, "launch-plugin": true, "stop-plugin": true, "launch-proxy": true,
	"stop-proxy": true, "launch-router": true, "stop-router": true,
}

// commands are those of the script; each returns the exit status.
var commands = map[string]func(*script, []string) int{
	"setup": (*script).nothing, "setup-cni": (*script).nothing,
	"version": (*script).version, "launch": (*script).launch, "stop": (*script).stopCommand, "reset": (*script).reset,
	"env": (*script).env, "config": (*script).config, "dns-args": (*script).dnsArgs, "docker-bridge-ip": (*script).dockerBridgeIP,
	"connect": (*script).connect, "forget": (*script).forget, "status": (*script).status, "report": (*script).report,
	"attach": (*script).attach, "detach": (*script).detach, "expose": (*script).expose, "hide": (*script).hide,
	"ps": (*script).ps, "rmpeer": (*script).rmpeer, "prime": (*script).prime, "bridge-type": (*script).bridgeType,
	"dns-add": (*script).unknown, "dns-remove": (*script).unknown, "dns-lookup": (*script).unknown,
}

// Script is the program weave. Everything that it says is computed from the
// state of the host: the container of the router, its answers, the bridge.
func (h *Host) Script(p *kernel.Process) int {
	s := &script{h: h, p: p, d: h.containers()}
	argv := p.Argv[1:]
	if len(argv) > 0 && argv[0] == "--local" {
		s.local, argv = true, argv[1:]
	}
	switch command(argv) {
	case "help", "--help":
		p.Errorf("%s", usage)
		return 0
	case "version":
		if !s.local {
			p.Printf("weave script %s\n", version)
		}
	case "env":
		if len(argv) > 1 && argv[1] == "--restore" {
			return s.restore()
		}
	case "launch", "setup":
	default:
		if len(argv) > 1 && argv[1] == "--help" {
			p.Errorf("%s", usage)
			return 0
		}
	}
	if !s.local {
		if err := s.d.Ping(); err != nil {
			p.Errorf("docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?.\nSee 'docker run --help'.\n")
			return 125
		}
	}
	run := commands[command(argv)]
	switch {
	case len(argv) == 0:
		return s.usage()
	case removed[argv[0]]:
		p.Errorf("The 'weave %s' command has been removed as of Weave Net version 2.0\nPlease see release notes for further information\n", argv[0])
		return 1
	case run == nil:
		p.Errorf("Unknown weave command '%s'\n", argv[0])
		return s.usage()
	}
	return run(s, argv[1:])
}

func command(argv []string) string {
	if len(argv) == 0 {
		return ""
	}
	return argv[0]
}

func (s *script) usage() int {
	s.p.Errorf("%s", usage)
	return 1
}

func (s *script) nothing([]string) int { return 0 }

// unknown are commands that are not simulated.
func (s *script) unknown([]string) int {
	s.p.Errorf("this simulated weave does not know the command '%s'\n", s.p.Argv[1])
	return 1
}

func (s *script) version(args []string) int {
	if len(args) > 0 {
		return s.usage()
	}
	s.p.Printf("weave %s\n", version)
	return 0
}

func (s *script) restore() int {
	orig, ok := s.p.Env["ORIG_DOCKER_HOST"]
	if !ok {
		s.p.Errorf("Nothing to restore. This is most likely because there was no preceding invocation of 'eval $(weave env)' in this shell.\n")
		return 1
	}
	s.p.Printf("DOCKER_HOST=%s\n", orig)
	return 0
}

func (s *script) proxyAddr() (string, int) {
	r := s.callWeave("GET", "/proxyaddrs", nil)
	addr := strings.TrimSuffix(r.stdout, "\n")
	if r.exit != 0 || addr == "" {
		return "", 1
	}
	return addr, 0
}

func (s *script) env([]string) int {
	if addr, failed := s.proxyAddr(); failed == 0 {
		s.p.Printf("export DOCKER_HOST=%s ORIG_DOCKER_HOST=%s\n", addr, s.p.Env["DOCKER_HOST"])
	}
	return 0
}

func (s *script) config([]string) int {
	addr, failed := s.proxyAddr()
	if failed == 0 {
		s.p.Printf("-H=%s\n", addr)
	}
	return failed
}

func (s *script) dnsArgs([]string) int {
	addr, code := s.bridgeIP()
	if code == 0 {
		s.p.Printf("--dns=%s --dns-search=%s", addr, dnsDomain)
	}
	return code
}

func (s *script) dockerBridgeIP([]string) int {
	addr, code := s.bridgeIP()
	if code == 0 {
		s.p.Printf("%s", addr)
	}
	return code
}

// bridgeIP is the address of docker0.
func (s *script) bridgeIP() (string, int) {
	addr, ok := dockerBridge(s.p.Net)
	if !ok {
		s.p.Errorf("Link not found\n")
		return "", 1
	}
	return addr.String(), 0
}

func (s *script) bridgeType([]string) int {
	b := s.h.current(s.p.Machine)
	if b == nil {
		return 1
	}
	s.p.Printf("%s\n", b.kind)
	return 0
}
