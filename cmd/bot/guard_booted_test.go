//go:build release

package main

import (
	"encoding/json"
	"strings"
	"testing"

	"vmqbot/guard"
)

// TestTheGuardUnderSystemd: a real systemd starts the guard, again when it was killed
// and when the machine was, and has nothing of it left when it is removed. There is no
// Docker in that machine, which the guard says.
func TestTheGuardUnderSystemd(t *testing.T) {
	m := boot(t)
	m.put("../../.bin/bot", "/root/bot")
	const unit = "vmqbot-guard-cn-1.service"
	config := `{"cluster":"release","region":"cn","node":"cn-1","container":"vernemq-release-cn-1","address":"10.0.0.1/24","present_ns":90000000000,"grace_ns":10000000000}`
	m.run("/root/bot", "guard", "setup", config)
	state := func() (s guard.State) {
		t.Helper()
		if err := json.Unmarshal([]byte(m.run("/usr/local/lib/vmqbot/guard-cn-1", "guard", "state", "cn-1")), &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	begun := state()
	if !begun.Runs || begun.Manager != "systemd" || begun.PID == 0 {
		t.Errorf("after its setup: %+v", begun)
	}
	if got := m.run("systemctl", "is-enabled", unit); got != "enabled" {
		t.Errorf("the unit is %s", got)
	}
	m.run("systemctl", "kill", "--signal=KILL", unit)
	m.until("systemd starts the guard that was killed", func() bool { s := state(); return s.Runs && s.PID != begun.PID })
	m.off()
	m.on()
	m.until("the guard runs after the machine's restart", func() bool { return state().Runs })
	m.run("/usr/local/lib/vmqbot/guard-cn-1", "guard", "teardown", "cn-1")
	if out, err := m.try("systemctl", "status", unit); err == nil || !strings.Contains(out, "could not be found") {
		t.Errorf("after it was removed: %v, %s", err, out)
	}
}
