package engine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/facts"
	"vmqbot/secret"
)

var errForbidden = errors.New("ssh: rejected: administratively prohibited (open failed)")

func TestDialStdioServesWhereSocketsAreForbidden(t *testing.T) {
	h := &enginetest.Host{Socket: errForbidden}
	e := open(t, h)
	name := docker.Container(t, "vernemq-cn-1")
	if c, err := e.Container(t.Context(), name); err != nil || !c.Running {
		t.Fatalf("%+v %v", c, err)
	}
	a, err := e.Exec(t.Context(), name, secret.Words("guest", "say", "out", "err", "7"), nil)
	if err != nil || a.Exit != 7 || a.Stdout != "out" || a.Stderr != "err" {
		t.Errorf("%+v %v", a, err)
	}
	dials := h.Dials.Load()
	if _, err := e.Containers(t.Context()); err != nil || h.Dials.Load() != dials {
		t.Errorf("the socket was tried again: %d dials, then %d, %v", dials, h.Dials.Load(), err)
	}
}

func TestWhyDockerCannotBeReached(t *testing.T) {
	for _, c := range []struct {
		docker string // what stands for the docker command on the host
		want   facts.Blind
		says   string
	}{
		{"echo 'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock' >&2; exit 1", facts.Denied, "group docker"},
		{"echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2; exit 1", facts.Down, "not running on cn.example.net"},
		{"echo 'sh: 1: docker: not found' >&2; exit 127", facts.Absent, "install Docker"},
		{"echo 'something new' >&2; exit 1", facts.Failed, "something new"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "docker"), []byte("#!/bin/sh\n"+c.docker+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		e := engine.New("cn.example.net", &enginetest.Host{Docker: &enginetest.Docker{}, Socket: errForbidden, Path: dir})
		_, err := e.Containers(t.Context())
		var own *engine.Error
		if !errors.As(err, &own) || own.Blind != c.want || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.docker, err)
		}
	}
}

func TestDockerIsFoundAgainAfterItWasDown(t *testing.T) {
	e := open(t, &enginetest.Host{})
	if _, err := e.Containers(t.Context()); err != nil {
		t.Fatal(err)
	}
	docker.Down()
	_, err := e.Containers(t.Context())
	var own *engine.Error
	if !errors.As(err, &own) || own.Blind != facts.Down || !strings.Contains(err.Error(), "Docker is not running") {
		t.Errorf("%v", err)
	}
	if err := docker.Up(); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Containers(t.Context()); err != nil {
		t.Error(err)
	}
}

// fake is an engine that answers as the test wants.
func fake(t *testing.T, h http.HandlerFunc) *engine.Engine {
	t.Helper()
	d := &enginetest.Docker{Socket: filepath.Join(t.TempDir(), "s")}
	l, err := net.Listen("unix", d.Socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	e := engine.New("cn.example.net", &enginetest.Host{Docker: d})
	t.Cleanup(e.Close)
	return e
}

// TestAnUpgradedEngineIsAskedInItsNewVersion upgrades an engine whose old API
// the new one refuses (29 wants 1.44) between two calls.
func TestAnUpgradedEngineIsAskedInItsNewVersion(t *testing.T) {
	var upgraded atomic.Bool
	e := fake(t, func(w http.ResponseWriter, r *http.Request) {
		api := "1.41"
		if upgraded.Load() {
			api = "1.51"
		}
		w.Header().Set("API-Version", api)
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/_ping":
		case "/v" + api + "/containers/json":
			fmt.Fprint(w, `[]`)
		default:
			w.WriteHeader(http.StatusBadRequest)
			_ = json.NewEncoder(w).Encode(map[string]string{"message": "client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version"})
		}
	})
	for _, now := range []bool{false, true, true} {
		upgraded.Store(now)
		if _, err := e.Containers(t.Context()); err != nil {
			t.Errorf("upgraded %v: %v", now, err)
		}
	}
}

func TestOddAnswersOfTheEngine(t *testing.T) {
	for _, c := range []struct {
		what, body string
		status     int
		want       facts.Blind
	}{
		{"cut", `[{"Id":"12`, 200, facts.Unreadable},
		{"nothing", ``, 200, facts.Unreadable},
		{"another shape", `{"Id":12}`, 200, facts.Unreadable},
		{"not JSON", `<html>`, 200, facts.Unreadable},
		{"errForbidden by a plugin", `{"message":"authorization denied by plugin"}`, 403, facts.Denied},
		{"broken", `{"message":"open /var/lib/docker: input/output error"}`, 500, facts.Failed},
	} {
		e := fake(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("API-Version", "1.41")
			w.Header().Set("Content-Type", "application/json")
			if r.URL.Path != "/_ping" {
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}
		})
		_, err := e.Containers(t.Context())
		var own *engine.Error
		if !errors.As(err, &own) || own.Blind != c.want {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}
