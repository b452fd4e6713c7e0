package commands

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// machineDir is a machine that the scripts of prepare run on: a folder, with
// programs that write down how they were called.
type machineDir struct {
	t    *testing.T
	root string
	then string // what daemon.json is to be when the change is taken back; "" is what it was
}

func newMachineDir(t *testing.T, systemd bool) machineDir {
	t.Helper()
	m := machineDir{t: t, root: t.TempDir()}
	for _, dir := range []string{"bin", "etc", "units", "cron"} {
		m.check(os.Mkdir(filepath.Join(m.root, dir), 0o755))
	}
	if systemd {
		m.check(os.Mkdir(filepath.Join(m.root, "systemd"), 0o755))
	}
	for _, name := range []string{"service", "systemctl", "systemd-run", "ip"} {
		m.put("bin/"+name, "#!/bin/sh\necho \""+name+" $*\" >>"+filepath.Join(m.root, "called")+"\n")
		m.check(os.Chmod(filepath.Join(m.root, "bin", name), 0o755))
	}
	// Time passes when the test says so, and no longer than the machine is there.
	m.put("bin/sleep", "#!/bin/sh\nPATH=/usr/bin:/bin\nwhile [ -d "+m.root+" ] && [ ! -e "+m.at("late")+" ]; do sleep 0.02; done\n")
	m.check(os.Chmod(m.at("bin/sleep"), 0o755))
	return m
}

func (m machineDir) check(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m machineDir) at(name string) string { return filepath.Join(m.root, name) }

func (m machineDir) put(name, text string) { m.check(os.WriteFile(m.at(name), []byte(text), 0o644)) }

// read is a file of the machine, "" when there is none.
func (m machineDir) read(name string) string {
	text, err := os.ReadFile(m.at(name))
	if err != nil && !os.IsNotExist(err) {
		m.t.Fatal(err)
	}
	return string(text)
}

// here makes a script look for systemd on this machine.
func (m machineDir) here(script string) string {
	return strings.NewReplacer("/run/systemd/system", m.at("systemd"), "/etc/systemd/system", m.at("units"), "/etc/cron.d", m.at("cron"), "/proc/sys/kernel/random/boot_id", m.at("boot_id"), "/var/run/docker.sock", m.at("docker.sock"), "/proc/[0-9]*/comm", m.at("comm")).Replace(script)
}

func (m machineDir) run(script string, args ...string) error {
	ctx, cancel := context.WithTimeout(m.t.Context(), 20*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, "sh", append([]string{"-c", m.here(script)}, args...)...)
	c.Env = append(os.Environ(), "PATH="+m.at("bin")+":"+os.Getenv("PATH"))
	out, err := c.CombinedOutput()
	if err != nil {
		m.t.Logf("%s", out)
	}
	return err
}

// arm arms the machine, which is to wait for so many seconds.
func (m machineDir) arm(seconds string) {
	m.t.Helper()
	m.check(m.run(armScript, m.at("keep"), m.at("etc/daemon.json"), seconds, m.here(revertScript), m.then))
}

// until waits for what the machine does by itself.
func (m machineDir) until(what string, ok func() bool) {
	m.t.Helper()
	for late := time.Now().Add(20 * time.Second); !ok(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(late) {
			m.t.Fatalf("waited 20 s until %s; called: %s", what, m.read("called"))
		}
	}
}

// anew is how Docker starts on what was put back.
const anew = "service docker stop\nservice docker start\n"

// Nobody confirms: the host puts back what was there and restarts Docker, when
// Docker was restarted.
func TestTheHostTakesAChangeBack(t *testing.T) {
	for _, c := range []struct{ before, then, want string }{
		{`{"debug": true}`, "", `{"debug": true}`},
		{`{"debug": true}`, `{"bip": "172.17.0.1/16", "debug": true}`, `{"bip": "172.17.0.1/16", "debug": true}`},
		{"", "", ""},
		{"", `{"bip": "172.17.0.1/16"}`, `{"bip": "172.17.0.1/16"}`},
	} {
		m := newMachineDir(t, false)
		m.then = c.then
		if c.before != "" {
			m.put("etc/daemon.json", c.before)
		}
		m.arm("600")
		if at, err := os.Stat(m.at("keep")); err != nil || at.Mode().Perm() != 0o755 { // or only root would see that something waits
			t.Errorf("the folder is %v, %v", at, err)
		}
		m.check(m.run(confScript, `{"bip": "172.26.0.1/16"}`, m.at("etc/daemon.json")))
		m.check(m.run(restartScript, m.at("keep")))
		if got := m.read("etc/daemon.json"); got != `{"bip": "172.26.0.1/16"}` || m.read("called") != "service docker restart\n" {
			t.Fatalf("%q, called %q", got, m.read("called"))
		}
		m.put("late", "")
		m.until("Docker is restarted again", func() bool { return m.read("called") == "service docker restart\n"+anew })
		if got := m.read("etc/daemon.json"); got != c.want || m.read("keep/armed") != "" { // both before Docker restarts
			t.Errorf("put back: %q, want %q", got, c.want)
		}
	}
}

