// Package script is the command line of an installed VerneMQ: the scripts
// vernemq, vmq-admin, nodetool and escript, the process that they start, and
// a PID 1 for containers.
package script

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"vmqbot/lab/broker"
	"vmqbot/lab/broker/conf"
)

// Env is where an installation lives and what its scripts write to.
type Env struct {
	Etc     string // vernemq.conf and conf.d
	Data    string
	Log     string
	Root    string // of the release: erts-VERSION, bin, lib
	Version string // 1.6.1 or 2.1.2
	Self    string // the executable, to start itself again
	Wait    int    // seconds that start waits (WAIT_FOR_ERLANG)

	Stdout, Stderr io.Writer
	Network        broker.Network
	Timing         broker.Timing
	DistHost       string // where the distribution listens; "" means 0.0.0.0

	Spawn func() error       // starts the broker in the background; nil starts this program again
	Alive func(pid int) bool // nil asks the kernel
}

// FromEnviron reads the environment variables that README.md lists.
func FromEnviron() (*Env, error) {
	get := func(key, otherwise string) string {
		if v := os.Getenv(key); v != "" {
			return v
		}
		return otherwise
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	e := &Env{
		Etc: get("VERNEMQ_ETC", "/etc/vernemq"), Data: get("VERNEMQ_DATA", "/var/lib/vernemq"),
		Log: get("VERNEMQ_LOG", "/var/log/vernemq"), Root: get("VERNEMQ_ROOT", "/usr/lib/vernemq"),
		Version: get("VERNEMQ_VERSION", "2.1.2"), Self: self, Stdout: os.Stdout, Stderr: os.Stderr,
		Network: broker.RealNetwork{}, Timing: broker.RealTiming(), DistHost: os.Getenv("VERNEMQ_DIST_HOST"),
	}
	if e.Wait, err = strconv.Atoi(get("WAIT_FOR_ERLANG", "15")); err != nil || e.Wait < 1 {
		return nil, fmt.Errorf("WAIT_FOR_ERLANG is a number of seconds, not %q", os.Getenv("WAIT_FOR_ERLANG"))
	}
	if err := e.pace(); err != nil {
		return nil, err
	}
	_, err = broker.NewDialect(e.Version)
	return e, err
}

// pace changes the delays: VERNEMQ_PACE multiplies all of them,
// VERNEMQ_START_SECONDS is how long a start takes.
func (e *Env) pace() error {
	for key, set := range map[string]func(float64){
		"VERNEMQ_PACE": func(f float64) { e.Timing = e.Timing.Scaled(f) },
		"VERNEMQ_START_SECONDS": func(f float64) {
			e.Timing.Listeners = time.Duration(f * float64(time.Second))
			e.Timing.Boot = e.Timing.Listeners * 2 / 3
		},
	} {
		s := os.Getenv(key)
		if s == "" {
			continue
		}
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || f <= 0 {
			return fmt.Errorf("%s is a number above 0, not %q", key, s)
		}
		set(f)
	}
	return nil
}

// legacy is true for 1.x.
func (e *Env) legacy() bool {
	d, err := broker.NewDialect(e.Version)
	return err == nil && d.Legacy
}

// load reads the whole configuration.
func (e *Env) load() (*conf.Config, error) { return conf.Load(e.files(), e.Etc, e.legacy()) }

func (e *Env) files() fs.FS { return os.DirFS(e.Etc) }

// identity is what the scripts grep from vernemq.conf at every call: editing
// nodename or cookie while the broker runs cuts them off from it. They do not
// see conf.d.
func (e *Env) identity() (node, cookie string, ok bool) {
	b, err := os.ReadFile(filepath.Join(e.Etc, "vernemq.conf"))
	if err != nil {
		return "", "", false
	}
	node, cookie = conf.Raw(string(b), "nodename"), conf.Raw(string(b), "distributed_cookie")
	if node == "" {
		node = "VerneMQ@127.0.0.1"
	}
	if cookie == "" {
		cookie = "vmq"
	}
	return node, cookie, true
}

func (e *Env) out(format string, args ...any) { fmt.Fprintf(e.Stdout, format, args...) }
func (e *Env) err(format string, args ...any) { fmt.Fprintf(e.Stderr, format, args...) }
