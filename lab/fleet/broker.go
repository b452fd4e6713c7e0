package fleet

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"vmqbot/lab/world"
)

// startLimit is how long a broker may take from its start to its ports.
const startLimit = 60 * time.Second

const (
	clientPort  = 1883
	clusterPort = 44053

	confDir  = "/etc/vernemq"
	confPath = confDir + "/vernemq.conf"
	logPath  = "/data/server/docker/vernemq/log"
	dataPath = "/data/server/docker/vernemq/data"

	dataInside = "/var/lib/vernemq" // in the container
)

// broker makes the region's broker run with its address and its cluster port.
func (l *Lab) broker(ctx context.Context, h world.Host) error {
	maker := l.maker(ctx, h)
	if maker == byBot && l.how == Deployed {
		err := l.deployed(ctx, h)
		if err == nil || ctx.Err() != nil {
			return err
		}
		l.said("%-4s its deployed broker does not serve (%v); replacing it", h.Name, err)
	}
	if err := l.unmount(ctx, h); err != nil {
		return err
	}
	if err := l.rescue(ctx, h); err != nil {
		return err
	}
	if err := l.clearOut(ctx, h, maker == byLab); err != nil {
		return err
	}
	if err := l.sweep(ctx, h); err != nil {
		return err
	}
	state, err := l.containerState(ctx, h)
	if err != nil {
		return err
	}
	if err := l.configure(ctx, h, state); err != nil {
		return err
	}
	return l.run(ctx, h, state)
}

// deployed makes the broker that the bot deployed run; its file is the bot's.
func (l *Lab) deployed(ctx context.Context, h world.Host) error {
	if err := l.clearOut(ctx, h, true); err != nil {
		return err
	}
	if err := l.sweep(ctx, h, "vmqbot.listeners"); err != nil {
		return err
	}
	state, err := l.containerState(ctx, h)
	if err != nil {
		return err
	}
	return l.run(ctx, h, state)
}

// run makes the container run, in whatever state it is, and its broker serve.
func (l *Lab) run(ctx context.Context, h world.Host, state string) (err error) {
	switch state {
	case "":
		_, err = l.on(ctx, h, append([]string{"docker"}, world.BrokerRun(h, world.BrokerImage)...)...)
	case "paused":
		_, err = l.on(ctx, h, "docker", "unpause", h.Container())
	default:
		_, err = l.on(ctx, h, "docker", "start", h.Container())
	}
	if err != nil {
		return err
	}
	if trie, err := l.proc(ctx, h, "net/fib_trie"); err != nil || !HasAddress(trie, h.Address()) {
		if err := l.attach(ctx, h); err != nil {
			return err
		}
	}
	return l.bind(ctx, h)
}

// keptFor finds whom weave keeps an address for, in its refusal to attach it.
var keptFor = regexp.MustCompile(`already (?:in use|owned) by ([0-9a-f]{64})`)

// attach gives the container its address. A router that missed the end of a
// container keeps its address for it for ever; what Docker does not know is released.
func (l *Lab) attach(ctx context.Context, h world.Host) error {
	_, err := l.on(ctx, h, world.Attach(h)...)
	if err == nil {
		return nil
	}
	owner := keptFor.FindStringSubmatch(err.Error())
	if owner == nil {
		return err
	}
	if there, listErr := l.on(ctx, h, "docker", "ps", "--all", "--quiet", "--filter", "id="+owner[1]); listErr != nil || there != "" {
		return err
	}
	l.said("%-4s weave keeps %s for a container that is gone; releasing it", h.Name, h.Address())
	if _, err := l.on(ctx, h, "curl", "--silent", "--fail", "--max-time", "5", "--request", "DELETE", "http://"+weaveAPI+"/ip/"+owner[1]); err != nil {
		return err
	}
	_, err = l.on(ctx, h, world.Attach(h)...)
	return err
}

// containerState is Docker's word for the broker's container, "" for none.
func (l *Lab) containerState(ctx context.Context, h world.Host) (string, error) {
	return l.on(ctx, h, "docker", "ps", "--all", "--filter", "name=^/"+h.Container()+"$", "--format", "{{.State}}")
}

