package broker

import (
	"net"
	"net/http"
	"strconv"
	"strings"
)

// accept serves connections until the port is closed.
func (ls *listeners) accept(l *listener, ln net.Listener) {
	if l.Type == "http" {
		srv := &http.Server{Handler: ls.a.n.web(), ConnState: func(c net.Conn, s http.ConnState) { ls.count(l, c, s) }}
		_ = srv.Serve(ln) // ends when the listener is closed
		_ = srv.Close()
		return
	}
	for {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		if !ls.track(l, ln, c) {
			c.Close()
			return
		}
		ls.wg.Go(func() {
			defer ls.untrack(l, c)
			if l.Type == "vmq" {
				ls.a.serveChannel(c)
				return
			}
			ls.a.serveMQTT(l, c)
		})
	}
}

func (ls *listeners) count(l *listener, c net.Conn, s http.ConnState) {
	switch s {
	case http.StateNew:
		ls.track(l, nil, c)
	case http.StateClosed, http.StateHijacked:
		ls.untrack(l, c)
	}
}

// track notes a connection. It reports false when the port that accepted it
// has been closed meanwhile: nobody would close the connection then.
func (ls *listeners) track(l *listener, by net.Listener, c net.Conn) bool {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if by != nil && l.ln != by {
		return false
	}
	l.conns[c] = true
	if l.Type == "mqtt" {
		ls.a.n.met.add("socket_open", 1)
	}
	return true
}

func (ls *listeners) untrack(l *listener, c net.Conn) {
	c.Close()
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if l.conns[c] && l.Type == "mqtt" {
		ls.a.n.met.add("socket_close", 1)
	}
	delete(l.conns, c)
}

// serveMQTT hands a connection to the protocol engine.
func (a *app) serveMQTT(l *listener, c net.Conn) {
	err := a.mqtt.EstablishConnection(net.JoinHostPort(l.IP, strconv.Itoa(l.Port)), &countingConn{Conn: c, met: a.n.met})
	if err != nil && strings.Contains(err.Error(), "read connection") {
		a.n.log.warn("vmq_mqtt_pre_init:data_in", "cant_parse_connect_fixed_header")
	}
}

// countingConn counts the bytes that a client sends.
type countingConn struct {
	net.Conn
	met *metrics
}

func (c *countingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.met.add("bytes_received", n)
	return n, err
}
