package sshd

import (
	"io"
	"net"
	"strings"
	"testing"

	"github.com/pkg/sftp"
)

// TestAPortOfTheMachineLeadsToTheClient, on loopback only, until it is closed or
// the client is gone; sshd may forbid it.
func TestAPortOfTheMachineLeadsToTheClient(t *testing.T) {
	s := newSite(t)
	c := s.client()
	l, err := c.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if _, err := s.from.DialContext(t.Context(), "tcp", "10.78.0.11:"+port); err == nil {
		t.Error("the port is open to others than the machine")
	}
	far, err := s.machine.Net.DialContext(t.Context(), "tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	near, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = io.Copy(near, near)
		_ = near.Close()
	}()
	_, _ = io.WriteString(far, "GET")
	_ = far.(interface{ CloseWrite() error }).CloseWrite()
	if got, err := io.ReadAll(far); string(got) != "GET" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if _, err := s.client().Listen("tcp", "127.0.0.1:"+port); err == nil {
		t.Error("a port that is taken is given again")
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	again, err := c.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatalf("the port is not free again: %v", err)
	}
	_ = c.Close()
	if _, err := again.Accept(); err == nil {
		t.Error("the port outlives the client")
	}
	s.server.Change(func(o *Options) { o.NoRemoteForwarding = true })
	if _, err := s.client().Listen("tcp", "127.0.0.1:0"); err == nil || !strings.Contains(err.Error(), "denied") {
		t.Errorf("forbidden, and yet: %v", err)
	}
}

// TestAFileIsCutToASize, as a transfer that goes on wants it.
func TestAFileIsCutToASize(t *testing.T) {
	c, err := sftp.NewClient(newSite(t).client())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // a test's
	f, err := c.Create("/a")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.Write([]byte("0123456789"))
	if err := f.Truncate(4); err != nil {
		t.Fatal(err)
	}
	if i, err := c.Stat("/a"); err != nil || i.Size() != 4 {
		t.Errorf("%v %v", i, err)
	}
}
