// Package sshdtest starts real sshd servers for tests. A fake would prove
// nothing about what the tests of the wire are for: how sshd treats a closed
// session, an eleventh one, a file that is renamed.
package sshdtest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"vmqbot/regions"
)

// Server is one running sshd with its own host key and one key that may log in.
type Server struct {
	Host       string // 127.0.0.1, or what Config asked for
	Port       int
	User       string     // the user who runs the test; nobody else could log in
	Key        string     // path of the private key that may log in
	KnownHosts string     // path of a known_hosts file that names this server and no other
	Signer     ssh.Signer // the same key, for an agent
	HostKey    ssh.Signer // the server's own key
	Dir        string     // everything of this server, removed after the test

	log syncBuffer
}

// Config changes what is not the default of the server.
type Config struct {
	Listen string   // address, 127.0.0.1 when ""; 0.0.0.0 answers on all of 127.0.0.0/8
	Lines  []string // more lines of sshd_config, before the defaults: the first of two wins
	Home   string   // the login user's folder; the real one when ""
}

// Start runs an sshd until the test ends. Without sshd the test fails; in
// short mode it is skipped.
func Start(t testing.TB, c Config) *Server {
	t.Helper()
	if testing.Short() {
		t.Skip("short mode: a real sshd is not started")
	}
	binary := find(t)
	me, err := user.Current()
	must(t, err)
	s := &Server{Host: "127.0.0.1", User: me.Username, Dir: t.TempDir()}
	if c.Listen != "" && c.Listen != "0.0.0.0" {
		s.Host = c.Listen
	}
	s.HostKey, _ = newKey(t, filepath.Join(s.Dir, "host_key"))
	s.Key = filepath.Join(s.Dir, "id_ed25519")
	signer, public := newKey(t, s.Key)
	s.Signer = signer
	write(t, filepath.Join(s.Dir, "authorized_keys"), string(public))
	s.KnownHosts = filepath.Join(s.Dir, "known_hosts")
	config := filepath.Join(s.Dir, "sshd_config")
	for range 5 { // another process may take the free port first
		s.Port = freePort(t)
		write(t, s.KnownHosts, KnownHost(s.Host, s.Port, s.HostKey.PublicKey()))
		write(t, config, s.config(c))
		if err = s.run(t, binary, config, me, c.Home); err == nil {
			return s
		}
	}
	t.Fatalf("%v\n%s", err, s.log.String())
	return nil
}

// find looks for sshd where distributions put it; sshd must be started by
// its absolute path.
func find(t testing.TB) string {
	t.Helper()
	for _, p := range []string{"/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"} {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	t.Fatal("these tests need a real sshd, and there is none: apt-get install -y openssh-server (or go test -short)")
	return ""
}

func (s *Server) config(c Config) string {
	listen := s.Host
	if c.Listen != "" {
		listen = c.Listen
	}
	lines := append(slices.Clone(c.Lines),
		fmt.Sprintf("ListenAddress %s:%d", listen, s.Port),
		"HostKey "+filepath.Join(s.Dir, "host_key"),
		"AuthorizedKeysFile "+filepath.Join(s.Dir, "authorized_keys"),
		"PidFile "+s.pidFile(),
		"UsePAM no",
		"StrictModes no", // the test's folder may be writable by its group
		"PermitRootLogin prohibit-password",
		"PasswordAuthentication no",
		"KbdInteractiveAuthentication no",
		"LogLevel VERBOSE",
	)
	if !strings.Contains(strings.Join(c.Lines, "\n"), "Subsystem") { // sshd refuses a second one
		lines = append(lines, "Subsystem sftp internal-sftp")
	}
	return strings.Join(lines, "\n") + "\n"
}

// pidFile is written once sshd listens, and by no other sshd: an answer on the
// port might be another one's.
func (s *Server) pidFile() string { return filepath.Join(s.Dir, "pid") }

// run starts sshd, waits until it listens, and stops it after the test.
func (s *Server) run(t testing.TB, binary, config string, me *user.User, home string) error {
	t.Helper()
	cmd := exec.Command(binary, "-D", "-e", "-f", config)
	if me.Uid == "0" {
		must(t, os.MkdirAll("/run/sshd", 0o755))
		cmd = cleanShell(t, s.Dir, home, me, cmd.Args)
	}
	cmd.Stdout, cmd.Stderr = &s.log, &s.log
	must(t, cmd.Start())
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // the listener; its sessions end with their connections
		<-over
		if t.Failed() {
			t.Logf("sshd's log:\n%s", s.log.String())
		}
	})
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(30 * time.Second); ; {
		if _, err := os.Stat(s.pidFile()); err == nil {
			return nil
		}
		select {
		case <-over:
			return errors.New("sshd ended at once")
		case <-tick.C:
		case <-deadline:
			return errors.New("sshd does not listen on " + s.Addr())
		}
	}
}

// cleanShell runs sshd in a mount namespace of its own where root's shell is
// /bin/sh: start-up files of a person's shell would be read for every command
// and can take a hundred times as long as the command. Where the kernel does
// not allow a namespace, sshd runs with the shell that is there.
func cleanShell(t testing.TB, dir, home string, me *user.User, sshd []string) *exec.Cmd {
	t.Helper()
	passwd, err := os.ReadFile("/etc/passwd")
	must(t, err)
	var clean strings.Builder
	for line := range strings.Lines(string(passwd)) {
		if strings.HasPrefix(line, me.Username+":") {
			fields := strings.Split(strings.TrimSuffix(line, "\n"), ":")
			fields[len(fields)-1] = "/bin/sh"
			if home != "" {
				fields[len(fields)-2] = home
			}
			line = strings.Join(fields, ":") + "\n"
		}
		clean.WriteString(line)
	}
	path := filepath.Join(dir, "passwd")
	write(t, path, clean.String())
	must(t, os.Chmod(path, 0o644))
	if exec.Command("unshare", "-m", "true").Run() != nil {
		return exec.Command(sshd[0], sshd[1:]...)
	}
	script := `mount --bind "$0" /etc/passwd && exec "$@"`
	return exec.Command("unshare", append([]string{"-m", "sh", "-c", script, path}, sshd...)...)
}

// Addr is host:port.
func (s *Server) Addr() string { return fmt.Sprintf("%s:%d", s.Host, s.Port) }

// Log is what sshd wrote so far.
func (s *Server) Log() string { return s.log.String() }

// Node is the server as the fleet file would name it.
func (s *Server) Node() regions.Node {
	return regions.Node{
		Name: "cn-1", Region: "cn", Host: s.Host,
		SSH: regions.SSH{User: s.User, Port: s.Port, Key: s.Key, KnownHosts: s.KnownHosts},
	}
}

// syncBuffer is a buffer that a process writes and a test reads.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write takes output in.
func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// String is the output so far.
func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
