package wire

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"sync"
	"time"

	"github.com/skeema/knownhosts"
	"golang.org/x/crypto/ssh"

	"vmqbot/facts"
)

// knownHosts reads known_hosts files, each once until it changes: a hundred
// dials at once would otherwise parse it a hundred times.
type knownHosts struct {
	mu    sync.Mutex
	files map[string]knownFile
}

type knownFile struct {
	changed time.Time
	size    int64
	db      *knownhosts.HostKeyDB
}

func newKnownHosts() *knownHosts { return &knownHosts{files: map[string]knownFile{}} }

// trust is what known_hosts says about one server, for one handshake.
type trust struct {
	target     target
	db         *knownhosts.HostKeyDB
	algorithms []string // the types of the keys that are known; nil for a host that is not
	passed     bool     // the server proved that it has a known key
	refusal    error
}

// trust looks a target up. A file that does not exist knows no host.
func (k *knownHosts) trust(t target) (*trust, error) {
	db, err := k.read(t.known)
	if err != nil {
		return nil, invalid(t, "reading "+t.known, err.Error(), "", err)
	}
	return &trust{target: t, db: db, algorithms: db.HostKeyAlgorithms(t.addr)}, nil
}

func (k *knownHosts) read(path string) (*knownhosts.HostKeyDB, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return knownhosts.NewDB()
	}
	if err != nil {
		return nil, err
	}
	if f, ok := k.files[path]; ok && f.changed.Equal(info.ModTime()) && f.size == info.Size() {
		return f.db, nil
	}
	db, err := knownhosts.NewDB(path)
	if err != nil {
		return nil, err
	}
	k.files[path] = knownFile{info.ModTime(), info.Size(), db}
	return db, nil
}

// check is the handshake's question; it never learns a key by itself.
func (t *trust) check(name string, _ net.Addr, key ssh.PublicKey) error {
	// The name alone decides: behind a jump host, and after a move to another
	// address, the connection's address says nothing.
	err := t.db.HostKeyCallback()(name, &net.TCPAddr{IP: net.IPv4zero}, key)
	if err == nil {
		t.passed = true
		return nil
	}
	fingerprint := key.Type() + " " + ssh.FingerprintSHA256(key)
	tried := "connecting to " + t.target.String()
	if knownhosts.IsHostUnknown(err) {
		t.refusal = unseen(t.target, facts.NewHostKey, tried,
			t.target.known+" does not name this host, which shows the key "+fingerprint+
				"; compare that with the host's console, then let ssh write it down", t.target.command(), err)
		return t.refusal
	}
	t.refusal = unseen(t.target, facts.BadHostKey, tried,
		"it shows the key "+fingerprint+", which is not the one in "+t.target.known+
			": the host was reinstalled, or somebody stands in between; if you know that it was reinstalled, forget the old key",
		t.forget(), err)
	return t.refusal
}

// forget is how the line of a host is taken out of known_hosts.
func (t *trust) forget() string {
	return "ssh-keygen -R '" + pattern(t.target.addr) + "' -f " + t.target.known
}

// pattern is how known_hosts writes a host and port.
func pattern(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || port == "22" {
		return host
	}
	return "[" + host + "]:" + port
}
