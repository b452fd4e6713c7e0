package broker

import (
	"net"
	"slices"
	"strconv"
	"sync"

	"vmqbot/lab/broker/conf"
)

// listeners are the open (or once opened) ports of the MQTT server. A port
// that could not be opened is not among them, which is why neither
// `listener show` nor /health ever miss it.
type listeners struct {
	a *app

	mu  sync.Mutex
	all []*listener
	wg  sync.WaitGroup
}

// listener is one port.
type listener struct {
	Type  string // mqtt, http, vmq
	IP    string
	Port  int
	Mount string
	Most  int

	status string // running or suspended
	ln     net.Listener
	conns  map[net.Conn]bool
}

func newListeners(a *app) *listeners { return &listeners{a: a} }

// openAll opens every configured listener, once. A failure is logged and
// forgotten; nothing tries again.
func (ls *listeners) openAll(list []conf.Listener) {
	for _, l := range list {
		err := ls.start(l.Type(), l.IP, l.Port, l.MaxConns, l.Mount)
		if err == nil {
			continue
		}
		ls.a.n.log.error("supervisor:start_children", "Supervisor ranch_sup had child {ranch_listener_sup,{%s,%d}} started with ranch_listener_sup:start_link "+
			"at undefined exit with reason Reason: %s in context start_error", erlIP(l.IP), l.Port, listenError(l.IP, l.Port, err))
		ls.a.n.log.error("vmq_ranch_config:reconfigure_listeners_for_type", "can't reconfigure %s listener(%s, %d) with Options %s due to %s",
			l.Type(), erlIP(l.IP), l.Port, "[{max_connections,"+strconv.Itoa(l.MaxConns)+"},{nr_of_acceptors,10}]", startError(l.IP, l.Port, err))
	}
}

// start opens one port and serves it.
func (ls *listeners) start(kind, ip string, port, most int, mount string) error {
	switch kind {
	case "mqtt", "http", "vmq":
	default:
		return errNoTLS
	}
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if ls.find(ip, port) != nil {
		return errStarted
	}
	ln, err := ls.a.n.opt.Network.Listen(ls.a.ctx, net.JoinHostPort(ip, strconv.Itoa(port)))
	if err != nil {
		return err
	}
	l := &listener{Type: kind, IP: ip, Port: port, Mount: mount, Most: most, status: "running", ln: ln, conns: map[net.Conn]bool{}}
	ls.all = append(ls.all, l)
	ls.wg.Go(func() { ls.accept(l, ln) })
	return nil
}

// find needs the lock.
func (ls *listeners) find(ip string, port int) *listener {
	i := slices.IndexFunc(ls.all, func(l *listener) bool { return l.IP == ip && l.Port == port })
	if i < 0 {
		return nil
	}
	return ls.all[i]
}

// closeAll closes every port and every connection, and waits.
func (ls *listeners) closeAll() {
	ls.mu.Lock()
	for _, l := range ls.all {
		ls.shut(l, true)
	}
	ls.all = nil
	ls.mu.Unlock()
	ls.wg.Wait()
}

// shut needs the lock.
func (ls *listeners) shut(l *listener, kill bool) {
	if l.ln != nil {
		l.ln.Close()
		l.ln = nil
	}
	if kill {
		for c := range l.conns {
			c.Close()
		}
	}
}
