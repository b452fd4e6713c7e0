package broker

import (
	"net"
	"strconv"
)

// stop suspends a port: nothing new is accepted, and with kill the clients on
// it are closed too. The row stays, as suspended.
func (ls *listeners) stop(ip string, port int, kill bool) error {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l := ls.find(ip, port)
	if l == nil {
		return errNotFound
	}
	ls.shut(l, kill)
	l.status = "suspended"
	return nil
}

// restart opens a suspended port again.
func (ls *listeners) restart(ip string, port int) error {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l := ls.find(ip, port)
	if l == nil {
		return errNotFound
	}
	if l.ln != nil {
		return nil
	}
	ln, err := ls.a.n.opt.Network.Listen(ls.a.ctx, net.JoinHostPort(ip, strconv.Itoa(port)))
	if err != nil {
		return err
	}
	l.ln, l.status = ln, "running"
	ls.wg.Go(func() { ls.accept(l, ln) })
	return nil
}

// remove closes a port and its row. One that is not there is no error.
func (ls *listeners) remove(ip string, port int) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l := ls.find(ip, port)
	if l == nil {
		return
	}
	ls.shut(l, true)
	for i, o := range ls.all {
		if o == l {
			ls.all = append(ls.all[:i], ls.all[i+1:]...)
			break
		}
	}
}

// suspendMQTT is the first half of leaving a cluster.
func (ls *listeners) suspendMQTT(kill bool) {
	for _, r := range ls.rows() {
		if r.Type == "mqtt" {
			_ = ls.stop(r.IP, r.Port, kill) // found a moment ago, or removed since
		}
	}
}

// connections counts the MQTT connections.
func (a *app) connections() int {
	n := 0
	for _, r := range a.listeners.rows() {
		if r.Type == "mqtt" {
			n += r.Active
		}
	}
	return n
}

// listenerRow is one row of `listener show`.
type listenerRow struct {
	Type, Status, IP, Mount string
	Port, Most, Active      int
}

// rows lists the ports in the order in which they were opened.
func (ls *listeners) rows() []listenerRow {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	out := make([]listenerRow, 0, len(ls.all))
	for _, l := range ls.all {
		out = append(out, listenerRow{Type: l.Type, Status: l.status, IP: l.IP, Mount: l.Mount,
			Port: l.Port, Most: l.Most, Active: len(l.conns)})
	}
	return out
}