// boot is a reboot: timers are gone, and what lies in the places of boot is run, as
// systemd and cron do.
func (m machineDir) boot() {
	m.t.Helper()
	m.put("called", "")
	m.put("boot_id", m.read("boot_id")+"again\n")
	unit, cron := m.read("units/vmqbot-revert-boot.service"), m.read("cron/vmqbot-revert")
	line := ""
	for text := range strings.Lines(unit) {
		if when, found := strings.CutPrefix(strings.TrimSpace(text), "ConditionPathExists="); found {
			if _, err := os.Stat(when); err != nil {
				return
			}
		}
		if what, found := strings.CutPrefix(strings.TrimSpace(text), "ExecStart="); found {
			line = what
		}
	}
	if cron != "" {
		line = strings.TrimPrefix(strings.TrimSpace(cron), "@reboot root ")
	}
	if line != "" {
		m.check(m.run(line))
	}
}

// No timer outlives a reboot: the host comes up as it was before the change, with
// Docker on the old file, whether Docker had been restarted or not. What was
// confirmed, or taken back, stays so.
func TestAHostThatRebootsTakesAChangeBack(t *testing.T) {
	for _, systemd := range []bool{false, true} {
		for _, restarted := range []bool{false, true} {
			m := newMachineDir(t, systemd)
			m.put("etc/daemon.json", "old")
			m.arm("600")
			m.boot() // before anything was written
			if m.read("etc/daemon.json") != "old" || m.read("keep/armed") != "" {
				t.Errorf("systemd %v, before the change: %q, armed %q", systemd, m.read("etc/daemon.json"), m.read("keep/armed"))
			}
			m.arm("600")
			m.check(m.run(confScript, "new", m.at("etc/daemon.json")))
			if restarted {
				m.check(m.run(restartScript, m.at("keep")))
			}
			m.boot()
			want := map[bool]string{true: "", false: anew}[systemd] // Docker starts after the unit, and may have started before cron
			if m.read("etc/daemon.json") != "old" || m.read("keep/armed") != "" || m.read("called") != want {
				t.Errorf("systemd %v, restarted %v: %q, armed %q, called %q", systemd, restarted, m.read("etc/daemon.json"), m.read("keep/armed"), m.read("called"))
			}
			m.boot() // and once only
			if m.read("called") != "" {
				t.Errorf("systemd %v: called again: %q", systemd, m.read("called"))
			}
			m.arm("600")
			m.put("etc/daemon.json", "newer")
			m.check(m.run(disarmScript, m.at("keep")))
			m.boot()
			if m.read("etc/daemon.json") != "newer" || m.read("units/vmqbot-revert-boot.service")+m.read("cron/vmqbot-revert") != "" {
				t.Errorf("systemd %v: what was confirmed was taken back, or its unit stays: %q", systemd, m.read("etc/daemon.json"))
			}
		}
	}
}

// A bot that takes the change back after a reboot has Docker restarted, which read
// the new file at the boot, whoever restarted it.
func TestTakingBackAfterAReboot(t *testing.T) {
	m := newMachineDir(t, false)
	m.check(os.Remove(m.at("cron"))) // a host without cron
	m.put("etc/daemon.json", "old")
	m.arm("600")
	m.check(m.run(confScript, "new", m.at("etc/daemon.json")))
	m.boot()
	m.check(m.run(takeBack, m.at("keep"), m.at("etc/daemon.json")))
	if m.read("etc/daemon.json") != "old" || m.read("called") != anew {
		t.Errorf("%q, called %q", m.read("etc/daemon.json"), m.read("called"))
	}
}

// What was confirmed stays, and an older timer that ends later touches nothing.
func TestAConfirmedChangeStays(t *testing.T) {
	m := newMachineDir(t, false)
	m.put("etc/daemon.json", "{}")
	m.arm("600")
	m.check(m.run(disarmScript, m.at("keep")))
	m.put("etc/daemon.json", `{"bip": "a"}`)
	m.arm("600")
	old := m.read("keep/armed")
	m.check(m.run(revertScript+"\n", "sh", m.at("keep"), m.at("etc/daemon.json"), "1.1"))
	if m.read("keep/armed") != old || m.read("etc/daemon.json") != `{"bip": "a"}` {
		t.Error("a timer of another change took this one back")
	}
	m.check(m.run(takeBack, m.at("keep"), m.at("etc/daemon.json")))
	if m.read("keep/armed") != "" || m.read("called") != "systemctl stop vmqbot-revert.timer\n" {
		t.Errorf("taken back by the bot: armed %q, called %q (Docker had not been restarted)", m.read("keep/armed"), m.read("called"))
	}
	m.check(m.run(takeBack, m.at("keep"), m.at("etc/daemon.json"))) // twice is fine
}

