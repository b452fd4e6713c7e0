package source

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/docker/go-units"

	"vmqbot/speech"
)

var (
	here  = &net.TCPAddr{IP: net.IPv4(10, 0, 0, 9), Port: 40000}
	there = &net.TCPAddr{IP: net.IPv4(203, 0, 113, 10), Port: 22}
)

// sys is a failed call of the kernel on a connection, as the library says it.
func sys(op, call string, why syscall.Errno) error {
	e := &net.OpError{Op: op, Net: "tcp", Addr: there, Err: os.NewSyscallError(call, why)}
	if op == "read" || op == "write" {
		e.Source = here
	}
	return e
}

// failures are what Go's libraries say, made by them.
func failures() []error {
	lookup := func(e net.DNSError) error {
		e.Name = "eu.example.net"
		return &net.OpError{Op: "dial", Net: "tcp", Err: &e}
	}
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	_, never := (&net.Dialer{}).DialContext(canceled, "tcp", there.String())
	timeout := &net.OpError{Op: "dial", Net: "tcp", Addr: there, Err: os.ErrDeadlineExceeded}
	return []error{
		sys("dial", "connect", syscall.ECONNREFUSED), sys("dial", "connect", syscall.EHOSTUNREACH), sys("dial", "connect", syscall.ENETUNREACH), sys("dial", "connect", syscall.ETIMEDOUT),
		sys("dial", "connect", syscall.EHOSTDOWN), sys("dial", "connect", syscall.EADDRNOTAVAIL), sys("listen", "bind", syscall.EADDRINUSE),
		sys("read", "read", syscall.ECONNRESET), sys("write", "write", syscall.EPIPE), sys("write", "write", syscall.ETIMEDOUT),
		timeout, &net.OpError{Op: "read", Net: "tcp", Source: here, Addr: there, Err: net.ErrClosed}, &net.OpError{Op: "dial", Net: "tcp", Addr: there, Err: context.Canceled}, never,
		&net.OpError{Op: "dial", Net: "unix", Addr: &net.UnixAddr{Name: "/var/run/docker.sock", Net: "unix"}, Err: os.NewSyscallError("connect", syscall.EACCES)},
		lookup(net.DNSError{Err: "no such host"}), lookup(net.DNSError{Err: "no such host", Server: "10.0.0.2:53"}), lookup(net.DNSError{Err: "read udp 10.0.0.9:40000->10.0.0.2:53: i/o timeout", Server: "10.0.0.2:53"}), lookup(net.DNSError{Err: "server misbehaving", Server: "10.0.0.2:53"}),
		&url.Error{Op: "Get", URL: "http://203.0.113.10/x", Err: timeout}, &url.Error{Op: "Post", URL: "http://203.0.113.10/x", Err: context.DeadlineExceeded},
		&fs.PathError{Op: "open", Path: "/etc/vmqbot/fleet.yaml", Err: syscall.ENOENT}, &fs.PathError{Op: "open", Path: "/data/x", Err: syscall.ENOSPC},
		&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, x509.CertificateInvalidError{Reason: x509.Expired, Detail: "current time 2026-11-30T13:00:00Z is after 2026-01-01T00:00:00Z"},
		x509.CertificateInvalidError{Reason: x509.Expired, Detail: "current time 2026-11-30T13:00:00Z is before 2027-01-01T00:00:00Z"},
		fmt.Errorf("ssh: handshake failed: %w", io.ErrUnexpectedEOF), errors.New("ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain"),
	}
}

// TestWhatLibrariesSay: what the network did is said whole, and the address stays.
func TestWhatLibrariesSay(t *testing.T) {
	zh := speech.In("zh")
	for _, err := range failures() {
		for _, frame := range []string{"%s", "ssh to cn-1: %s", "The fleet file cannot be read: %s."} {
			english := fmt.Sprintf(frame, err)
			said := zh.Line(english)
			// Authentication's methods are names.
			if left := strays(speech.Left(said), []string{"cn-1", "none", "publickey"}); len(left) > 0 {
				t.Errorf("%q leaves %q: %s", english, left, said)
			}
			for _, kept := range []string{"203.0.113.10:22", "eu.example.net", "10.0.0.2:53", "/var/run/docker.sock", "/etc/vmqbot/fleet.yaml", "http://203.0.113.10/x"} {
				if strings.Contains(english, kept) && !strings.Contains(said, kept) {
					t.Errorf("%q lost %s: %s", english, kept, said)
				}
			}
		}
	}
	for english, want := range map[string]string{
		"ssh to cn-1: dial tcp 203.0.113.10:22: i/o timeout":                       "ssh 到 cn-1：TCP 连接 203.0.113.10:22：超时",
		"dial tcp 203.0.113.10:22: connect: connection refused":                    "TCP 连接 203.0.113.10:22：连接被拒绝",
		"dial tcp 203.0.113.10:22: connect: no route to host":                      "TCP 连接 203.0.113.10:22：没有到该主机的路由",
		"dial tcp: lookup eu.example.net on 10.0.0.2:53: no such host":             "TCP 连接：解析域名 eu.example.net（域名服务器 10.0.0.2:53）：没有这个主机名",
		"read tcp 10.0.0.9:40000->203.0.113.10:22: read: connection reset by peer": "读取 TCP 10.0.0.9:40000->203.0.113.10:22：连接被对方重置",
		"dial unix /var/run/docker.sock: connect: permission denied":               "连接套接字 /var/run/docker.sock：权限不足",
		"Get \"http://203.0.113.10/x\": dial tcp 203.0.113.10:22: i/o timeout":     "GET \"http://203.0.113.10/x\"：TCP 连接 203.0.113.10:22：超时",
	} {
		if got := zh.Line(english); got != want {
			t.Errorf("%q is said %q, want %q", english, got, want)
		}
	}
}

// TestWhatDockerSays: its states are said whole.
func TestWhatDockerSays(t *testing.T) {
	zh := speech.In("zh")
	for _, english := range dockersWords() {
		if said := zh.Text("  " + english + "  "); len(speech.Left(said)) > 0 || strings.Contains(said, "Up") {
			t.Errorf("%q leaves %q: %s", english, speech.Left(said), said)
		}
	}
}

// dockersWords are its states, with every length of time that its library has.
func dockersWords() []string {
	all := []string{"Created"}
	for _, d := range []time.Duration{0, time.Second, 5 * time.Second, time.Minute, 5 * time.Minute, time.Hour, 5 * time.Hour, 72 * time.Hour, 20 * 24 * time.Hour, 100 * 24 * time.Hour, 1000 * 24 * time.Hour} {
		ago := units.HumanDuration(d)
		all = append(all, "Up "+ago, "Up "+ago+" (healthy)", "Up "+ago+" (unhealthy)", "Up "+ago+" (health: starting)", "Up "+ago+" (Paused)", "Exited (137) "+ago+" ago", "Restarting (1) "+ago+" ago")
	}
	return all
}

// TestEveryOtherIsSaid: each form of Others stands in something that a library says.
func TestEveryOtherIsSaid(t *testing.T) {
	var all []string
	for _, err := range failures() {
		all = append(all, err.Error())
	}
	all = append(all, dockersWords()...)
	for _, form := range Others {
		re := regexp.MustCompile(strings.NewReplacer(`%s`, `.+`, `%d`, `[0-9]+`, `%q`, `".+"`).Replace(regexp.QuoteMeta(form)))
		if !slices.ContainsFunc(all, re.MatchString) {
			t.Errorf("no library says %q here", form)
		}
	}
}
