//go:build bench

package bench

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"vmqbot/executor/wire/sshdtest"
)

const (
	targets = 100
	kex     = "curve25519-sha256"
)

// TestFan runs `true` on 100 addresses of one sshd: through the executor, with
// pssh, clush and ansible, all with one key exchange; and warm, with kept
// connections, against ansible's ControlPersist.
func TestFan(t *testing.T) {
	s := sshdtest.Start(t, sshdtest.Config{Listen: "0.0.0.0", Lines: []string{"MaxStartups 200"}})
	dir := t.TempDir()
	var hosts, known strings.Builder
	for i := range targets {
		host := fmt.Sprintf("127.0.1.%d", i+1)
		hosts.WriteString(host + "\n")
		known.WriteString(sshdtest.KnownHost(host, s.Port, s.HostKey.PublicKey()))
	}
	hostFile, knownFile := filepath.Join(dir, "hosts"), filepath.Join(dir, "known_hosts")
	write(t, hostFile, hosts.String(), 0o600)
	write(t, knownFile, known.String(), 0o600)
	options := []string{
		"Port=" + fmt.Sprint(s.Port), "IdentityFile=" + s.Key, "UserKnownHostsFile=" + knownFile, "KexAlgorithms=" + kex, "User=" + s.User, "BatchMode=yes",
	}
	fan := build(t, "./fan")
	ours := []string{
		fan, "-count", fmt.Sprint(targets), "-port", fmt.Sprint(s.Port), "-user", s.User, "-key", s.Key, "-known-hosts", knownFile, "-kex", kex,
	}
	pssh := []string{"parallel-ssh", "-p", "100", "-h", hostFile}
	for _, o := range options {
		pssh = append(pssh, "-O", o)
	}
	clush := []string{"clush", "-f", "100", "-w", "127.0.1.[1-100]", "-o", "-o " + strings.Join(options, " -o ")}
	cold := []figure{{name: "vmqbot, whole process"}, {name: "pssh -p100"}, {name: "clush -f100"}, {name: "ansible -f100 -m raw"}}
	inside := []figure{{name: "vmqbot, cold round inside the process"}}
	warm := []figure{{name: "vmqbot, warm round"}, {name: "ansible -f100 -m raw, ControlPersist, warm"}}
	for range rounds {
		_, took := run(t, nil, ours...)
		cold[0].ms = append(cold[0].ms, took)
		out, _ := run(t, nil, append(ours, "-again")...)
		var own struct {
			Cold float64 `json:"cold_ms"`
			Warm float64 `json:"warm_ms"`
		}
		decode(t, out, &own)
		inside[0].ms = append(inside[0].ms, own.Cold)
		warm[0].ms = append(warm[0].ms, own.Warm)
		_, took = run(t, nil, append(pssh, "true")...)
		cold[1].ms = append(cold[1].ms, took)
		_, took = run(t, nil, append(clush, "true")...)
		cold[2].ms = append(cold[2].ms, took)
		control := t.TempDir()
		ansible := func() float64 {
			_, took := run(t, ansibleEnv(options, control), "ansible", "-i", hostFile, "all", "-f", "100", "-m", "raw", "-a", "true")
			return took
		}
		cold[3].ms = append(cold[3].ms, ansible())
		warm[1].ms = append(warm[1].ms, ansible())
	}
	table(t, "Fan-out cold", append(cold, inside...))
	table(t, "Fan-out warm", warm)
}

// ansibleEnv keeps connections for a minute: the first call of a round is
// cold and the second warm.
func ansibleEnv(options []string, control string) []string {
	args := "-o ControlMaster=auto -o ControlPersist=60s"
	for _, o := range options {
		args += " -o " + o
	}
	return []string{"ANSIBLE_SSH_ARGS=" + args, "ANSIBLE_SSH_CONTROL_PATH_DIR=" + control, "ANSIBLE_HOST_KEY_CHECKING=True", "ANSIBLE_LOCALHOST_WARNING=False"}
}
