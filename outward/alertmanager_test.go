package outward_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/regions"
)

// realAlertmanager is Debian's, on a port of its own, until the test ends.
func realAlertmanager(t *testing.T) (url string) {
	t.Helper()
	program, err := exec.LookPath("prometheus-alertmanager")
	if err != nil {
		t.Fatalf("%v: install it with make prerequisites", err)
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "alertmanager.yml")
	if err := os.WriteFile(config, []byte("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program, "--config.file", config, "--storage.path", dir, "--web.listen-address", address, "--cluster.listen-address=")
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait()
		_ = log.Close()
	})
	url = "http://" + address
	until(t, "alertmanager is ready", func() error { _, err := get(t.Context(), url+"/-/ready"); return err })
	return url
}

// until asks every 50 ms, for 30 s at most.
func until(t *testing.T, what string, is func() error) {
	t.Helper()
	end := time.Now().Add(30 * time.Second)
	for {
		err := is()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s: not within 30 s: %v", what, err)
		}
		select {
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func get(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", res.Status, b)
	}
	return b, err
}

// believes is what Alertmanager has active: labels, and when it ends.
type believes struct {
	Labels      map[string]string
	Annotations map[string]string
	StartsAt    time.Time
	EndsAt      time.Time
	Fingerprint string
}

func active(t *testing.T, url string) []believes {
	t.Helper()
	b, err := get(t.Context(), url+"/api/v2/alerts?active=true")
	if err != nil {
		t.Fatal(err)
	}
	var all []believes
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return all
}

// TestAlertmanagerBelievesUs: a fire is active, once however often it is told,
// and its end ends it. This is Debian's Alertmanager.
func TestAlertmanagerBelievesUs(t *testing.T) {
	url := realAlertmanager(t)
	s := to(t, regions.Alertmanager, url+"/")
	speak := func(op alerts.Op, m alerts.Message) {
		t.Helper()
		if _, err := s.Speak(t.Context(), alerts.Say{Op: op, Group: m.Group, Episode: m.Episode}, m, false); err != nil {
			t.Fatal(err)
		}
	}
	wants := func(n int) []believes {
		t.Helper()
		var all []believes
		until(t, fmt.Sprintf("%d alerts are active", n), func() error {
			if all = active(t, url); len(all) != n {
				return fmt.Errorf("%+v", all)
			}
			return nil
		})
		return all
	}
	m := message(lost, alerts.Firing)
	m.Severity = checks.Warning // of the moment: no part of the identity
	speak(alerts.Post, m)
	first := wants(1)[0]
	if first.Labels["alertname"] != "vmqbot_ip" || first.Labels["severity"] != "critical" || first.Labels["cluster"] != "release" || first.Labels["node"] != "cn-1" ||
		!first.StartsAt.Equal(since) || first.Annotations["repair"] != "reattach cn-1" || !strings.HasSuffix(first.Annotations["runbook_url"], "/runbooks/checks.md#ip") || strings.Contains(first.Annotations["description"], "value-of-") {
		t.Errorf("%+v", first)
	}
	if left := time.Until(first.EndsAt); left < 4*time.Minute || left > 6*time.Minute {
		t.Errorf("it is believed for %s more", left)
	}
	m = message(lost, alerts.Healing)
	m.Rows[0].Acked = "slack:U0ANA"
	speak(alerts.Update, m)
	speak(alerts.Thread, m)
	speak(alerts.Page, m)
	until(t, "it is updated in place", func() error {
		all := active(t, url)
		if len(all) != 1 || all[0].Fingerprint != first.Fingerprint || all[0].Annotations["acknowledged_by"] != "slack:U0ANA" {
			return fmt.Errorf("%+v", all)
		}
		return nil
	})
	link := message(cut, alerts.Firing)
	speak(alerts.Post, link)
	wants(2)
	if err := s.(ops.Refresher).Refresh(t.Context(), []alerts.Message{m, link}); err != nil {
		t.Fatal(err)
	}
	until(t, "it is believed for longer", func() error {
		for _, a := range active(t, url) {
			if !a.EndsAt.After(first.EndsAt) {
				return fmt.Errorf("%+v", a)
			}
		}
		return nil
	})
	speak(alerts.Update, message(lost, alerts.Resolved))
	speak(alerts.Update, message(lost, alerts.Resolved))
	if left := wants(1); left[0].Labels["peer"] != "sg-1" {
		t.Errorf("the wrong one has ended: %+v", left)
	}
	speak(alerts.Update, alerts.Message{Group: "mqtt/cn", Episode: 3, Over: true}) // replaced: it ends by itself
	speak(alerts.Post, message(lost, alerts.Firing))                               // a relapse
	wants(2)
}

// TestAlertmanagerIsAskedWithALogin, which no error shows.
func TestAlertmanagerIsAskedWithALogin(t *testing.T) {
	r := newReceiver(t)
	s := to(t, regions.Alertmanager, r.URL+"/am/")
	if _, err := s.Speak(t.Context(), alerts.Say{Op: alerts.Post}, message(lost, alerts.Firing), false); err != nil {
		t.Fatal(err)
	}
	h := r.all()[0]
	q := http.Request{Header: h.header}
	if user, password, ok := q.BasicAuth(); !ok || user != "vmqbot" || password != "value-of-ALERTMANAGER_PASSWORD" || h.path != "/am/api/v2/alerts" {
		t.Errorf("%s %s %s", user, password, h.path)
	}
}
