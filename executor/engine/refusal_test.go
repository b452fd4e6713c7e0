package engine_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"vmqbot/executor/engine"
	"vmqbot/facts"
	"vmqbot/ops"
)

// TestRefusals are words of real engines, those that a test's own engine does
// not say: it has no network and may do everything.
func TestRefusals(t *testing.T) {
	const oci = "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: "
	for _, c := range []struct {
		said, want string
		blind      facts.Blind
	}{
		{"driver failed programming external connectivity on endpoint bb (177b): Bind for 0.0.0.0:1883 failed: port is already allocated", "another container holds the port 1883. Find it with `docker ps --filter publish=1883`.", facts.Failed},
		{"driver failed programming external connectivity on endpoint p1 (cc58): Error starting userland proxy: listen tcp4 0.0.0.0:1999: bind: address already in use", "a program outside Docker holds the port 1999. Find it with `ss -ltnp 'sport = :1999'`.", facts.Failed},
		{"failed to set up container networking: driver failed programming external connectivity on endpoint x (1): failed to bind host port 0.0.0.0:1883/tcp: address already in use", "a program outside Docker holds the port 1883", facts.Failed},
		{oci + `exec: "bash": executable file not found in $PATH: unknown`, "its image has no program bash.", facts.Failed},
		{oci + `exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown`, "its image has no program /bin/sh.", facts.Failed},
		{oci + "exec /bin/sh: exec format error: unknown", "another processor", facts.Failed},
		{oci + "error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: unknown", "does not grant that many open files", facts.Failed},
		{oci + `error during container init: error mounting "/srv/x" to rootfs at "/etc/vernemq": mount /srv/x:/etc/vernemq (via /proc/self/fd/6), flags: 0x5000: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)?`, "of /srv/x on the host and /etc/vernemq in the container one is a file", facts.Failed},
		{"error while creating mount source path '/data/x': mkdir /data/x: read-only file system", "the folder /data/x cannot be made on the host (mkdir /data/x: read-only file system)", facts.Failed},
		{`cannot remove container "/aa": container is running: stop the container before removing or force remove`, "it runs. Stop it first", facts.Failed},
		{"mkdir /var/lib/docker/overlay2/1: no space left on device", "a disk there is full.", facts.Failed},
		{"mounted volume is marked read-only", "mounted read-only", facts.Denied},
		{"no such image: nosuch:1: No such image: nosuch:1", "the image nosuch:1 is not there. Fetch it with `docker pull nosuch:1`", facts.Absent},
		{"something new", "something new", facts.Failed},
	} {
		e := fake(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("API-Version", "1.41")
			w.Header().Set("Content-Type", "application/json")
			if r.URL.Path != "/_ping" {
				w.WriteHeader(http.StatusInternalServerError)
				_ = json.NewEncoder(w).Encode(map[string]string{"message": c.said})
			}
		})
		err := e.Start(t.Context(), "vernemq-cn-1")
		var own *engine.Error
		if !errors.As(err, &own) || own.Blind != c.blind || own.Unknown || !strings.HasPrefix(own.Msg, "Docker on cn.example.net could not start vernemq-cn-1: ") || !strings.Contains(own.Msg, c.want) {
			t.Errorf("%s\nis told as %v", c.said, err)
		}
	}
}

// TestAnAnswerThatIsLostLeavesADoubt cuts the connection when the request has
// arrived.
func TestAnAnswerThatIsLostLeavesADoubt(t *testing.T) {
	e := fake(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("API-Version", "1.41")
		if r.URL.Path != "/_ping" {
			panic(http.ErrAbortHandler)
		}
	})
	for what, err := range map[string]error{
		"create": e.Create(t.Context(), ops.ContainerSpec{Name: "vernemq-cn-1"}), "start": e.Start(t.Context(), "vernemq-cn-1"),
		"stop": e.Stop(t.Context(), "vernemq-cn-1", 0), "rename": e.Rename(t.Context(), "vernemq-cn-1", "b"), "remove": e.Remove(t.Context(), "vernemq-cn-1"),
		"set restart": e.SetRestart(t.Context(), "vernemq-cn-1", "no"), "put": e.Put(t.Context(), "vernemq-cn-1", "/etc", nil),
	} {
		var own *engine.Error
		if !errors.As(err, &own) || !own.Unknown || !strings.Contains(own.Msg, "look before doing it again") {
			t.Errorf("%s: %v", what, err)
		}
	}
	var own *engine.Error
	if _, err := e.Containers(t.Context()); !errors.As(err, &own) || own.Unknown {
		t.Errorf("a question: %v", err)
	}
}
