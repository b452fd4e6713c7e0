package guard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"vmqbot/regions"
)

// Config is everything that the guard knows. It is written from the fleet file
// by guard install and holds no secret.
type Config struct {
	Cluster   string        `json:"cluster"`
	Region    string        `json:"region"`
	Node      string        `json:"node"`
	Container string        `json:"container"`
	Address   netip.Prefix  `json:"address"`
	LockDir   string        `json:"lock_dir,omitempty"` // of the region's lease; "" is /var/lock
	Present   time.Duration `json:"present_ns"`         // the bot is there when it has looked so recently
	Grace     time.Duration `json:"grace_ns"`           // how long the address must be gone
}

// grace is long enough for whoever restarts a container by hand to attach its
// address too.
const grace = 10 * time.Second

// least is how long a bot that is there may take between two looks, however short
// its sweeps are: one look may take thirty seconds.
const least = 30 * time.Second

// ConfigOf is what the guard of a node is told. A bot that has not looked for
// three sweeps is not there.
func ConfigOf(f *regions.Fleet, n regions.Node) Config {
	return Config{
		Cluster: f.Cluster, Region: n.Region, Node: n.Name, Container: n.Container, Address: n.Address, LockDir: n.SSH.LockDir,
		Present: max(3*f.Checks.Sweep, least), Grace: grace,
	}
}

// Text is the configuration as one line of JSON, in one form only, so that two
// can be compared.
func (c Config) Text() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic("a configuration that cannot be written: " + err.Error()) // strings and numbers always can
	}
	return string(b)
}

// name is what a node, a region and a cluster may be called: it becomes a part
// of file names on the host.
var name = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$`)

// ParseConfig reads what Text wrote and refuses everything else.
func ParseConfig(text []byte) (Config, error) {
	var c Config
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return c, fmt.Errorf("the guard's configuration cannot be read: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return c, errors.New("the guard's configuration cannot be read: something stands behind it")
	}
	for what, word := range map[string]string{"cluster": c.Cluster, "region": c.Region, "node": c.Node, "container": c.Container} {
		if !name.MatchString(word) {
			return c, fmt.Errorf("the guard's configuration names the %s %q, which is no name", what, word)
		}
	}
	switch {
	case !c.Address.IsValid() || !c.Address.Addr().Is4():
		return c, errors.New("the guard's configuration has no IPv4 address with the length of its network, as 10.0.0.1/24")
	case c.LockDir != "" && !strings.HasPrefix(c.LockDir, "/"):
		return c, fmt.Errorf("the guard's configuration has the folder %q for locks, which does not begin with /", c.LockDir)
	case c.Present <= 0 || c.Grace <= 0:
		return c, errors.New("the guard's configuration does not say how long to wait for the bot")
	}
	return c, nil
}

// IsName reports whether a word can be the name of a node.
func IsName(word string) bool { return name.MatchString(word) }

// Place is the node as the rooms that work on hosts want it.
func (c Config) Place() regions.Node {
	n := regions.Node{Name: c.Node, Region: c.Region, Host: "this host", Container: c.Container, Address: c.Address}
	n.SSH.LockDir = c.LockDir
	return n
}
