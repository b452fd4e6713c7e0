package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// A world is a folder with a fleet file and a user's home, and nobody behind
// the hosts: their port is closed.
type world struct {
	t   *testing.T
	dir string
	env map[string]string
}

// said is what one run of the program left behind.
type said struct {
	exit           int
	stdout, stderr string
}

const fleet = `cluster: release
image: airdroid/vernemq:1.6.1
network: {driver: weave, subnet: 10.0.0.0/24}
ssh: {user: ops, port: PORT, key: DIR/key, known_hosts: DIR/known_hosts}
container: {ports: [1883, 1889, 1900, 44053], volumes: {conf: /etc/vernemq, log: /log, data: /data}}
mqtt: {username: vmqbot, password: "${env:MQTT_PASSWORD}"}
regions:
  cn: {title: China, nodes: {cn-1: {host: 127.0.0.1, container: vernemq-release-cn-1, address: 10.0.0.1/24}}}
  sg: {title: Singapore, nodes: {sg-1: {host: 127.0.0.1, container: vernemq-release-sg-1, address: 10.0.0.2/24}}}
`

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), env: map[string]string{"USER": "ana", "MQTT_PASSWORD": "hunter2"}}
	w.env["HOME"] = filepath.Join(w.dir, "home")
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	w.write("key", string(pem.EncodeToMemory(block)))
	w.write("known_hosts", "")
	w.write("fleet.yaml", strings.NewReplacer("PORT", closedPort(t), "DIR", w.dir).Replace(fleet))
	return w
}

// closedPort is a port of this machine on which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

func (w *world) write(name, content string) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// fleet is the path of the fleet file, after these words of it were replaced.
func (w *world) fleet(oldNew ...string) string {
	w.t.Helper()
	path := filepath.Join(w.dir, "fleet.yaml")
	b, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.write("fleet.yaml", strings.NewReplacer(oldNew...).Replace(string(b)))
}

// bot runs the program with nothing on standard input.
func (w *world) bot(args ...string) said { return w.paste("", args...) }

// paste runs the program with something on standard input.
func (w *world) paste(stdin string, args ...string) said {
	w.t.Helper()
	var stdout, stderr bytes.Buffer
	p := &process{args: args, stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr, getenv: func(k string) string { return w.env[k] }}
	exit := p.main(w.t.Context())
	if all := stdout.String() + stderr.String(); strings.Contains(all, "hunter2") {
		w.t.Errorf("%q shows a secret:\n%s", args, all)
	}
	return said{exit, stdout.String(), stderr.String()}
}

// run runs one verb.
func (w *world) run(words ...string) said {
	w.t.Helper()
	return w.bot(append([]string{"run", "--config", w.fleet(), "--"}, words...)...)
}

// touched lists the files that are there besides those that the test wrote.
func (w *world) touched() []string {
	w.t.Helper()
	var found []string
	err := filepath.WalkDir(w.dir, func(path string, _ fs.DirEntry, err error) error {
		switch name := filepath.Base(path); {
		case err != nil:
			return err
		case path == w.dir, name == "key", name == "known_hosts", name == "fleet.yaml":
		default:
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// wants holds what was said against the exit status and parts of both streams;
// "" wants silence.
func (w *world) wants(s said, exit int, stdout, stderr string) {
	w.t.Helper()
	if s.exit != exit || !says(s.stdout, stdout) || !says(s.stderr, stderr) {
		w.t.Errorf("exit %d, standard output:\n%s\nstandard error:\n%s\nwant %d, %q and %q", s.exit, s.stdout, s.stderr, exit, stdout, stderr)
	}
}

func says(got, part string) bool {
	if part == "" {
		return got == ""
	}
	return strings.Contains(got, part)
}
