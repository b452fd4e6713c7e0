package broker_test

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
)

// A node may come the moment the cluster port opens, with all that it kept
// while this one was away; turned away then, it would have lost that. Which of
// two goroutines comes first is luck, so it is tried several times.
func TestTheFirstChannelIsNotTurnedAway(t *testing.T) {
	w := newWorld(t)
	w.cluster(2)
	port := w.ip(2) + ":44053"
	came := make(chan net.Conn, 1)
	w.net.set(func() { w.net.opened[port] = func() { came <- bring(t, port, w.name(1)) } })
	for range 10 {
		w.nodes[2].stop()
		w.nodes[2].start()
		if _, err := io.Copy(io.Discard, <-came); err != nil { // until the other side has done with it
			t.Fatal(err)
		}
		if got := w.nodes[2].metric("cluster_bytes_received"); got < 3 {
			t.Fatalf("%d bytes received of what the first node brought", got)
		}
	}
}

// bring connects and writes one batch, as a node's data channel does.
func bring(t *testing.T, addr, name string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp4", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	frame := func(tag string, body []byte) []byte {
		return append(binary.BigEndian.AppendUint32([]byte(tag), uint32(len(body))), body...)
	}
	if _, err := conn.Write(append(frame("vmq-connect", []byte(name)), frame("vmq-send", []byte("xyz"))...)); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	return conn
}