// A change that nobody confirmed is not what a later one goes back to.
func TestTheFirstStateIsKept(t *testing.T) {
	m := newMachineDir(t, false)
	m.put("etc/daemon.json", "first")
	m.arm("600")
	m.put("etc/daemon.json", "second")
	m.arm("600")
	m.put("etc/daemon.json", "third")
	m.check(m.run(takeBack, m.at("keep"), m.at("etc/daemon.json")))
	if got := m.read("etc/daemon.json"); got != "first" {
		t.Errorf("got %q", got)
	}
}

func TestUnderSystemd(t *testing.T) {
	m := newMachineDir(t, true)
	m.put("etc/daemon.json", "{}")
	m.arm("600")
	m.check(m.run(restartScript, m.at("keep")))
	m.check(m.run(takeBack, m.at("keep"), m.at("etc/daemon.json")))
	called := m.read("called")
	for _, want := range []string{"systemctl daemon-reload\nsystemctl enable vmqbot-revert-boot.service\n", "systemd-run --unit=vmqbot-revert --on-active=600 sh " + m.at("keep/revert.sh"), "systemctl restart docker\nsystemctl stop docker.socket docker\nsystemctl start docker\n"} {
		if !strings.Contains(called, want) {
			t.Errorf("called\n%s\nwant %s", called, want)
		}
	}
	if strings.Contains(called, "service docker") {
		t.Errorf("called\n%s", called)
	}
}

// What dockerd finds wrong is not taken, and undoing that changes nothing.
func TestAFileThatDockerRefuses(t *testing.T) {
	for _, verdict := range []string{"0", "1"} {
		m := newMachineDir(t, false)
		m.put("etc/daemon.json", "old")
		m.put("bin/dockerd", "#!/bin/sh\ncase $1 in --help) echo '      --validate   Validate';; *) exit "+verdict+";; esac\n")
		m.check(os.Chmod(m.at("bin/dockerd"), 0o755))
		err := m.run(confScript, "new", m.at("etc/daemon.json"))
		got := m.read("etc/daemon.json")
		m.check(m.run(unplaceScript, m.at("etc/daemon.json")))
		if back := m.read("etc/daemon.json"); (err == nil) != (verdict == "0") || (got == "new") != (verdict == "0") || back != "old" {
			t.Errorf("dockerd says %s: %v, %q, and after undoing %q", verdict, err, got, back)
		}
	}
}

// A script where none was goes away again; one that was there comes back.
func TestPlacingAScript(t *testing.T) {
	for _, before := range []string{"", "an older one"} {
		m := newMachineDir(t, false)
		m.put("shipped", "weave")
		if before != "" {
			m.check(os.Mkdir(m.at("sbin"), 0o755))
			m.put("sbin/weave", before)
		}
		m.check(m.run(placeScript, m.at("shipped"), m.at("sbin/weave")))
		info, err := os.Stat(m.at("sbin/weave"))
		m.check(err)
		if m.read("sbin/weave") != "weave" || info.Mode().Perm() != 0o755 || m.read("shipped") != "" {
			t.Errorf("%q %s", m.read("sbin/weave"), info.Mode())
		}
		m.check(m.run(unplaceScript, m.at("sbin/weave")))
		if m.read("sbin/weave") != before {
			t.Errorf("undone: %q, want %q", m.read("sbin/weave"), before)
		}
	}
}

// TestADockerThatStillStarts is not stopped before its start is over: it would make a
// folder of its socket. Where one has, the folder goes, and Docker starts.
func TestADockerThatStillStarts(t *testing.T) {
	m := newMachineDir(t, false)
	m.put("bin/sleep", strings.Replace(m.read("bin/sleep"), "\n", "\n[ $1 != 1 ] || exit 0\n", 1)) // the script's second is over at once
	m.put("bin/docker", "#!/bin/sh\necho docker $* >>"+m.at("called")+"\n[ $(grep -c '^docker' "+m.at("called")+") -ge 3 ]\n")
	m.check(os.Chmod(m.at("bin/docker"), 0o755))
	m.put("etc/daemon.json", `{"bip": "172.20.0.1/16"}`)
	m.put("comm", "sh\ndockerd\n")
	m.check(os.Mkdir(m.at("docker.sock"), 0o755))
	m.arm("600")
	m.check(m.run(restartScript, m.at("keep")))
	m.check(m.run(takeBack, m.at("keep"), m.at("etc/daemon.json")))
	want := "service docker restart\n" + strings.Repeat("docker version\n", 3) + "service docker stop\nservice docker start\n"
	if called := m.read("called"); called != want {
		t.Errorf("called: %s", called)
	}
	if _, err := os.Stat(m.at("docker.sock")); !os.IsNotExist(err) {
		t.Errorf("the folder in the socket's place: %v", err)
	}

	// One that does not live is not waited for.
	m.put("called", "")
	m.put("comm", "sh\n")
	m.arm("600")
	m.check(m.run(restartScript, m.at("keep")))
	m.check(m.run(takeBack, m.at("keep"), m.at("etc/daemon.json")))
	if called := m.read("called"); called != "service docker restart\nservice docker stop\nservice docker start\n" {
		t.Errorf("called: %s", called)
	}
}
