package vernemq

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"vmqbot/answer"
)

// Listener is one port that a broker has open, or had and suspended. A
// listener that failed to bind is not among them.
type Listener struct {
	Type        string `json:"type"`   // mqtt, mqtts, mqttws, http, vmq (the cluster port), ...
	Status      string `json:"status"` // running, suspended, down
	Address     string `json:"address"`
	Port        int    `json:"port"`
	Mountpoint  string `json:"mountpoint"`
	MaxConns    int    `json:"max_conns"`              // -1 is without limit, or not told
	ActiveConns *int   `json:"active_conns,omitempty"` // nil before 1.13, which does not tell
	AllConns    *int   `json:"all_conns,omitempty"`    // nil before 1.13, which does not tell
}

var listenerWord = regexp.MustCompile(`\A[a-z_]+\z`)

// ParseListeners reads `vmq-admin listener show` of every version.
func ParseListeners(a answer.Answer) ([]Listener, error) {
	t, err := readTable(a, false, "type", "status", "address|ip", "port")
	if err != nil {
		return nil, err
	}
	if at, twice := t.twice("address|ip", "port"); twice {
		return nil, garbled(a, at)
	}
	listeners := []Listener{}
	for _, row := range t.rows {
		l := Listener{
			Type: t.cell(row, "type"), Status: t.cell(row, "status"), Address: t.cell(row, "address", "ip"),
			Mountpoint: t.cell(row, "mountpoint"), MaxConns: -1,
		}
		l.Port, err = strconv.Atoi(t.cell(row, "port"))
		ok := err == nil && l.Port >= 0 && l.Port <= 65535 && listenerWord.MatchString(l.Type) && listenerWord.MatchString(l.Status) && l.Address != ""
		ok = ok && count(t.cell(row, "max_conns"), &l.MaxConns) && told(t.cell(row, "active_conns"), &l.ActiveConns) &&
			told(t.cell(row, "all_conns"), &l.AllConns)
		if !ok {
			return nil, garbled(a, fmt.Sprint(row))
		}
		if l.Mountpoint == "[]" { // an empty Erlang string
			l.Mountpoint = ""
		}
		listeners = append(listeners, l)
	}
	return listeners, nil
}

// count reads a number that may be missing or without limit.
func count(s string, n *int) bool {
	if s == "" || s == "infinity" {
		return true
	}
	v, err := strconv.Atoi(s)
	*n = v
	return err == nil && v >= 0
}

// told reads a number that may be missing.
func told(s string, n **int) bool {
	if s == "" {
		return true
	}
	v, err := strconv.Atoi(s)
	*n = &v
	return err == nil && v >= 0
}

type listenerFacts struct {
	Listeners   []Listener `json:"listeners"`
	ClusterPort bool       `json:"cluster_port"` // a running listener of type vmq is there
}

func explainListeners(a answer.Answer) (any, string, error) {
	ls, err := ParseListeners(a)
	if err != nil {
		return nil, "", err
	}
	running := func(types ...string) bool {
		return slices.ContainsFunc(ls, func(l Listener) bool { return l.Status == "running" && slices.Contains(types, l.Type) })
	}
	posing := slices.IndexFunc(ls, func(l Listener) bool { return l.Port == ClusterPort && l.Type != "vmq" && l.Type != "vmqs" })
	f := listenerFacts{ls, running("vmq", "vmqs")}
	switch {
	case posing >= 0:
		return f, fmt.Sprintf("Port %d is open as type %s and not as vmq: somebody typed `listener start` on it, and messages from the other nodes are lost. Type `vmq-admin listener stop` and `listener delete` for it, then re-bind the cluster port (`reattach`).", ClusterPort, ls[posing].Type), nil
	case !f.ClusterPort:
		return f, "The cluster port is not bound: there is no running listener of type vmq, so no message from another node arrives here, while `cluster show` may say that all is running (F2). Repair it with `reattach`.", nil
	case slices.ContainsFunc(ls, func(l Listener) bool { return l.Status != "running" }):
		return f, "At least one listener is not running. An MQTT listener that is suspended refuses new clients (a leave without -k does that): `vmq-admin listener restart address=ADDRESS port=PORT` opens it again.", nil
	case !running("mqtt", "mqtts", "mqttws", "mqttwss", "ws", "wss"):
		return f, "The cluster port is bound, but no MQTT listener is open, so no client can connect: it did not bind, or vernemq.conf has none (a default 2.x opens none). The cause is in error.log.", nil
	}
	return f, "The cluster port is bound as type vmq and all listeners here are running. One that failed to bind is simply absent: compare with vernemq.conf, or look with `diagnose`.", nil
}
