package alerts_test

import (
	"strings"
	"testing"
	"time"

	"vmqbot/alerts"
)

// groups are the messages that were posted, in their order.
func (p *play) groups() string {
	var all []string
	for _, line := range p.log {
		if f := strings.Fields(line); f[1] == string(alerts.Post) {
			all = append(all, strings.TrimSuffix(f[2], "/1"))
		}
	}
	return strings.Join(all, " ")
}

// TestTheSilentColumnIsToldOnce: all messages into cn are lost, which is seen after
// three looks, because a port is not bound, which is only sure after five.
func TestTheSilentColumnIsToldOnce(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["port"] = "off"
	p.run(10*time.Minute, func(at time.Duration) []string {
		if at < 30*time.Second {
			return nil
		}
		return []string{"port cn-1 bad", "mqtt cn-1 sg-1 bad", "mqtt cn-1 us-1 bad", "mqtt cn-1 eu-1 bad", "mqtt sg-1 us-1 ok", "mqtt sg-1 eu-1 ok", "mqtt us-1 eu-1 ok"}
	})
	if !p.phase("isolated/cn/cn-1").Live() || p.groups() != "port/cn" {
		t.Errorf("told %q\n%s", p.groups(), strings.Join(p.log, "\n"))
	}
}

// TestASuspicionThatWasNoneHidesNothing for longer than it lasts.
func TestASuspicionThatWasNoneHidesNothing(t *testing.T) {
	p := newPlay(t)
	p.run(2*time.Minute, func(at time.Duration) []string {
		port := map[bool]string{true: "port cn-1 bad", false: "port cn-1 ok"}[at < 12*time.Second]
		return []string{port, "mqtt cn-1 sg-1 bad"}
	})
	if p.groups() != "mqtt/cn" {
		t.Errorf("told %q\n%s", p.groups(), strings.Join(p.log, "\n"))
	}
}

// TestWhatABrokerThrowsAwayIsToldUnderItsCause at another node, also for the minutes
// for which the counter is told after that is over; by itself when there is none.
func TestWhatABrokerThrowsAwayIsToldUnderItsCause(t *testing.T) {
	for _, c := range []struct {
		name, cause, want string
		until             time.Duration // from when on nothing more is thrown away
	}{
		{"an address is lost elsewhere", "ip cn-1 bad", "ip/cn", 9 * time.Minute},
		{"nothing else is wrong", "ip cn-1 ok", "dropped/us", 9 * time.Minute},
		{"only a warning elsewhere", "clock cn-1 bad", "dropped/us clock/cn", 9 * time.Minute},
		{"its own address", "ip us-1 bad", "ip/us", 9 * time.Minute},
		{"it goes on long after the cause is over", "ip cn-1 bad", "ip/cn dropped/us", time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlay(t)
			p.fleet.Checks.Heal["ip"] = "off"
			p.run(20*time.Minute, func(at time.Duration) []string {
				cause, drop := c.cause, "dropped us-1 bad"
				if at > 6*time.Minute {
					cause = strings.Replace(cause, " bad", " ok", 1)
				}
				if at > c.until {
					drop = "dropped us-1 ok"
				}
				return []string{cause, drop}
			})
			if p.groups() != c.want {
				t.Errorf("told %q, want %q\n%s", p.groups(), c.want, strings.Join(p.log, "\n"))
			}
		})
	}
}
