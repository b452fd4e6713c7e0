package wire

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"vmqbot/facts"
)

// keyring reads key files, each once until it changes, and asks the agent.
type keyring struct {
	agent string
	mu    sync.Mutex
	files map[string]keyFile
}

type keyFile struct {
	changed time.Time
	signer  ssh.Signer
}

func newKeyring(agent string) *keyring { return &keyring{agent: agent, files: map[string]keyFile{}} }

// agentTimeout is how long an agent may take for one login. An agent that
// asks a person for each signature is too slow for a fleet.
const agentTimeout = 10 * time.Second

// signers returns the keys to log in with and what to call after the login.
func (k *keyring) signers(t target) ([]ssh.Signer, func(), error) {
	if t.key != "" {
		s, err := k.file(t)
		return []ssh.Signer{s}, func() {}, err
	}
	tried := "logging in to " + t.String()
	if k.agent == "" {
		return nil, nil, loginless(t, tried, "the fleet file names no key, and there is no ssh agent (SSH_AUTH_SOCK is not set)",
			"eval $(ssh-agent) && ssh-add", nil)
	}
	conn, err := net.DialTimeout("unix", k.agent, agentTimeout)
	if err != nil {
		return nil, nil, loginless(t, tried, "the ssh agent at "+k.agent+" does not answer ("+err.Error()+")", "ssh-add -l", err)
	}
	_ = conn.SetDeadline(time.Now().Add(agentTimeout))
	signers, err := agent.NewClient(conn).Signers()
	if err == nil && len(signers) == 0 {
		err = errors.New("it holds no key")
	}
	if err != nil {
		_ = conn.Close()
		return nil, nil, loginless(t, tried, "the ssh agent at "+k.agent+" gives no key: "+err.Error(), "ssh-add", err)
	}
	return signers, func() { _ = conn.Close() }, nil
}

func (k *keyring) file(t target) (ssh.Signer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	tried := "reading the key " + t.key
	info, err := os.Stat(t.key)
	if err != nil {
		return nil, loginless(t, tried, "it cannot be read ("+reason(err)+")", "ls -l "+t.key, err)
	}
	if f, ok := k.files[t.key]; ok && f.changed.Equal(info.ModTime()) {
		return f.signer, nil
	}
	pem, err := readKey(t.key)
	if err != nil {
		return nil, loginless(t, tried, "it cannot be read ("+reason(err)+")", "ls -l "+t.key, err)
	}
	signer, err := ssh.ParsePrivateKey(pem)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		return nil, loginless(t, tried, "it is protected by a passphrase; put it into the ssh agent and leave ssh.key empty",
			"ssh-add "+t.key, err)
	}
	if err != nil {
		return nil, loginless(t, tried, "it is no private key that ssh understands", "ssh-keygen -y -f "+t.key, err)
	}
	k.files[t.key] = keyFile{info.ModTime(), signer}
	return signer, nil
}

// readKey reads at most 64 KiB, for a path that names something else.
func readKey(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, 64<<10))
}

// reason is the end of a file error without the path, which the sentence has.
func reason(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		return inner.Error()
	}
	return err.Error()
}

// loginless is an invalid setting that also means: no login.
func loginless(t target, tried, why, fix string, cause error) *Error {
	e := invalid(t, tried, why, fix, cause)
	e.Blind = facts.LoginDenied
	return e
}
