package wire_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
)

// TestListenIsReachedFromTheHostOnly: a port of the host leads here, both ways,
// with deadlines, and is free again when it is closed.
func TestListenIsReachedFromTheHostOnly(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	l, err := h.Listen(within(t, patience), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if !strings.HasPrefix(addr, "127.0.0.1:") || strings.HasSuffix(addr, ":0") {
		t.Errorf("it listens on %s", addr)
	}
	far, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	near, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	_ = near.SetReadDeadline(time.Now().Add(-time.Second))
	var late net.Error
	if _, err := near.Read(make([]byte, 1)); !errors.As(err, &late) || !late.Timeout() {
		t.Errorf("a read behind its deadline: %v", err)
	}
	_ = near.SetReadDeadline(time.Time{})
	long := strings.Repeat("layer ", 500_000) // more than a channel's window
	go func() {
		_, _ = io.WriteString(far, "GET")
		_ = far.(*net.TCPConn).CloseWrite()
	}()
	if asked, err := io.ReadAll(near); err != nil || string(asked) != "GET" {
		t.Errorf("%q %v", asked, err)
	}
	go func() {
		_, _ = io.WriteString(near, long)
		_ = near.Close()
	}()
	if got, err := io.ReadAll(far); err != nil || string(got) != long {
		t.Errorf("%d bytes of %d, %v", len(got), len(long), err)
	}
	_ = far.Close()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if _, err := l.Accept(); !errors.Is(err, io.EOF) {
		t.Errorf("accepting on a closed port: %v", err)
	}
	again, err := h.Listen(within(t, patience), addr)
	if err != nil {
		t.Fatalf("the port is not free again: %v", err)
	}
	_ = again.Close()
}

func TestListenIsRefused(t *testing.T) {
	t.Parallel()
	taken := listen(t, "tcp", "127.0.0.1:0")
	for _, c := range []struct{ name, line, addr string }{
		{"no forwarding", "AllowTcpForwarding no", "127.0.0.1:0"},
		{"only the other way", "AllowTcpForwarding local", "127.0.0.1:0"},
		{"another port", "PermitListen 127.0.0.1:1", "127.0.0.1:0"},
		{"a port that is taken", "", taken},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := sshdtest.Start(t, sshdtest.Config{Lines: []string{c.line}})
			_, err := newPool(t, wire.Options{}).Host(s.Node()).Listen(within(t, patience), c.addr)
			if wire.BlindOf(err) != facts.Denied || !strings.Contains(err.Error(), "AllowTcpForwarding") {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestListenEndsWithTheConnection, and begins again on the next one, on the same
// port.
func TestListenEndsWithTheConnection(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	h := newPool(t, wire.Options{}).Host(proxy.Node(t, s))
	l, err := h.Listen(within(t, patience), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	proxy.Cut()
	if _, err := l.Accept(); !errors.Is(err, io.EOF) {
		t.Fatalf("after a cut: %v", err)
	}
	ctx := within(t, patience)
	for { // sshd frees the port when it has noticed
		again, err := h.Listen(ctx, l.Addr().String())
		if err == nil {
			_ = again.Close()
			return
		}
		if ctx.Err() != nil || wire.BlindOf(err) != facts.Denied {
			t.Fatal(err)
		}
	}
}
