package facts

import (
	"cmp"
	"net/netip"
	"time"

	"vmqbot/vernemq"
	"vmqbot/weave"
)

// Need says what a look reads beyond the base facts (host, Docker, container,
// network namespace, weave), which one round trip brings for every node.
type Need struct {
	Broker    Questions // what VerneMQ itself is asked, by its command line in the container
	Crossings bool      // one MQTT message from every node to every node
	Pings     bool      // round-trip times between the containers
	Sizes     Sizes     // with Pings: larger packets as well, which nobody on the way may cut up
	Images    bool      // the images on each host
	LogLines  int       // the last lines of each container's log; 0 for none

	Vitals   bool // disks, the broker's counters, webhooks from inside, vernemq.conf, certificates: one command in the container
	Counters bool // of these the broker's counters alone

	Ground bool // what a deploy stands on: disk, the planned image, files and data (some 0.3 s)
	Kept   bool // with Ground: what each container that a deploy kept ran with
	Guard  bool // the guard on each host

	Library bool // each image of the host whole, the room for more, and what its container does when it is stopped

	Admin    string // one line of vmq-admin that only reads (vernemq.Reading); "" for none
	LogFiles bool   // with LogLines: the files in the mounted log folder, and not what Docker kept
	Machine  bool   // what a first day needs to know of each host: its routes, Docker's networks, the folders
	Setup    bool   // what is installed: Docker, its daemon.json, weave, the folders, and the kit
	Image    string // with Ground: the image to describe instead of the one that is planned
}

// Sizes are bytes that an echo request carries, 28 less than its packet; 0 is
// none.
type Sizes [4]int

// Questions are what VerneMQ's command line is asked. Each boots an Erlang
// machine on the host, 0.2 to 0.3 s of a processor, so a look asks no more than
// it needs. Ping belongs to all: when it fails, no command can say anything true.
type Questions uint8

// The questions.
const (
	AskPing      Questions = 1 << iota
	AskView                // cluster show
	AskListeners           // listener show
	AskSwitches            // the four allow_*_during_netsplit

	AskAll = AskPing | AskView | AskListeners | AskSwitches
)

// Has reports whether everything in the other set is asked.
func (q Questions) Has(o Questions) bool { return q&o == o }

// And joins two needs.
func (n Need) And(m Need) Need {
	return Need{
		Broker: n.Broker | m.Broker, Crossings: n.Crossings || m.Crossings, Pings: n.Pings || m.Pings, Sizes: cmp.Or(n.Sizes, m.Sizes),
		Images: n.Images || m.Images, LogLines: max(n.LogLines, m.LogLines),
		Vitals: n.Vitals || m.Vitals, Counters: n.Counters || m.Counters, Ground: n.Ground || m.Ground, Kept: n.Kept || m.Kept, Guard: n.Guard || m.Guard, Image: cmp.Or(n.Image, m.Image),
		Admin: cmp.Or(n.Admin, m.Admin), LogFiles: n.LogFiles || m.LogFiles, Machine: n.Machine || m.Machine, Library: n.Library || m.Library, Setup: n.Setup || m.Setup,
	}
}

// Fleet is one round of looks.
type Fleet struct {
	At        time.Time       `json:"at"`
	Took      time.Duration   `json:"took_ns"`
	Nodes     map[string]Node `json:"nodes"` // by node name; every node that was asked for is present
	Crossings []Crossing      `json:"crossings,omitempty"`
	Pings     []Ping          `json:"pings,omitempty"`
	Sized     []Ping          `json:"sized,omitempty"` // by Need.Sizes
	Kit       Seen[Kit]       `json:"-"`               // with Need.Setup
	Past      History         `json:"-"`               // what came before, up to and with this look; empty where nobody remembers
}

// Node is what one look saw of one node and its host.
type Node struct {
	Host      Seen[Host]         `json:"host"`
	Docker    Seen[Docker]       `json:"docker"`
	Container Seen[Container]    `json:"container"`
	Netns     Seen[Netns]        `json:"netns"`
	Weave     Seen[weave.Report] `json:"weave"`
	Broker    Seen[Broker]       `json:"broker"`
	Images    Seen[[]Image]      `json:"images"`
	Log       Seen[[]string]     `json:"log"`
	Ground    Seen[Ground]       `json:"ground"`
	Vitals    Seen[Vitals]       `json:"vitals"`
	Guard     Seen[Guard]        `json:"guard"`
	Said      Seen[Said]         `json:"said"`
	LogFiles  Seen[[]LogFile]    `json:"log_files"`
	Machine   Seen[Machine]      `json:"machine"`
	Library   Seen[Library]      `json:"library"`
	Setup     Seen[Setup]        `json:"setup"`
}

