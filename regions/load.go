package regions

import "time"

// reader reads one fleet file and collects what is wrong with it.
type reader struct {
	file     string
	resolve  func(kind, ref string) (string, error)
	fleet    Fleet
	defaults defaults
	nodes    []planned // in the order of the file
	problems []*Problem
}

// defaults are what the file says for every node.
type defaults struct {
	ssh     SSH
	ports   []int
	volumes Volumes
	release string
	conf    settings
}

// Load reads and validates a fleet file. Name stands in messages; src is the
// file's content; resolve returns what ${env:REF} (kind "env") or
// ${file:REF} (kind "file") stands for and may be nil when there are none.
// Paths are returned as written: a leading ~ is the caller's to expand.
// The error joins one *Problem for everything that is wrong, in the order of
// the file; see Problems.
func Load(name string, src []byte, resolve func(kind, ref string) (string, error)) (*Fleet, error) {
	r := &reader{file: name, resolve: resolve}
	r.fleet = Fleet{
		Lang:     Languages[0],
		Network:  Network{Driver: "weave"},
		MQTT:     MQTT{Port: 1883, Topic: "vmqbot/probe", Timeout: 5 * time.Second},
		Roles:    map[string][]string{},
		Rights:   Rights{},
		Approval: map[string]Approval{},
		OnCall:   map[string]OnCall{},
		Checks: Checks{
			Sweep: 30 * time.Second, Heal: map[string]string{}, Budget: Budget{HealsPerHour, HealsPerDay, HealPause}, Flapping: FlappingEdges,
		},
	}
	r.defaults = defaults{
		ssh:  SSH{User: "root", Port: 22, KnownHosts: "~/.ssh/known_hosts", LockDir: "/var/lock"},
		conf: settings{},
	}
	if root, ok := r.parse(src); ok {
		r.top(root)
		r.clashes()
	}
	if len(r.problems) > 0 {
		return nil, join(r.problems)
	}
	return &r.fleet, nil
}

// top is the fleet file, key by key.
func (r *reader) top(root value) {
	f := &r.fleet
	r.object(root,
		must("cluster", r.name(&f.Cluster)),
		may("lang", r.lang),
		must("image", r.word(&f.Image, anImage)),
		may("relay", r.relay),
		must("network", r.network),
		may("ssh", r.ssh(&r.defaults.ssh)),
		may("container", r.container),
		may("conf", r.conf(r.defaults.conf)),
		must("regions", r.regions),
		may("rolling", r.rolling),
		may("mqtt", r.mqtt),
		may("slack", r.slack),
		may("roles", r.roles),
		may("rights", r.rights),
		may("approval", r.approvals),
		may("checks", r.checks),
		may("oncall", r.onCall),
		may("receivers", r.receivers),
		may("deadman", r.deadman),
		may("store", r.word(&f.Store, aLocalPath)),
	)
}

// name reads a name; all is what people type for every node.
func (r *reader) name(dst *string) func(value) {
	return func(v value) {
		r.word(dst, aName)(v)
		if *dst == "all" {
			r.refuse(v, "Choose another name.", "%s all is reserved: it means every node.", v.name)
		}
	}
}

func (r *reader) relay(v value) { r.object(v, must("host", r.word(&r.fleet.Relay, aHost))) }
