package wire_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

func file(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOnlyAKnownHostKeyIsTrusted(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	right := sshdtest.KnownHost(s.Host, s.Port, s.HostKey.PublicKey())
	wrong := sshdtest.KnownHost(s.Host, s.Port, sshdtest.NewHostKey(t))
	elsewhere := sshdtest.KnownHost("203.0.113.10", 22, s.HostKey.PublicKey())
	other := sshdtest.KnownHost(s.Host, s.Port, anECDSAKey(t))
	fingerprint := ssh.FingerprintSHA256(s.HostKey.PublicKey())
	known := filepath.Join(t.TempDir(), "none")
	for _, c := range []struct {
		name, path string
		blind      facts.Blind
		says       []string
	}{
		{"another key", file(t, wrong), facts.BadHostKey, []string{fingerprint, "reinstalled", "ssh-keygen -R '[127.0.0.1]:"}},
		{"another type of key", file(t, other), facts.BadHostKey, []string{"no longer has a host key of the type", "ssh-keygen -R"}},
		{"another host's line", file(t, elsewhere), facts.NewHostKey, []string{fingerprint, "does not name this host", "ssh -p", "UserKnownHostsFile="}},
		{"an empty file", file(t, ""), facts.NewHostKey, []string{fingerprint}},
		{"no file", known, facts.NewHostKey, []string{fingerprint, known}},
		{"revoked", file(t, "@revoked "+right), facts.BadHostKey, []string{fingerprint}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := s.Node()
			n.SSH.KnownHosts = c.path
			h := newPool(t, wire.Options{}).Host(n)
			_, err := h.Run(within(t, patience), secret.Words("true"), wire.RunOptions{})
			wantError(t, err, c.blind, ops.Unseen, c.says...)
			if strings.Contains(s.Log(), "Accepted publickey") {
				t.Fatal("it logged in")
			}
		})
	}
	if _, err := os.Stat(known); err == nil {
		t.Error("the unknown key was written down")
	}
}

// anECDSAKey is of a type that no server of these tests has.
func anECDSAKey(t *testing.T) ssh.PublicKey {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	return public
}

func TestAnEditedKnownHostsIsReadAgain(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	n := s.Node()
	n.SSH.KnownHosts = file(t, "")
	h := newPool(t, wire.Options{}).Host(n)
	wantError(t, h.Connect(within(t, patience)), facts.NewHostKey, ops.Unseen)
	line := "# written by ssh\n" + sshdtest.KnownHost(s.Host, s.Port, sshdtest.NewHostKey(t)) +
		sshdtest.KnownHost(s.Host, s.Port, s.HostKey.PublicKey())
	if err := os.WriteFile(n.SSH.KnownHosts, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := h.Connect(within(t, patience)); err != nil {
		t.Error(err)
	}
}

func TestEveryHopIsChecked(t *testing.T) {
	t.Parallel()
	jump, far := sshdtest.Start(t, sshdtest.Config{}), sshdtest.Start(t, sshdtest.Config{})
	// One key for both: a chain logs in everywhere with the node's key.
	allow(t, far, jump)
	lines := func(j, f ssh.PublicKey) string {
		return sshdtest.KnownHost(jump.Host, jump.Port, j) + sshdtest.KnownHost(far.Host, far.Port, f)
	}
	good, bad := jump.HostKey.PublicKey(), sshdtest.NewHostKey(t)
	for _, c := range []struct {
		name  string
		known string
		blind facts.Blind
		says  string
	}{
		{"both known", lines(good, far.HostKey.PublicKey()), "", ""},
		{"wrong jump host", lines(bad, far.HostKey.PublicKey()), facts.BadHostKey, jump.Addr()},
		{"wrong target", lines(good, bad), facts.BadHostKey, far.Addr()},
		{"unknown jump host", sshdtest.KnownHost(far.Host, far.Port, far.HostKey.PublicKey()), facts.NewHostKey, jump.Addr()},
		{"unknown target", sshdtest.KnownHost(jump.Host, jump.Port, good), facts.NewHostKey, "-J " + far.User + "@" + jump.Addr()},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := far.Node()
			n.SSH.Jump, n.SSH.KnownHosts = jump.Addr(), file(t, c.known)
			h := newPool(t, wire.Options{}).Host(n)
			a, err := h.Run(within(t, patience), secret.Words("sh", "-c", "echo $SSH_CONNECTION"), wire.RunOptions{})
			if c.blind != "" {
				wantError(t, err, c.blind, ops.Unseen, c.says)
				return
			}
			if err != nil || !strings.Contains(a.Stdout, far.Host) {
				t.Errorf("stdout %q, error %v", a.Stdout, err)
			}
		})
	}
}

