package gate_test

import (
	"fmt"
	"maps"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vmqbot/gate"
)

// The container is made with these, so they say nothing that changes without
// need, and nothing of this machine.
func TestArgv(t *testing.T) {
	entry := gate.Entrypoint()
	if len(entry) != 4 || entry[0] != "sh" || entry[1] != "-c" || entry[3] != "vmqbot-gate" {
		t.Fatalf("entrypoint %q", entry)
	}
	health := gate.Health()
	if len(health) != 4 || !slices.Equal(health[:3], []string{"CMD", "sh", "-c"}) {
		t.Fatalf("health %q", health)
	}
	for _, text := range []string{entry[2], health[3]} {
		for line := range strings.Lines(text) {
			if strings.Contains(line, " # ") || strings.HasPrefix(line, "#") || strings.TrimSpace(line) != strings.TrimSuffix(line, "\n") || line == "\n" {
				t.Errorf("a comment or an indent is left: %q", line)
			}
		}
	}
	if got := gate.Env(netip.MustParseAddr("::ffff:10.0.0.1")); !slices.Equal(got, []string{"VMQBOT_ADDRESS=10.0.0.1", "VMQBOT_BROKER=vernemq"}) {
		t.Errorf("env %q", got)
	}
	if hold, release := gate.HoldArgv()[2], gate.ReleaseArgv()[2]; hold != `: >"${VMQBOT_HOLD:-/dev/shm/vmqbot-hold}"` || release != `rm -f "${VMQBOT_HOLD:-/dev/shm/vmqbot-hold}"` {
		t.Errorf("hold %q, release %q", hold, release)
	}
}

// ask runs some words of shell after the functions of the gate, in one shell.
func ask(t *testing.T, shell, words string, env ...string) string {
	t.Helper()
	var text string
	for _, name := range []string{"look.sh", "gate.sh"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text += string(b)
	}
	functions, _, found := strings.Cut(text, "trap 'term=1'")
	if !found {
		t.Fatal("the gate does not start where it did")
	}
	argv := []string{tool(t, shells[shell][0]), "-c", functions + words}
	if shell == "busybox" {
		argv = slices.Insert(argv, 1, "sh")
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(env, "PATH="+os.Getenv("PATH"), "VMQBOT_ADDRESS=10.0.0.1", "VMQBOT_STATE="+filepath.Join(t.TempDir(), "state"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v %s", shell, err, out)
	}
	return strings.TrimSpace(string(out))
}

func eachShell(t *testing.T, do func(t *testing.T, shell string)) {
	t.Parallel()
	for _, shell := range slices.Sorted(maps.Keys(shells)) {
		t.Run(shell, func(t *testing.T) { t.Parallel(); do(t, shell) })
	}
}

// The pause after an end doubles to half a minute.
func TestPauses(t *testing.T) {
	eachShell(t, func(t *testing.T, shell string) {
		want := "1 2 4 8 16 30 30 30"
		got := ask(t, shell, `for i in 1 2 3 4 5 6 7 8; do mourn; said="$said $delay"; [ $((due - now)) = ${delay}00 ] || echo wrong; done; echo $said`)
		if got != want {
			t.Errorf("pauses %q", got)
		}
		if got := ask(t, shell, "crashes=1000000; mourn; echo $delay"); got != "30" {
			t.Errorf("the millionth pause is %q", got)
		}
	})
}

// table is the head of /proc/net/tcp; the listening sockets come first.
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:22B8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0000 100 0 0 10 0
   1: 0100007F:0761 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0000 100 0 0 10 0
   2: 020011AC:075B 010011AC:9C40 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0000 20 4 30 10 -1
   3: 00000000:076C 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4 1 0000 100 0 0 10 0
`

// Only a listening socket makes a port open; clients are not read through.
func TestListens(t *testing.T) {
	eachShell(t, func(t *testing.T, shell string) {
		file := filepath.Join(t.TempDir(), "tcp")
		if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
			t.Fatal(err)
		}
		for port, want := range map[string]string{
			"1889": "yes", "8888": "yes",
			"1883":  "no", // a client that stays on a port that was closed
			"1900":  "no", // never there in truth
			"40000": "no", "889": "no",
		} {
			for _, files := range []string{file, "/nowhere " + file, file + " /nowhere"} {
				if got := ask(t, shell, "if listens "+port+"; then echo yes; else echo no; fi", "VMQBOT_SOCKETS="+files); got != want {
					t.Errorf("%s listens: %s, want %s", port, got, want)
				}
			}
		}
	})
}

// fib is /proc/net/fib_trie with one more leaf.
const fib = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.0.0.0/24 2 0 2
        |-- 10.0.0.0
           /24 link UNICAST
%s        |-- 10.0.0.255
           /32 link BROADCAST
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
`

// Only an address of this namespace counts.
func TestAttached(t *testing.T) {
	eachShell(t, func(t *testing.T, shell string) {
		for leaf, want := range map[string]string{
			"        |-- 10.0.0.1\n           /32 host LOCAL\n":                              "yes",
			"        |-- 10.0.0.1\n           /24 link UNICAST\n           /32 host LOCAL\n": "yes",
			"        |-- 10.0.0.1\n           /32 link UNICAST\n":                            "no", // a route to another host
			"        |-- 10.0.0.1\n           /32 link BROADCAST\n":                          "no",
			"        |-- 10.0.0.1\n        |-- 10.0.0.2\n           /32 host LOCAL\n":        "no",
			"        |-- 10.0.0.10\n           /32 host LOCAL\n":                             "no",
			"        |-- 110.0.0.1\n           /32 host LOCAL\n":                             "no",
			"        |-- 10.0.0.1.1\n           /32 host LOCAL\n":                            "no",
			"        |-- 10x0x0x1\n           /32 host LOCAL\n":                              "no",
			"        |-- 10.0.0.1\n           /16 host LOCAL\n":                              "no",
			"": "no",
		} {
			file := filepath.Join(t.TempDir(), "fib_trie")
			if err := os.WriteFile(file, fmt.Appendf(nil, fib, leaf), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := ask(t, shell, "if attached; then echo yes; else echo no; fi", "VMQBOT_FIB="+file); got != want {
				t.Errorf("attached: %s, want %s, with\n%s", got, want, leaf)
			}
		}
		if got := ask(t, shell, "if attached; then echo yes; else echo no; fi", "VMQBOT_FIB=/nowhere"); got != "no" {
			t.Errorf("without a table: %q", got)
		}
	})
}
