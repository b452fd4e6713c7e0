package sshd

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
)

// site is a machine with an sshd, and somebody who may log in.
type site struct {
	t       *testing.T
	machine *kernel.Machine
	server  *Server
	from    *fabric.Space // where the client is
	key     ssh.Signer
	host    ssh.Signer
}

func signer(t *testing.T) ssh.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sh is a shell that knows four commands.
func sh(p *kernel.Process) int {
	word, rest, _ := strings.Cut(p.Argv[2], " ")
	switch word {
	case "cat":
		_, _ = io.Copy(p.Stdout(), p.Stdin())
	case "echo":
		p.Printf("%s %s %s\n", rest, p.Env["LANG"], p.Dir)
	case "fail":
		p.Errorf("no\n")
		return 7
	case "wait":
		if err := p.WriteFile("/begun", nil, 0o600); err != nil {
			return 1
		}
		<-p.Context().Done()
	}
	return 0
}

func newSite(t *testing.T) *site {
	t.Helper()
	f := fabric.New()
	wan := f.Segment("wan", nil)
	host, from := f.Space("cn"), f.Space("operator")
	host.Plug("eth0", wan, netip.MustParsePrefix("10.78.0.11/24"))
	from.Plug("eth0", wan, netip.MustParsePrefix("10.78.0.254/24"))
	s := &site{t: t, from: from, key: signer(t), host: signer(t)}
	s.machine = kernel.Boot("cn", host, &kernel.Root{Dir: t.TempDir(), Programs: map[string]kernel.Program{"/bin/sh": sh}})
	s.server = New(s.machine, Options{
		HostKey: s.host, Authorized: map[string][]ssh.PublicKey{"ops": {s.key.PublicKey()}}, Env: map[string][]string{"ops": {"LANG=C"}},
	})
	l, err := host.Listen(t.Context(), "0.0.0.0:22")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		s.server.Serve(l)
		close(done)
	}()
	t.Cleanup(func() {
		_ = l.Close()
		s.server.Close()
		s.machine.Halt()
		<-done
	})
	return s
}

func (s *site) login(user string, key ssh.Signer) (*ssh.Client, error) {
	s.t.Helper()
	c, err := s.from.DialContext(s.t.Context(), "tcp", "10.78.0.11:22")
	if err != nil {
		return nil, err
	}
	conn, channels, requests, err := ssh.NewClientConn(c, "cn", &ssh.ClientConfig{
		User: user, Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: ssh.FixedHostKey(s.host.PublicKey()),
	})
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	client := ssh.NewClient(conn, channels, requests)
	s.t.Cleanup(func() { _ = client.Close() })
	return client, nil
}

