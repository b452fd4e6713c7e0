package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vmqbot/lab/world"
)

// Weave's API on a host, and where the bot's questions to it go meanwhile. Only
// the bot's: the proxy itself has to reach the real one.
const (
	weaveAPI  = "127.0.0.1:6784"
	weavePort = "6784"
	halfPort  = "6799"
)

// redirect sends the bot's questions to the proxy; op is -A or -D.
func redirect(op string) []string {
	return []string{"iptables", "--wait", "-t", "nat", op, "OUTPUT", "-p", "tcp", "-d", "127.0.0.1", "--dport", weavePort,
		"-m", "owner", "--uid-owner", fleetUser, "-j", "REDIRECT", "--to-ports", halfPort}
}

// half is vmq-admin that leaves away the second half of what it says. The
// release has the program at another place as well.
const (
	half = `set -e
admin=/usr/sbin/vmq-admin
[ ! -e "$admin.whole" ] || exit 0
mv "$admin" "$admin.whole"
cat >"$admin" <<'END'
#!/bin/sh
said=$(` + world.Release + `/bin/vmq-admin "$@")
status=$?
printf %s "$said" | head -c $((${#said} / 2))
exit $status
END
chmod 755 "$admin"`
	wholeAgain = `[ ! -e /usr/sbin/vmq-admin.whole ] || mv -f /usr/sbin/vmq-admin.whole /usr/sbin/vmq-admin`
)

// Corrupt makes a program of a host answer the bot with the first half of what
// it has to say: weave by its HTTP API, vmq-admin in the broker's container.
func (l *Lab) Corrupt(ctx context.Context, h world.Host, program string) error {
	if !l.daemon.Running() {
		return notUp()
	}
	switch program {
	case "vmq-admin":
		_, err := l.on(ctx, h, "docker", "exec", h.Container(), "sh", "-c", half)
		return err
	case "weave":
		if l.half(h).pid() != 0 {
			return nil
		}
		if err := l.start(ctx, h, l.half(h), "half", "--listen", "127.0.0.1:"+halfPort, "--to", weaveAPI); err != nil {
			return err
		}
		if _, err := l.on(ctx, h, redirect("-A")...); err != nil {
			return errors.Join(err, l.half(h).end())
		}
		return nil
	}
	return fmt.Errorf("%q is neither weave nor vmq-admin", program)
}

// whole undoes Corrupt. A broker that does not run keeps its half tool until
// Reset makes it again.
func (l *Lab) whole(ctx context.Context, h world.Host) error {
	soon, cancel := context.WithTimeout(ctx, 5*time.Second) // a Docker that starts answers nobody for a while
	_, _ = l.on(soon, h, "docker", "exec", h.Container(), "sh", "-c", wholeAgain)
	cancel()
	for {
		if _, err := l.on(ctx, h, redirect("-D")...); err != nil {
			break // none is left
		}
	}
	return l.half(h).end()
}

// half is the proxy before weave.
func (l *Lab) half(h world.Host) helper {
	return helper{file: l.state("half-" + h.Name + ".pid"), mark: "\x00half\x00--listen\x00"}
}