func TestAChainOfJumpHosts(t *testing.T) {
	t.Parallel()
	first, second, far := sshdtest.Start(t, sshdtest.Config{}), sshdtest.Start(t, sshdtest.Config{}), sshdtest.Start(t, sshdtest.Config{})
	allow(t, first, second)
	allow(t, first, far)
	n := far.Node()
	n.SSH.Key = first.Key
	n.SSH.Jump = " " + first.Addr() + ", " + second.User + "@" + second.Addr()
	var lines string
	for _, s := range []*sshdtest.Server{first, second, far} {
		lines += sshdtest.KnownHost(s.Host, s.Port, s.HostKey.PublicKey())
	}
	n.SSH.KnownHosts = file(t, lines)
	p := newPool(t, wire.Options{})
	run(t, p.Host(n), "true")
	near := second.Node()
	near.SSH = n.SSH
	near.SSH.Port, near.SSH.Jump = second.Port, first.Addr()
	run(t, p.Host(near), "true") // the hop of the one is the target of the other
	for _, s := range []*sshdtest.Server{first, second, far} {
		logged(t, s, "Accepted publickey", 1)
	}
}

// allow lets the key of one server log in at another too.
func allow(t *testing.T, key, at *sshdtest.Server) {
	t.Helper()
	path := filepath.Join(at.Dir, "authorized_keys")
	if err := os.WriteFile(path, ssh.MarshalAuthorizedKey(key.Signer.PublicKey()), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLoginNeedsAKey(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	_, private, _ := ed25519.GenerateKey(rand.Reader)
	pemOf := func(b *pem.Block, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return file(t, string(pem.EncodeToMemory(b)))
	}
	for _, c := range []struct {
		name, key, agent string
		code             ops.Code
		says             []string
	}{
		{"a key that the host does not know", pemOf(ssh.MarshalPrivateKey(private, "")), "", ops.Unseen, []string{"ssh -p", "does not accept the key"}},
		{"a key with a passphrase", pemOf(ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte("x"))), "", ops.Invalid, []string{"passphrase", "ssh-add"}},
		{"no such file", "/does/not/exist", "", ops.Invalid, []string{"/does/not/exist", "no such file"}},
		{"a file that is no key", file(t, "hello"), "", ops.Invalid, []string{"no private key"}},
		{"a folder", t.TempDir(), "", ops.Invalid, []string{"is a directory"}},
		{"~ without a home", "~/.ssh/id_ed25519", "", ops.Invalid, []string{"HOME"}},
		{"no agent", "", "", ops.Invalid, []string{"SSH_AUTH_SOCK", "ssh-add"}},
		{"an agent that is gone", "", "/does/not/exist", ops.Invalid, []string{"/does/not/exist"}},
		{"an agent without keys", "", anAgent(t), ops.Invalid, []string{"holds no key"}},
		{"an agent with the wrong key", "", anAgent(t, private), ops.Unseen, []string{"accepts no key of the ssh agent"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := s.Node()
			n.SSH.Key = c.key
			err := newPool(t, wire.Options{Agent: c.agent}).Host(n).Connect(within(t, patience))
			blind := facts.LoginDenied
			if strings.HasPrefix(c.key, "~") {
				blind = facts.Failed
			}
			wantError(t, err, blind, c.code, c.says...)
		})
	}
}

func TestLoginWithAnAgentAndWithAHome(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	byAgent, byHome := s.Node(), s.Node()
	byAgent.SSH.Key = ""
	byHome.SSH.Key = "~/" + filepath.Base(s.Key)
	byHome.SSH.KnownHosts = "~/" + filepath.Base(s.KnownHosts)
	pemKey, err := os.ReadFile(s.Key)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.ParseRawPrivateKey(pemKey)
	if err != nil {
		t.Fatal(err)
	}
	p := newPool(t, wire.Options{Agent: anAgent(t, key), Home: s.Dir})
	for _, n := range []regions.Node{byAgent, byHome} {
		if err := p.Host(n).Connect(within(t, patience)); err != nil {
			t.Error(err)
		}
	}
}

// anAgent serves an ssh agent that holds keys.
func anAgent(t *testing.T, keys ...any) string {
	t.Helper()
	ring := agent.NewKeyring()
	for _, k := range keys {
		if err := ring.Add(agent.AddedKey{PrivateKey: k}); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "agent")
	l, err := net.Listen("unix", path)
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
			_ = agent.ServeAgent(ring, c)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return path
}
