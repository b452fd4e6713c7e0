package weavenet

import (
	"fmt"
	"strings"
	"time"
)

// launch runs the router's container, and returns when the router answers.
func (s *script) launch(args []string) int {
	if code := s.checkNotRunning(); code != 0 {
		return code
	}
	if s.httpCall("GET", "/status", nil).exit == 0 {
		s.p.Errorf("Weave Net is already running\n")
		return 1
	}
	l, ok := launchFlags(s.p.Env, args)
	if !ok {
		return s.usage()
	}
	ip, code := s.bridgeIP()
	if code != 0 {
		return code
	}
	if !s.validateBridge() {
		return 1
	}
	if code := s.checkRange(l); code != 0 {
		return code
	}
	id, err := s.runContainer(s.routerSpec(l, ip))
	if err != nil {
		s.p.Errorf("%v\n", err)
		return 1
	}
	if !s.waitForStatus() {
		return 1
	}
	s.p.Printf("%s\n", id)
	return 0
}

// validateBridge refuses a bridge of a kind that WEAVE_NO_FASTDP speaks
// against. Where the kernel has no openvswitch it lets the router find out.
func (s *script) validateBridge() bool {
	b, unset := s.h.current(s.p.Machine), s.p.Env["WEAVE_NO_FASTDP"] == ""
	switch {
	case b == nil:
		return true
	case b.kind == plainBridge && unset && s.h.o.FastDP:
		s.p.Errorf("WEAVE_NO_FASTDP is not set, but there is already a bridge present of\nthe wrong type for fast datapath.  Please do 'weave reset' to remove\nthe bridge first.\n")
		return false
	case b.kind != plainBridge && !unset:
		s.p.Errorf("WEAVE_NO_FASTDP is set, but there is already a weave fast datapath\nbridge present.  Please do 'weave reset' to remove the bridge first.\n")
		return false
	}
	return true
}

// runContainer starts the router, after the containers that keep its data.
func (s *script) runContainer(router Spec) (id string, err error) {
	data := func(name, image string) Spec {
		return Spec{Name: name, Image: image, Cmd: []string{"data-only"}, Labels: map[string]string{"weavevolumes": ""}}
	}
	for _, spec := range []Spec{data(dbName, DBImage), data(volumesName, ExecImage), router} {
		if _, err := s.d.Find(spec.Name); err == nil && spec.Name != routerName {
			continue
		}
		if id, err = s.d.Create(spec); err != nil {
			return "", fmt.Errorf("unable to create container: %w", err)
		}
	}
	if err := s.d.Start(id); err != nil {
		return "", fmt.Errorf("unable to start container: %w", err)
	}
	return id, nil
}

// checkNotRunning refuses to launch twice, and takes away a router's container
// that has ended.
func (s *script) checkNotRunning() int {
	c, err := s.d.Find(routerName)
	ours := strings.HasPrefix(c.Image, "weaveworks/weave")
	switch {
	case err != nil:
		return 0
	case !ours && c.Running():
		s.p.Errorf("Found another running container named '%s'. Aborting.\n", routerName)
		return 2
	case !ours:
		s.p.Errorf("Found another container named '%s'. Aborting.\n", routerName)
		return 2
	case c.State == "running":
		s.p.Errorf("%s is already running; you can stop it with 'weave stop'.\n", routerName)
		return 3
	case c.State == "exited" || c.State == "dead":
		if err := s.d.Remove(routerName); err != nil {
			s.p.Errorf("%v\n", err)
			return 1
		}
		return 0
	}
	s.p.Errorf("%s is created, paused, or restarting; you can stop it with 'weave stop'.\n", routerName)
	return 1
}

// routerSpec is the container as the script's util_op run-container makes it.
func (s *script) routerSpec(l launching, dockerIP string) Spec {
	cmd := []string{"--port", l.port, "--nickname", s.p.Machine.Name, "--host-root=/host", "--docker-bridge", "docker0", "--weave-bridge", bridgeDev, "--datapath", "datapath"}
	env := s.p.Env
	if env["WEAVE_MTU"] != "" {
		cmd = append(cmd, "--mtu", env["WEAVE_MTU"])
	}
	if env["WEAVE_NO_FASTDP"] != "" {
		cmd = append(cmd, "--no-fastdp")
	}
	status := env["WEAVE_STATUS_ADDR"]
	if status == "" {
		status = "127.0.0.1:6782"
	}
	cmd = append(cmd, "--ipalloc-range", l.ipRange, "--dns-listen-address", dockerIP+":53", "--http-addr", s.httpAddr(), "--status-addr", status,
		"--resolv-conf", "/var/run/weave/etc/resolv.conf", "-H", proxyAddress, "--plugin", "--proxy")
	spec := Spec{
		Name: routerName, Image: RouterImage, Cmd: append(cmd, l.rest...), Restart: "always", HostNet: true, HostPID: true, Privileged: true,
		Env:         []string{"EXEC_IMAGE=" + ExecImage},
		Binds:       []string{"/var/run/docker.sock:/var/run/docker.sock", "/var/run/weave:/var/run/weave", "/etc:/var/run/weave/etc", "/run/docker/plugins:/run/docker/plugins", "/etc:/host/etc", "/var/lib/dbus:/host/var/lib/dbus"},
		VolumesFrom: []string{dbName, volumesName},
	}
	if l.noRestart {
		spec.Restart = ""
	}
	if l.password != "" {
		spec.Env = append(spec.Env, "WEAVE_PASSWORD="+l.password)
	}
	if env["CHECKPOINT_DISABLE"] != "" {
		spec.Env = append(spec.Env, "CHECKPOINT_DISABLE="+env["CHECKPOINT_DISABLE"])
	}
	return spec
}

// waitForStatus waits until the router answers; one that has died is killed,
// lest it be restarted for ever.
func (s *script) waitForStatus() bool {
	for {
		if s.httpCall("GET", "/status", nil).exit == 0 {
			return true
		}
		if !s.weaveRunning() {
			_ = s.d.Kill(routerName)
			s.p.Errorf("The %s container has died. Consult the container logs for further details.\n", routerName)
			return false
		}
		if !s.p.Sleep(s.h.net.after(100 * time.Millisecond)) {
			return false
		}
	}
}
