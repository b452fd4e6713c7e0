package conf

import (
	"net"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Listener is one listener that the configuration asks for.
type Listener struct {
	Kind     string // as in the key: tcp, ssl, ws, vmq, http, ...
	Name     string // default, clustering, ...
	IP       string
	Port     int
	MaxConns int // -1 for infinite
	Mount    string
}

// Addr is IP:PORT.
func (l Listener) Addr() string { return net.JoinHostPort(l.IP, strconv.Itoa(l.Port)) }

// Type is what `listener show` calls a kind: tcp is mqtt, ws is mqttws.
func (l Listener) Type() string {
	switch l.Kind {
	case "tcp":
		return "mqtt"
	case "ssl":
		return "mqtts"
	case "ws":
		return "mqttws"
	case "wss":
		return "mqttwss"
	}
	return l.Kind
}

// kinds in the order in which VerneMQ opens them.
var kinds = []string{"tcp", "ssl", "ws", "wss", "http", "https", "vmq", "vmqs"}

// Listeners lists what the configuration asks for. Without a word in it there
// are the cluster port on 0.0.0.0:44053 and HTTP on 127.0.0.1:8888, and in 1.x
// MQTT on 127.0.0.1:1883.
func (c *Config) Listeners() []Listener {
	found := map[string]string{"vmq.clustering": "0.0.0.0:44053", "http.default": "127.0.0.1:8888"}
	if c.legacy {
		found["tcp.default"] = "127.0.0.1:1883"
	}
	for k, v := range c.set {
		f := strings.Split(k, ".")
		// the schema has settings of that shape that are not listeners
		if len(f) == 3 && f[0] == "listener" && slices.Contains(kinds, f[1]) && Mismatch("address", v) == "" {
			found[f[1]+"."+f[2]] = v
		}
	}
	var out []Listener
	for k, v := range found {
		kind, name, _ := strings.Cut(k, ".")
		out = append(out, c.listener(kind, name, v))
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := slices.Index(kinds, out[i].Kind), slices.Index(kinds, out[j].Kind)
		return a < b || a == b && out[i].Name < out[j].Name
	})
	return out
}

func (c *Config) listener(kind, name, addr string) Listener {
	host, port, _ := cutLast(addr, ":")
	if host == "localhost" {
		host = "127.0.0.1"
	}
	n, _ := strconv.Atoi(port) // checked when loaded
	own := "listener." + kind + "." + name
	most := c.Int(own+".max_connections", -1)
	if most < 0 {
		most = c.Int("listener."+kind+".max_connections", -1)
	}
	if most < 0 {
		most = c.Int("listener.max_connections", 10000)
	}
	return Listener{Kind: kind, Name: name, IP: host, Port: n, MaxConns: most, Mount: c.Get(own + ".mountpoint")}
}
