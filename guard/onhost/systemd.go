package onhost

import (
	"context"
	"fmt"
	"strings"

	"vmqbot/guard"
)

// systemd is the manager of most hosts.
type systemd struct{ m Machine }

func (systemd) Name() string { return "systemd" }

// unit is the guard's service. It needs root for what weave does; of the host's
// own files it writes only those below /etc/vmqbot, /run and the folder of locks.
func unit(c guard.Config) string {
	p := places(c.Node)
	return fmt.Sprintf(`# Written by vmqbot (guard install %[1]s). Written again by every install.
[Unit]
Description=vmqbot guard: gives %[2]s back to %[3]s
Wants=network-online.target
After=network-online.target docker.service

[Service]
Type=exec
ExecStart=%[4]s guard run --config %[5]s
Restart=always
RestartSec=5
RuntimeDirectory=vmqbot
RuntimeDirectoryPreserve=yes
NoNewPrivileges=yes
ProtectSystem=full
MemoryMax=256M
TasksMax=256

[Install]
WantedBy=multi-user.target
`, c.Node, c.Address, c.Container, p.program, p.config)
}

// Enable writes the unit and starts it.
func (s systemd) Enable(ctx context.Context, c guard.Config) error {
	p := places(c.Node)
	if err := s.m.WriteFile(p.unit, []byte(unit(c)), 0o644); err != nil {
		return err
	}
	for _, argv := range [][]string{{"systemctl", "daemon-reload"}, {"systemctl", "enable", p.service}, {"systemctl", "restart", p.service}} {
		if _, err := run(ctx, s.m, argv...); err != nil {
			return err
		}
	}
	return nil
}

// Disable stops the unit and removes it.
func (s systemd) Disable(ctx context.Context, c guard.Config) error {
	p := places(c.Node)
	if _, err := s.m.Stat(p.unit); absent(err) {
		return nil
	}
	if _, err := run(ctx, s.m, "systemctl", "disable", "--now", p.service); err != nil {
		return err
	}
	if err := s.m.Remove(p.unit); err != nil {
		return err
	}
	_, err := run(ctx, s.m, "systemctl", "daemon-reload")
	return err
}

// Runs asks systemd, which answers with an exit status for what does not run.
func (s systemd) Runs(ctx context.Context, node string, _ guard.State) (bool, error) {
	a, err := s.m.Run(ctx, []string{"systemctl", "is-active", places(node).service})
	return err == nil && strings.TrimSpace(a.Stdout) == "active", err
}
