package tools_test

import (
	"bytes"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
	"vmqbot/sim/tools"
)

// pair is a machine and a container on it, and another container far away.
type pair struct {
	t         *testing.T
	m         *kernel.Machine
	near, far *fabric.Space
	mu        sync.Mutex
	way       fabric.Way // from near to far and back
}

func newPair(t *testing.T) *pair {
	t.Helper()
	f := fabric.New()
	p := &pair{t: t, near: f.Space("near"), far: f.Space("far"), way: fabric.Way{Open: true, Delay: time.Millisecond}}
	seg := f.Segment("weave", func(_, _ *fabric.Space) fabric.Way {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.way
	})
	p.near.Plug("ethwe", seg, netip.MustParsePrefix("10.32.1.1/24"))
	p.far.Plug("ethwe", seg, netip.MustParsePrefix("10.32.1.2/24"))
	p.m = kernel.Boot("sa-1", f.Space("sa-1"), &kernel.Root{Dir: t.TempDir(), Programs: tools.Programs()})
	t.Cleanup(p.m.Halt)
	return p
}

// run runs a program in the near container's network, or on the host.
func (p *pair) run(net *fabric.Space, argv ...string) (stdout, stderr string, exit int) {
	p.t.Helper()
	var out, said bytes.Buffer
	proc, err := p.m.Start(kernel.Spec{Argv: argv, Net: net, FDs: map[int]*kernel.FD{0: kernel.Null(), 1: kernel.Output(&out), 2: kernel.Output(&said)}})
	if err != nil {
		p.t.Fatal(err)
	}
	exit = proc.Wait()
	return out.String(), said.String(), exit
}

func TestAnInterfaceIsTakenAway(t *testing.T) {
	p := newPair(t)
	for _, row := range []struct {
		words []string
		said  string
		exit  int
	}{
		{[]string{"ip", "link", "delete", "docker0"}, "Cannot find device \"docker0\"\n", 1},
		{[]string{"ip", "link", "del", "ethwe"}, "", 0},
		{[]string{"ip", "link", "del", "ethwe"}, "Cannot find device \"ethwe\"\n", 1},
	} {
		if _, said, exit := p.run(p.near, row.words...); said != row.said || exit != row.exit {
			t.Errorf("%v: exit %d, %q", row.words, exit, said)
		}
	}
	if p.near.Has(netip.MustParseAddr("10.32.1.1")) {
		t.Error("its address is still there")
	}
}

// test and [ are programs too, for whoever runs them without a shell.
func TestTestIsAProgram(t *testing.T) {
	p := newPair(t)
	for _, row := range []struct {
		words []string
		exit  int
	}{
		{[]string{"test", "-d", "/"}, 0},
		{[]string{"test", "-e", "/nothing of that name"}, 1},
		{[]string{"test", "a b", "=", "a b"}, 0},
		{[]string{"[", "-n", "", "]"}, 1},
	} {
		if _, said, exit := p.run(nil, row.words...); exit != row.exit {
			t.Errorf("%q: exit %d, %s", row.words, exit, said)
		}
	}
}

