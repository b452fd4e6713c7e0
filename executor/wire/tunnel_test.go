package wire_test

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
	"vmqbot/ops"
)

// listen answers each connection with what it reads, in capitals, once the
// other side has ended its half.
func listen(t *testing.T, network, addr string) string {
	t.Helper()
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			in, _ := io.ReadAll(c)
			_, _ = io.WriteString(c, strings.ToUpper(string(in)))
			_ = c.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return l.Addr().String()
}

func TestDialReachesWhatOnlyTheHostReaches(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	long := strings.Repeat("weave ", 500_000) // more than a channel's window
	for _, c := range []struct{ network, addr string }{
		{"tcp", listen(t, "tcp", "127.0.0.1:0")},
		{"unix", listen(t, "unix", filepath.Join(t.TempDir(), "docker.sock"))},
	} {
		for _, say := range []string{"", "ping", long} {
			conn, err := h.Dial(within(t, patience), c.network, c.addr)
			if err != nil {
				t.Fatal(err)
			}
			if conn.RemoteAddr().String() != c.addr || conn.RemoteAddr().Network() != c.network {
				t.Errorf("remote address %v", conn.RemoteAddr())
			}
			if _, err := io.WriteString(conn, say); err != nil {
				t.Fatal(err)
			}
			if err := conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(conn)
			if err != nil || string(got) != strings.ToUpper(say) {
				t.Errorf("%s: %d bytes came back, want %d, error %v", c.network, len(got), len(say), err)
			}
			if err := errors.Join(conn.Close(), conn.Close()); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestDialSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	shut := sshdtest.Start(t, sshdtest.Config{Lines: []string{"AllowTcpForwarding no", "AllowStreamLocalForwarding no"}})
	closed := newPool(t, wire.Options{}).Host(shut.Node())
	nobody := filepath.Join(t.TempDir(), "nobody.sock")
	for _, c := range []struct {
		h             *wire.Host
		network, addr string
		blind         facts.Blind
		code          ops.Code
		says          string
	}{
		{h, "tcp", "127.0.0.1:1", facts.Down, ops.Failed, "nothing answers there"},
		{h, "unix", nobody, facts.Failed, ops.Failed, "nothing listens there"},
		{closed, "tcp", "127.0.0.1:1", facts.Denied, ops.Failed, "AllowTcpForwarding"},
		{closed, "unix", nobody, facts.Failed, ops.Failed, "AllowStreamLocalForwarding"},
		{h, "udp", "127.0.0.1:1", facts.Failed, ops.Invalid, "tcp or unix"},
		{h, "tcp", "127.0.0.1", facts.Failed, ops.Invalid, "missing port"},
		{h, "tcp", "127.0.0.1:70000", facts.Failed, ops.Invalid, "out of range"},
	} {
		_, err := c.h.Dial(within(t, patience), c.network, c.addr)
		wantError(t, err, c.blind, c.code, c.says, c.addr)
	}
}

func TestDialedConnectionsHaveDeadlines(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	mute, err := net.Listen("tcp", "127.0.0.1:0") // the kernel accepts, nobody reads
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = mute.Close() }()
	conn, err := h.Dial(within(t, patience), "tcp", mute.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("reading: %v, want a timeout", err)
	}
	_ = conn.SetReadDeadline(time.Time{})
	_ = conn.SetWriteDeadline(time.Now().Add(500 * time.Millisecond))
	if _, err := conn.Write(make([]byte, 64<<20)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("writing: %v, want a timeout", err)
	}
}

func TestDialHonoursTheContextWhileOpening(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	h := newPool(t, wire.Options{}).Host(proxy.Node(t, s))
	if err := h.Connect(within(t, patience)); err != nil {
		t.Fatal(err)
	}
	proxy.Freeze()
	over := make(chan error, 1)
	go func() {
		_, err := h.Dial(within(t, 50*time.Millisecond), "tcp", s.Addr())
		over <- err
	}()
	select {
	case err := <-over:
		wantError(t, err, facts.TooLate, ops.Unseen, "no answer in time")
	case <-time.After(patience):
		t.Error("the caller is held")
	}
}

func TestDialTakesNoPlaceOfACommand(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	addr := listen(t, "tcp", "127.0.0.1:0")
	for range 30 {
		conn, err := h.Dial(within(t, patience), "tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
	}
	run(t, h, "true")
}