// Host is the machine itself.
type Host struct {
	RTT        time.Duration `json:"rtt_ns"`                // one ssh keepalive there and back, of this look
	Fresh      bool          `json:"fresh"`                 // the connection was made for this look
	Clock      time.Time     `json:"clock"`                 // the host's clock when it was read
	StaleVeths []string      `json:"stale_veths,omitempty"` // vethwepl<pid> whose process is gone
}

// Docker is the engine.
type Docker struct {
	Version    string      `json:"version"`
	APIVersion string      `json:"api_version"`
	Containers []Container `json:"containers"` // all of them, also stopped ones; only the list's fields are set
}

// Container is one container as the engine describes it.
type Container struct {
	ID            string            `json:"id"`
	Name          string            `json:"name"`
	Image         string            `json:"image"`    // the reference it was created from
	ImageID       string            `json:"image_id"` // digest of the image's configuration
	State         string            `json:"state"`    // created, running, paused, restarting, exited, dead
	Status        string            `json:"status"`   // "Up 3 minutes", as docker ps prints it
	Running       bool              `json:"running"`
	PID           int               `json:"pid"` // of its first process on the host; 0 when not running
	StartedAt     time.Time         `json:"started_at"`
	FinishedAt    time.Time         `json:"finished_at"`
	RestartCount  int               `json:"restart_count"`
	ExitCode      int               `json:"exit_code"`
	OOMKilled     bool              `json:"oom_killed"`
	RestartPolicy string            `json:"restart_policy"`
	NetworkMode   string            `json:"network_mode"`
	IP            netip.Addr        `json:"ip"`        // on Docker's bridge, not weave's address
	Published     map[int]int       `json:"published"` // container port to host port
	Mounts        map[string]string `json:"mounts"`    // folder in the container to folder on the host
	Labels        map[string]string `json:"labels,omitempty"`
	Entrypoint    []string          `json:"entrypoint,omitempty"`
	Cmd           []string          `json:"cmd,omitempty"`
	Env           []string          `json:"env,omitempty"`
	Health        string            `json:"health,omitempty"`      // starting, healthy, unhealthy; "" without a health check
	HealthSays    string            `json:"health_says,omitempty"` // what the last health check printed: the gate's state
}

// Netns is the container's network namespace, read from the host's /proc.
type Netns struct {
	PID       int          `json:"pid"`
	Addresses []netip.Addr `json:"addresses"`
	Sockets   []Socket     `json:"-"` // LISTEN and ESTABLISHED only
}

// Broker is VerneMQ as its own commands describe it.
type Broker struct {
	Process   Seen[Process]            `json:"process"`
	Ping      Seen[bool]               `json:"ping"` // true: pong
	View      Seen[[]vernemq.Member]   `json:"view"`
	Listeners Seen[[]vernemq.Listener] `json:"listeners"`
	Switches  Seen[map[string]bool]    `json:"switches"` // the four allow_*_during_netsplit
}

// Process is the running BEAM, from the container's process list.
type Process struct {
	PID  int    `json:"pid"`
	Root string `json:"root"` // -root: VerneMQ's release folder in the container
	Name string `json:"name"` // -name: the Erlang node it runs as
}

// Image is one image of a host.
type Image struct {
	ID      string    `json:"id"`
	Tags    []string  `json:"tags"`
	Size    int64     `json:"size"` // bytes
	Created time.Time `json:"created"`
}

// Crossing is one MQTT message, QoS 1, published at From and awaited at To.
type Crossing struct {
	From      string              `json:"from"`
	To        string              `json:"to"`
	Delivered Seen[time.Duration] `json:"delivered"` // how long it took; Blind TooLate when it did not arrive
}

// Ping is one round of echo requests from one container to another's address.
type Ping struct {
	From string     `json:"from"`
	To   string     `json:"to"`
	Size int        `json:"size,omitempty"` // bytes that each request carries, whole on the way; 0 for the usual 56, however it travels
	Echo Seen[Echo] `json:"echo"`
}

// Echo is what came back.
type Echo struct {
	Sent     int           `json:"sent"`
	Received int           `json:"received"`
	Min      time.Duration `json:"min_ns"`
	Avg      time.Duration `json:"avg_ns"`
	Max      time.Duration `json:"max_ns"`
	MayBeCut bool          `json:"may_be_cut,omitempty"` // the ping at hand cannot forbid that packets are cut up: whole are only those that the sender believes to fit
	TooLong  int           `json:"too_long,omitempty"`   // not sent: the way is known to take packets of so many bytes at most
}