func (s *site) client() *ssh.Client {
	s.t.Helper()
	c, err := s.login("ops", s.key)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func TestCommands(t *testing.T) {
	c := newSite(t).client()
	for line, want := range map[string]string{"echo hi": "0 hi C /home/ops\n", "fail": "7 no\n", "cat": "0 what was typed"} {
		run, err := c.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		if line == "cat" { // who reads nothing may be gone before it is written
			run.Stdin = strings.NewReader("what was typed")
		}
		out, err := run.CombinedOutput(line)
		exit := 0
		var ended *ssh.ExitError
		if errors.As(err, &ended) {
			exit = ended.ExitStatus()
		} else if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%d %s", exit, out); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// Closing a session does not stop its command: the bot must, by its watchdog.
func TestACommandOutlivesItsSession(t *testing.T) {
	s := newSite(t)
	c := s.client()
	run, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start("wait"); err != nil {
		t.Fatal(err)
	}
	for len(s.machine.Processes()) == 0 { // Start has been answered before the process is there
		_, _, _ = c.SendRequest("keepalive@openssh.com", true, nil)
	}
	p := s.machine.Processes()[0]
	_ = run.Close()
	_ = c.Close()
	if _, err := s.client().NewSession(); err != nil { // a whole login later
		t.Fatal(err)
	}
	select {
	case <-p.Done():
		t.Error("the command ended with its session")
	default:
	}
}

func TestStrangers(t *testing.T) {
	s := newSite(t)
	if _, err := s.login("ops", signer(t)); err == nil {
		t.Error("a key that nobody knows is let in")
	}
	if _, err := s.login("root", s.key); err == nil {
		t.Error("the key of ops opens root")
	}
}

func TestTheEleventhSessionIsRefused(t *testing.T) {
	s := newSite(t)
	c := s.client()
	for i := range 11 {
		_, err := c.NewSession()
		if (err != nil) != (i == 10) {
			t.Fatalf("session %d: %v", i+1, err)
		}
	}
	l, err := s.machine.Net.Listen(t.Context(), "127.0.0.1:6784")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // a test's
	for range 50 {
		if _, err := c.Dial("tcp", "127.0.0.1:6784"); err != nil {
			t.Fatalf("a forwarded connection counts as a session: %v", err)
		}
	}
}

func TestForwarding(t *testing.T) {
	s := newSite(t)
	echo := func(l net.Listener, err error) {
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = io.Copy(c, c)
				_ = c.Close()
			}
		}()
	}
	echo(s.machine.Net.Listen(t.Context(), "127.0.0.1:6784"))
	echo(s.machine.ListenUnix("/var/run/docker.sock"))
	c := s.client()
	for network, at := range map[string]string{"tcp": "127.0.0.1:6784", "unix": "/var/run/docker.sock"} {
		conn, err := c.Dial(network, at)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, "hello")
		_ = conn.(interface{ CloseWrite() error }).CloseWrite()
		if got, err := io.ReadAll(conn); string(got) != "hello" || err != nil {
			t.Errorf("%s: %q %v", at, got, err)
		}
	}
	for network, at := range map[string]string{"tcp": "127.0.0.1:1", "unix": "/nowhere.sock"} {
		if _, err := c.Dial(network, at); err == nil {
			t.Errorf("%s answers", at)
		}
	}
	s.server.Change(func(o *Options) { o.NoStreamLocal = true })
	if _, err := s.client().Dial("unix", "/var/run/docker.sock"); err == nil || !strings.Contains(err.Error(), "prohibited") {
		t.Errorf("forbidden, and yet: %v", err)
	}
}

func TestFiles(t *testing.T) {
	s := newSite(t)
	if err := os.MkdirAll(filepath.Join(s.machine.Root.Dir, "etc"), 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := sftp.NewClient(s.client())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // a test's
	if _, ok := c.HasExtension("posix-rename@openssh.com"); !ok {
		t.Error("files cannot be replaced in one step")
	}
	put := func(name, content string) error {
		f, err := c.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
		if err != nil {
			return err
		}
		_, err = f.Write([]byte(content))
		return errors.Join(err, f.Close())
	}
	for _, err := range []error{put("/etc/a", "old"), put("/etc/b", "new"), c.Chmod("/etc/b", 0o600), c.PosixRename("/etc/b", "/etc/a")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := c.Open("/etc/a")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	_, _ = f.WriteTo(&got)
	if i, err := c.Stat("/etc/a"); err != nil || got.String() != "new" || i.Mode().Perm() != 0o600 {
		t.Errorf("%q %v %v", got.String(), i, err)
	}
	if _, err := c.Open("/etc/nothing"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if put("/etc/../../../etc/c", "x") != nil || c.Remove("/etc/c") != nil {
		t.Error("a path that climbs does not end in the machine's own tree")
	}
	s.machine.Full.Store(true)
	if err := put("/etc/d", "x"); err == nil {
		t.Error("a full disk takes a file")
	}
}

// A machine that goes away drops everybody; the next login finds it again.
func TestDrop(t *testing.T) {
	s := newSite(t)
	c := s.client()
	s.server.Drop()
	if err := c.Wait(); err == nil {
		t.Error("the connection ended without an error")
	}
	s.client()
}
