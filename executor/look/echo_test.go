package look

import (
	"testing"
	"time"

	"vmqbot/facts"
)

func TestReadEcho(t *testing.T) {
	us := func(n int) time.Duration { return time.Duration(n) * time.Microsecond }
	for _, c := range []struct {
		tool, out string
		want      facts.Echo
		ok        bool
	}{
		{"iputils", "PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.\n64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.194 ms\n\n--- 127.0.0.1 ping statistics ---\n3 packets transmitted, 3 received, 0% packet loss, time 406ms\nrtt min/avg/max/mdev = 0.020/0.084/0.194/0.077 ms\n",
			facts.Echo{Sent: 3, Received: 3, Min: us(20), Avg: us(84), Max: us(194)}, true},
		{"iputils, nothing came back", "PING 192.0.2.77 (192.0.2.77) 56(84) bytes of data.\n\n--- 192.0.2.77 ping statistics ---\n3 packets transmitted, 0 received, 100% packet loss, time 408ms\n\n",
			facts.Echo{Sent: 3}, true},
		{"iputils, unreachable", "PING 203.0.113.1 (203.0.113.1) 56(84) bytes of data.\nFrom 198.51.100.93 icmp_seq=1 Destination Port Unreachable\n\n--- 203.0.113.1 ping statistics ---\n2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 201ms\n",
			facts.Echo{Sent: 2}, true},
		{"busybox", "PING 127.0.0.1 (127.0.0.1): 56 data bytes\n64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.277 ms\n\n--- 127.0.0.1 ping statistics ---\n3 packets transmitted, 3 packets received, 0% packet loss\nround-trip min/avg/max = 0.075/0.142/200.277 ms\n",
			facts.Echo{Sent: 3, Received: 3, Min: us(75), Avg: us(142), Max: us(200277)}, true},
		{"busybox, nothing came back", "PING 192.0.2.77 (192.0.2.77): 56 data bytes\n\n--- 192.0.2.77 ping statistics ---\n3 packets transmitted, 0 packets received, 100% packet loss\n",
			facts.Echo{Sent: 3}, true},
		{"iputils, too long for the way", "PING 10.0.0.2 (10.0.0.2) 1400(1428) bytes of data.\nping: local error: message too long, mtu=1376\nping: local error: message too long, mtu=1376\n\n--- 10.0.0.2 ping statistics ---\n3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 402ms\n\n",
			facts.Echo{Sent: 3, TooLong: 1376}, true},
		{"iputils, a router says so", "PING 192.0.2.1 (192.0.2.1) 1472(1500) bytes of data. From 198.51.100.1 icmp_seq=1 Frag needed and DF set (mtu = 1400) --- 192.0.2.1 ping statistics --- 3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 402ms",
			facts.Echo{Sent: 3, TooLong: 1400}, true},
		{"cut before the times", "3 packets transmitted, 3 received, 0% packet loss, time 406ms\n", facts.Echo{}, false},
		{"no ping", "OCI runtime exec failed: exec failed: unable to start container process: exec: \"ping\": executable file not found in $PATH: unknown\r\n", facts.Echo{}, false},
		{"not permitted", "ping: socket: Operation not permitted\n", facts.Echo{}, false},
	} {
		if got, ok := readEcho(c.out); ok != c.ok || got != c.want {
			t.Errorf("%s: %+v %v", c.tool, got, ok)
		}
	}
}