// configure writes vernemq.conf when it is not the lab's. A running broker is
// stopped first: its tools read the node's name from this file.
func (l *Lab) configure(ctx context.Context, h world.Host, state string) error {
	cookie, err := os.ReadFile(l.state("cookie"))
	if err != nil {
		return err
	}
	want, err := world.VernemqConf(h, strings.TrimSpace(string(cookie)))
	if err != nil {
		return err
	}
	if have, err := l.on(ctx, h, "cat", confPath); err == nil && have == strings.TrimRight(want, "\n") {
		return nil
	}
	if state != "" {
		if _, err := l.on(ctx, h, "docker", "stop", h.Container()); err != nil {
			return err
		}
	}
	if _, err := l.on(ctx, h, "chown", "--recursive", fleetUser+":"+fleetUser, "/data"); err != nil {
		if _, err := l.on(ctx, h, "install", "-d", "-o", fleetUser, "-g", fleetUser, confDir, dataPath, logPath); err != nil {
			return err
		}
	}
	return l.put(ctx, h, confPath, want)
}

// bind waits until the broker listens for clients, which is the end of its
// start. One that does not, because it was told to leave or has ended inside
// its container, is started again with its container. One that started before
// its address was there has no cluster port then and never tries again; it is
// restarted inside its container, which keeps the address.
func (l *Lab) bind(ctx context.Context, h world.Host) error {
	if err := l.awaitStart(ctx, h, 20*time.Second); err != nil {
		if _, err := l.on(ctx, h, "docker", "restart", h.Container()); err != nil {
			return err
		}
		if err := l.attach(ctx, h); err != nil {
			return err
		}
		if err := l.awaitStart(ctx, h, startLimit); err != nil {
			return err
		}
	}
	if bound, err := l.bound(ctx, h); bound || err != nil {
		return err
	}
	if _, err := l.on(ctx, h, "docker", "exec", h.Container(), "vernemq", "restart"); err != nil {
		return err
	}
	return until(ctx, startLimit, h.Node()+" has its cluster port", func(ctx context.Context) error {
		bound, err := l.bound(ctx, h)
		if err == nil && !bound {
			err = fmt.Errorf("%s:%d is not bound", h.Address(), clusterPort)
		}
		return err
	})
}

func (l *Lab) awaitStart(ctx context.Context, h world.Host, limit time.Duration) error {
	return until(ctx, limit, h.Node()+" listens for clients", func(ctx context.Context) error {
		table, err := l.sockets(ctx, h)
		if err == nil && !Listens(table, "0.0.0.0", clientPort) {
			err = fmt.Errorf("%d is not bound", clientPort)
		}
		return err
	})
}

func (l *Lab) bound(ctx context.Context, h world.Host) (bool, error) {
	table, err := l.sockets(ctx, h)
	return Listens(table, h.Address(), clusterPort), err
}

// sockets is /proc/PID/net/tcp and tcp6 of the broker's container.
func (l *Lab) sockets(ctx context.Context, h world.Host) (string, error) {
	return l.proc(ctx, h, "net/tcp", "net/tcp6")
}

// proc reads files below /proc/PID of the broker's container.
func (l *Lab) proc(ctx context.Context, h world.Host, files ...string) (string, error) {
	pid, err := l.on(ctx, h, "docker", "inspect", "--format", "{{.State.Pid}}", h.Container())
	if err != nil {
		return "", err
	}
	if pid == "0" {
		return "", fmt.Errorf("%s does not run; look at `lab exec %s docker logs %s`", h.Container(), h.Name, h.Container())
	}
	argv := []string{"cat"}
	for _, file := range files {
		argv = append(argv, "/proc/"+pid+"/"+file)
	}
	return l.on(ctx, h, argv...)
}

// forget stops the broker and deletes what it remembers.
func (l *Lab) forget(ctx context.Context, h world.Host) error {
	if _, err := l.on(ctx, h, "docker", "stop", h.Container()); err != nil {
		return err
	}
	_, err := l.on(ctx, h, "find", dataPath, "-mindepth", "1", "-delete")
	return err
}
