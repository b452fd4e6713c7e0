package gate_test

import (
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"vmqbot/gate"
)

// doors writes the list of MQTT ports, as deploy does.
func (b *box) doors(list ...string) {
	b.t.Helper()
	var open []netip.AddrPort
	for _, d := range list {
		open = append(open, netip.MustParseAddrPort(d))
	}
	b.write("etc/"+gate.DoorsFile, gate.Doors(open), 0o644)
}

// noted has vmq-admin note what it is asked; while the file "deaf" exists its
// plugins do not answer.
func (b *box) noted() (asked func() string) {
	b.t.Helper()
	b.must(os.MkdirAll(b.path("root/bin"), 0o755))
	b.link(b.path("root/erts-10/bin/beam.smp"), b.path("root/bin/vmq-admin"))
	b.program("vmq-admin", `echo "$*" >>BOX/asked
[ "$1" != plugin ] || [ ! -e BOX/deaf ] || exit 1
exec BOX/root/bin/vmq-admin "$@"`)
	return func() string {
		text, _ := os.ReadFile(b.path("asked")) // nothing before the first one
		return string(text)
	}
}

// A port is closed until it is listed, opens when the plugins answer, also
// after a restart, and also when it is listed later.
func TestDoors(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		asked := b.noted()
		b.write("deaf", "", 0o644)
		b.doors("0.0.0.0:1883")
		b.start()
		b.attachAt(waiting)
		b.until("the broker to be up", func() bool { exit, out := b.exec("vernemq", "ping"); return exit == 0 && out == "pong\n" })
		b.until("it to be asked again", func() bool { return strings.Count(asked(), "plugin show") > 1 })
		if b.listens(1883) || b.state() != "starting starts=1 crashes=0 exit=-1 for=own" {
			t.Errorf("before its plugins answer: port open %t, %s", b.listens(1883), b.state())
		}
		b.must(os.Remove(b.path("deaf")))
		b.says(running)
		b.until("1883", func() bool { return b.listens(1883) })
		b.until("the end of that round", func() bool { return strings.Contains(b.log.String(), "open 0.0.0.0 1883") })

		b.write("deaf", "", 0o644)
		before := strings.Count(asked(), "plugin show")
		b.doors("0.0.0.0:1883", "127.0.0.1:1889", "[::1]:1900", "192.0.2.9:1901")
		b.until("it to be asked again", func() bool { return strings.Count(asked(), "plugin show") > before })
		if strings.Contains(asked(), "port=1889") {
			t.Errorf("a port was opened while the plugins do not answer:\n%s", asked())
		}
		b.must(os.Remove(b.path("deaf")))
		b.until("a port that is listed later", func() bool { return b.listens(1889) })
		b.restart()
		b.until("the ports of the restarted broker", func() bool { return b.listens(1883) && b.listens(1889) })
		for _, want := range []string{"vmqbot-gate: open 0.0.0.0 1883: Done", "vmqbot-gate: open ::1 1900: ", "vmqbot-gate: open 192.0.2.9 1901: can't start listener due to"} {
			b.until(want, func() bool { return strings.Contains(b.log.String(), want) })
		}
		if n := strings.Count(asked(), "listener start address=0.0.0.0 port=1883"); n != 2 {
			t.Errorf("1883 was opened %d times", n)
		}
	})
}

// A file that is missing, empty or full of other things opens nothing; what
// can be read of it holds.
func TestDoorsThatAreNone(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		asked := b.noted()
		b.up()
		b.write("etc/"+gate.DoorsFile, "# 0.0.0.0 1884\n\n0.0.0.0\n0.0.0.0 mqtt\n1885\n0.0.0.0 18x86\n0.0.0.0\t1887 --max_connections=7 $(reboot) --x=* --mountpoint=a/b  # the last line has no end", 0o644)
		b.until("1887", func() bool { return b.listens(1887) })
		if n := strings.Count(asked(), "listener"); n != 1 || !strings.Contains(asked(), "listener start address=0.0.0.0 port=1887 --max_connections=7 --mountpoint=a/b\n") {
			t.Errorf("asked:\n%s", asked())
		}
	})
}

// A port that somebody closed on purpose, as a node does that leaves, stays so;
// after `vmq-admin node stop` and `node start`, which forget it, it is opened.
func TestDoorsOfOthers(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.doors("0.0.0.0:1883")
		b.up()
		b.until("1883", func() bool { return b.listens(1883) })
		b.run("vmq-admin", "listener", "stop", "address=0.0.0.0", "port=1883")
		b.until("the gate to try", func() bool {
			return strings.Contains(b.log.String(), "open 0.0.0.0 1883: can't start listener due to 'already_started'")
		})
		enough := time.After(time.Second)
		b.during(func() bool { return over(enough) }, "a port that was closed stays closed", func() bool { return !b.listens(1883) })
		b.run("vmq-admin", "node", "stop")
		b.run("vmq-admin", "node", "start")
		b.until("1883", func() bool { return b.listens(1883) })
		b.says(running)
	})
}
