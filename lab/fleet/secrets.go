package fleet

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"vmqbot/lab/command"
	"vmqbot/lab/world"
)

// fleetUser is who the bot logs in as: in the group docker, not root.
const fleetUser = "ops"

const hostKey = "ssh_host_ed25519_key"

func (l *Lab) state(name string) string { return filepath.Join(l.Places.State, name) }

func (l *Lab) disk(h world.Host) string { return filepath.Join(l.Places.Hosts, h.Name) }

func (l *Lab) keyFile(h world.Host) string { return filepath.Join(l.disk(h), "ssh", hostKey) }

// secrets makes the client's key and the cookie, once per source tree.
func (l *Lab) secrets(ctx context.Context) error {
	if _, err := os.Stat(l.state("cookie")); err != nil {
		if err := os.WriteFile(l.state("cookie"), []byte(rand.Text()+"\n"), 0o600); err != nil {
			return err
		}
	}
	return newKey(ctx, l.state("id_ed25519"), "vmqbot-lab")
}

// rewrite writes again what the bot reads, in case it was deleted while the
// lab is up: keys, known_hosts, cookie and fleet file.
func (l *Lab) rewrite(ctx context.Context) error {
	if err := l.secrets(ctx); err != nil {
		return err
	}
	if err := each(ctx, world.All(), l.hostKeys); err != nil {
		return err
	}
	return errors.Join(l.writeKnownHosts(), l.writeFleet())
}

// hostKeys makes the host's key, unless it has one, and lets the client in.
func (l *Lab) hostKeys(ctx context.Context, h world.Host) error {
	dir := filepath.Join(l.disk(h), "ssh")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := newKey(ctx, l.keyFile(h), h.Name); err != nil {
		return err
	}
	public, err := os.ReadFile(l.state("id_ed25519.pub"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "authorized_keys"), public, 0o644)
}

// lockOut leaves the client's key out of those that the host lets in.
func (l *Lab) lockOut(h world.Host) error {
	return os.WriteFile(filepath.Join(l.disk(h), "ssh", "authorized_keys"), nil, 0o644)
}

func newKey(ctx context.Context, path, comment string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	_, err := command.Run(ctx, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", path)
	return err
}

// writeKnownHosts writes down the keys that the hosts really have. Of a host
// that was rekeyed it is the key that Restore brings back.
func (l *Lab) writeKnownHosts() error {
	public := map[string]string{}
	for _, h := range world.All() {
		text, err := os.ReadFile(l.keyFile(h) + ".aside.pub")
		if errors.Is(err, os.ErrNotExist) {
			text, err = os.ReadFile(l.keyFile(h) + ".pub")
		}
		if err != nil {
			return err
		}
		public[h.Name] = string(text)
	}
	return os.WriteFile(l.state("known_hosts"), []byte(world.KnownHosts(world.All(), public)), 0o644)
}

// Rekey gives a host a new key, as a reinstalled or impersonated host has one;
// known_hosts keeps the old. The old key is put aside for Restore.
func (l *Lab) Rekey(ctx context.Context, h world.Host) error {
	release, err := l.lock()
	if err != nil {
		return err
	}
	defer release()
	key := l.keyFile(h)
	if _, err := os.Stat(key + ".aside"); err != nil {
		if err := errors.Join(os.Rename(key, key+".aside"), os.Rename(key+".pub", key+".aside.pub")); err != nil {
			return err
		}
	} else if err := errors.Join(os.Remove(key), os.Remove(key+".pub")); err != nil {
		return err
	}
	if err := newKey(ctx, key, h.Name+", new"); err != nil {
		return err
	}
	return l.reloadSSH(ctx, h)
}

// Restore puts the host's first key back. A host that was never rekeyed is
// left alone.
func (l *Lab) Restore(ctx context.Context, h world.Host) error {
	release, err := l.lock()
	if err != nil {
		return err
	}
	defer release()
	if restored, err := l.restoreKey(h); err != nil || !restored {
		return err
	}
	return l.reloadSSH(ctx, h)
}

// restoreKey puts the files back and says whether there was anything aside.
func (l *Lab) restoreKey(h world.Host) (bool, error) {
	key := l.keyFile(h)
	if _, err := os.Stat(key + ".aside"); err != nil {
		return false, nil
	}
	return true, errors.Join(os.Rename(key+".aside", key), os.Rename(key+".aside.pub", key+".pub"))
}

// reloadSSH makes sshd read its keys again; connections that are open stay.
func (l *Lab) reloadSSH(ctx context.Context, h world.Host) error {
	if _, err := l.on(ctx, h, "sh", "-c", "kill -HUP $(cat /run/sshd.pid)"); err != nil {
		return fmt.Errorf("telling sshd on %s of its key: %w", h.Name, err)
	}
	return awaitSSH(ctx, h)
}