// TestPing holds ping against samples/weave-2.8.1/ping-*.
func TestPing(t *testing.T) {
	p := newPair(t)
	out, said, exit := p.run(p.near, "ping", "-c", "3", "-W", "1", "-i", "0.01", "10.32.1.2")
	want := `^PING 10\.32\.1\.2 \(10\.32\.1\.2\) 56\(84\) bytes of data\.
64 bytes from 10\.32\.1\.2: icmp_seq=1 ttl=64 time=[0-9.]+ ms
64 bytes from 10\.32\.1\.2: icmp_seq=2 ttl=64 time=[0-9.]+ ms
64 bytes from 10\.32\.1\.2: icmp_seq=3 ttl=64 time=[0-9.]+ ms

--- 10\.32\.1\.2 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time \d+ms
rtt min/avg/max/mdev = \d+\.\d{3}/\d+\.\d{3}/\d+\.\d{3}/\d+\.\d{3} ms
$`
	if exit != 0 || said != "" || !regexp.MustCompile(want).MatchString(out) {
		t.Errorf("exit %d, %s:\n%s", exit, said, out)
	}
	p.mu.Lock()
	p.way.Open = false
	p.mu.Unlock()
	out, _, exit = p.run(p.near, "ping", "-c", "2", "-W", "0.01", "-i", "0.01", "10.32.1.2")
	want = `^PING 10\.32\.1\.2 \(10\.32\.1\.2\) 56\(84\) bytes of data\.

--- 10\.32\.1\.2 ping statistics ---
2 packets transmitted, 0 received, 100% packet loss, time \d+ms

$`
	if exit != 1 || !regexp.MustCompile(want).MatchString(out) {
		t.Errorf("exit %d:\n%s", exit, out)
	}
	if _, said, exit = p.run(p.near, "ping", "-c", "1", "192.0.2.1"); exit != 2 || said != "ping: connect: Network is unreachable\n" {
		t.Errorf("exit %d, %s", exit, said)
	}
	if out, _, exit = p.run(p.near, "ping", "-c", "1", "-W", "0.01", "10.32.1.9"); exit != 1 || !strings.Contains(out, "From 10.32.1.1 icmp_seq=1 Destination Host Unreachable\n") || !strings.Contains(out, "1 packets transmitted, 0 received, +1 errors, 100% packet loss, time ") {
		t.Errorf("exit %d:\n%s", exit, out)
	}
	if _, said, _ = p.run(p.near, "ping", "-c", "1", "-W", "0.01", "-M", "do", "-s", "9000", "10.32.1.2"); said != "ping: local error: message too long, mtu=1500\n" {
		t.Error(said)
	}
}

func TestNsenter(t *testing.T) {
	p := newPair(t)
	inside, err := p.m.Start(kernel.Spec{Argv: []string{"sleep", "1000"}, Net: p.near, PIDs: p.m.Container()})
	if err != nil {
		t.Fatal(err)
	}
	pid := "sh -c 'exit 0'; nsenter -t " + strconv.Itoa(inside.PID) + " "
	out, said, exit := p.run(nil, "sh", "-c", pid+"-n ip -br addr; "+pid+"-n ip route; "+pid+"-n -p ps -eo pid,args; ip -br addr; nsenter -t 99999 -n true")
	want := "lo               UNKNOWN        127.0.0.1/8 \nethwe            UP             10.32.1.1/24 \n10.32.1.0/24 dev ethwe proto kernel scope link src 10.32.1.1 \n" +
		"    PID COMMAND\n      1 sleep 1000\n      2 ps -eo pid,args\nlo               UNKNOWN        127.0.0.1/8 \n"
	if exit != 1 || out != want || said != "nsenter: cannot open /proc/99999/ns/net: No such file or directory\n" {
		t.Errorf("exit %d, %s:\n%s\nwant\n%s", exit, said, out, want)
	}
	if out, _, _ := p.run(nil, "nsenter", "-t", strconv.Itoa(inside.PID), "-n", "ping", "-c", "1", "10.32.1.2"); !strings.Contains(out, "1 received") {
		t.Error(out)
	}
}

func TestEveryProgramTakesNonsense(t *testing.T) {
	p := newPair(t)
	for name := range tools.Programs() {
		for _, args := range [][]string{nil, {"--nonsense"}, {"-?"}, {""}, {"/nope", "/nope"}, {"-n"}, {"-c"}, {"-t"}} {
			done := make(chan struct{})
			go func() {
				defer close(done)
				p.run(nil, append([]string{"timeout", "-s", "KILL", "5", name}, args...)...)
			}()
			select {
			case <-done:
			case <-time.After(20 * time.Second):
				t.Fatalf("%s %q does not end", name, args)
			}
		}
	}
}

func TestPs(t *testing.T) {
	p := newPair(t)
	// A child is its shell until it runs a program of its own.
	const wait = "until ps -eo args | grep -qx 'sleep 1000'; do sleep 0.01; done; "
	out, _, exit := p.run(nil, "sh", "-c", "sleep 1000 & "+wait+"ps -eo pid,args; ps -o pid= -p $$; ps -p 99999 -o pid=; echo $?; kill $!")
	if want := `^ +PID COMMAND\n +\d+ sh -c .*\n +\d+ sleep 1000\n +\d+ ps -eo pid,args\n +\d+\n1\n$`; exit != 0 || !regexp.MustCompile(want).MatchString(out) {
		t.Errorf("exit %d:\n%s", exit, out)
	}
}
