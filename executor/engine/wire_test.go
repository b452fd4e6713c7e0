package engine_test

import (
	"errors"
	"testing"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
	"vmqbot/secret"
)

// TestThroughARealSSHD uses the way that is left when sshd forbids channels to
// sockets: the docker command on the host, which is told where the engine is.
func TestThroughARealSSHD(t *testing.T) {
	enginetest.Need(t)
	s := sshdtest.Start(t, sshdtest.Config{Lines: []string{"AllowStreamLocalForwarding no", "SetEnv DOCKER_HOST=unix://" + docker.Socket}})
	pool := wire.New(wire.Options{})
	t.Cleanup(func() { _ = pool.Close() })
	proxy := sshdtest.NewProxy(t, s.Addr())
	e := engine.New("cn.example.net", engine.OnWire(pool.Host(proxy.Node(t, s))))
	t.Cleanup(e.Close)
	name := docker.Container(t, "vernemq-cn-1")
	for round := range 4 {
		if round == 2 {
			proxy.Cut()
		}
		if c, err := e.Container(t.Context(), name); err != nil || !c.Running {
			t.Fatalf("%+v %v", c, err)
		}
	}
	a, err := e.Exec(t.Context(), name, secret.Words("guest", "say", "a b; $(reboot)", "err", "7"), nil)
	if err != nil || a.Exit != 7 || a.Stdout != "a b; $(reboot)" || a.Stderr != "err" {
		t.Errorf("%+v %v", a, err)
	}
	if lines, err := e.Logs(t.Context(), name, 5); err != nil || len(lines) > 2 {
		t.Errorf("%q %v", lines, err)
	}
}

func TestARealSSHDWithoutDocker(t *testing.T) {
	s := sshdtest.Start(t, sshdtest.Config{Lines: []string{"AllowStreamLocalForwarding no", "SetEnv DOCKER_HOST=unix:///nowhere/docker.sock"}})
	pool := wire.New(wire.Options{})
	t.Cleanup(func() { _ = pool.Close() })
	_, err := engine.New("cn.example.net", engine.OnWire(pool.Host(s.Node()))).Containers(t.Context())
	var own *engine.Error
	if !errors.As(err, &own) || own.Blind != facts.Down {
		t.Errorf("%v", err)
	}
	n := s.Node()
	n.SSH.Key = "/nowhere/key"
	_, err = engine.New("cn.example.net", engine.OnWire(pool.Host(n))).Containers(t.Context())
	if wire.BlindOf(err) != facts.LoginDenied && wire.BlindOf(err) != facts.Failed || errors.As(err, &own) {
		t.Errorf("%v", err)
	}
}
