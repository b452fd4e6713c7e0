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
	"strings"
	"time"

	"vmqbot/lab/broker"
	"vmqbot/lab/broker/conf"
)

// Env is where an installation lives and what its scripts write to.
type Env struct {
	Etc     string // vernemq.conf and conf.d
	Data    string
	Log     string
	Root    string        // of the release: erts-VERSION, bin, lib
	Version string        // 1.6.1 or 2.1.2
	Lacks   []string      // settings that this build's schema does not know
	Wait    int           // seconds that start waits (WAIT_FOR_ERLANG)
	Second  time.Duration // how long one of them lasts; 0 is a second

	Stdout, Stderr io.Writer
	Network        broker.Network
	Timing         broker.Timing
	Pace           func() float64 // see broker.Options
	DistHost       string         // where the distribution listens; "" means 0.0.0.0
	starts         time.Duration  // how long a start takes, whatever the pace; 0 is as Timing says

	System System              // the operating system
	Real   func(string) string // where a path lies on this machine; nil means there
	Room   func() error        // nil, or why nothing can be written (ENOSPC); a nil Room is always room
}

// FromEnviron is the environment of this process on this machine.
func FromEnviron() (*Env, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	e, err := New(os.Getenv)
	if err != nil {
		return nil, err
	}
	e.System, e.Network, e.Stdout, e.Stderr = realSystem{self}, broker.RealNetwork{}, os.Stdout, os.Stderr
	return e, nil
}

// New reads the environment variables that README.md lists. System, Network,
// Stdout and Stderr are still to be set.
func New(getenv func(string) string) (*Env, error) {
	get := func(key, otherwise string) string {
		if v := getenv(key); v != "" {
			return v
		}
		return otherwise
	}
	e := &Env{
		Etc: get("VERNEMQ_ETC", "/etc/vernemq"), Data: get("VERNEMQ_DATA", "/var/lib/vernemq"),
		Log: get("VERNEMQ_LOG", "/var/log/vernemq"), Root: get("VERNEMQ_ROOT", "/usr/lib/vernemq"),
		Version: get("VERNEMQ_VERSION", "2.1.2"), Lacks: strings.Fields(getenv("VERNEMQ_SCHEMA_LACKS")),
		Timing: broker.RealTiming(), DistHost: getenv("VERNEMQ_DIST_HOST"),
	}
	var err error
	if e.Wait, err = strconv.Atoi(get("WAIT_FOR_ERLANG", "15")); err != nil || e.Wait < 1 {
		return nil, fmt.Errorf("WAIT_FOR_ERLANG is a number of seconds, not %q", getenv("WAIT_FOR_ERLANG"))
	}
	if err := e.pace(getenv); err != nil {
		return nil, err
	}
	_, err = broker.NewDialect(e.Version)
	return e, err
}

// pace changes the delays: VERNEMQ_PACE multiplies all of them,
// VERNEMQ_START_SECONDS is how long a start takes, whatever the pace.
func (e *Env) pace(getenv func(string) string) error {
	for key, set := range map[string]func(float64){
		"VERNEMQ_PACE": e.Scale,
		"VERNEMQ_START_SECONDS": func(f float64) {
			e.starts = time.Duration(f * float64(time.Second))
			e.Scale(1)
		},
	} {
		s := getenv(key)
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

// Scale multiplies all delays but that of a start which was named in seconds.
func (e *Env) Scale(by float64) {
	e.Timing = e.Timing.Scaled(by)
	if e.starts > 0 {
		e.Timing.Listeners, e.Timing.Boot = e.starts, e.starts*2/3
	}
}

// real is where a path lies on this machine.
func (e *Env) real(path string) string {
	if e.Real == nil {
		return path
	}
	return e.Real(path)
}

// room is nil, or why nothing can be written.
func (e *Env) room(path string) error {
	if e.Room == nil {
		return nil
	}
	if err := e.Room(); err != nil {
		return &fs.PathError{Op: "write", Path: path, Err: err}
	}
	return nil
}

// legacy is true for 1.x.
func (e *Env) legacy() bool {
	d, err := broker.NewDialect(e.Version)
	return err == nil && d.Legacy
}

// load reads the whole configuration.
func (e *Env) load() (*conf.Config, error) {
	return conf.Load(e.files(), e.Etc, e.legacy(), e.Lacks...)
}

func (e *Env) files() fs.FS { return os.DirFS(e.real(e.Etc)) }

// identity is what the scripts grep from vernemq.conf at every call: editing
// nodename or cookie while the broker runs cuts them off from it. They do not
// see conf.d.
func (e *Env) identity() (node, cookie string, ok bool) {
	b, err := os.ReadFile(e.real(filepath.Join(e.Etc, "vernemq.conf")))
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
