package wan

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// server answers every connection with serve and is gone when the test ends.
func server(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			work.Go(func() { defer conn.Close(); serve(conn) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); work.Wait() })
	return listener.Addr().String()
}

func echo(conn net.Conn) { _, _ = io.Copy(conn, conn) }

func dial(t *testing.T, target string, link Link) (*net.TCPConn, *Proxy) {
	t.Helper()
	proxy, err := Listen(context.Background(), "127.0.0.1:0", target, link)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Close)
	conn, err := net.Dial("tcp", proxy.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn.(*net.TCPConn), proxy
}

func TestRoundTripCostsTwiceTheDelay(t *testing.T) {
	conn, _ := dial(t, server(t, echo), Link{Delay: 40 * time.Millisecond})
	for range 3 {
		start := time.Now()
		if _, err := conn.Write([]byte("ping")); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(conn, make([]byte, 4)); err != nil {
			t.Fatal(err)
		}
		if rtt := time.Since(start); rtt < 80*time.Millisecond || rtt > 400*time.Millisecond {
			t.Errorf("round trip %v, want 80 ms and little more", rtt)
		}
	}
}

// Delay must not make the link thin: what is in flight is not waited for.
func TestBulkArrivesWholeAndInOrder(t *testing.T) {
	want := make([]byte, 8<<20)
	if _, err := rand.Read(want); err != nil {
		t.Fatal(err)
	}
	conn, _ := dial(t, server(t, echo), Link{Delay: 30 * time.Millisecond})
	start := time.Now()
	go func() {
		_, _ = conn.Write(want)
		_ = conn.CloseWrite()
	}()
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%d bytes came back, not the %d that were sent", len(got), len(want))
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("8 MiB took %v; one chunk per round trip?", took)
	}
}

func TestEndOfStreamPassesInEachDirection(t *testing.T) {
	address := server(t, func(conn net.Conn) {
		_, _ = io.Copy(io.Discard, conn)
		_, _ = io.WriteString(conn, "you said all")
	})
	conn, _ := dial(t, address, Link{Delay: 5 * time.Millisecond})
	if err := conn.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(conn)
	if err != nil || string(got) != "you said all" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestDeadTargetEndsTheConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	conn, _ := dial(t, address, Link{})
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("read from a connection to nowhere: %v, want its end", err)
	}
}

func TestCloseEndsOpenConnections(t *testing.T) {
	conn, proxy := dial(t, server(t, echo), Link{Delay: time.Hour})
	if _, err := conn.Write([]byte("never arrives")); err != nil {
		t.Fatal(err)
	}
	proxy.Close()
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the connection outlived the proxy")
	}
}
