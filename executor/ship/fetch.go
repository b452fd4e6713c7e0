package ship

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"vmqbot/executor/registry"
	"vmqbot/executor/stock"
	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/secret"
)

// The fetch runs apart from the connection that began it: an engine gives up a
// pull, and all that it had fetched, when whoever asked for it is gone. All words
// are arguments: the folder, which lies in the login user's, and the reference.
const (
	beginFetch = `cd "$1" && rm -f end && exec setsid -f sh -c 'echo $$ >pid; DOCKER_CONFIG=. docker pull -q "$0" >said 2>&1; echo $? >new && mv new end' "$2" </dev/null >/dev/null 2>&1`
	lookFetch  = `cd "$1" && [ -e end ] || exit 3; cat end said`
	endFetch   = `cd "$1" 2>/dev/null || exit 0; [ ! -s pid ] || [ -e end ] || kill -TERM -"$(cat pid)" 2>/dev/null; cd .. && rm -rf "$1"`
)

// notYet is the exit status of lookFetch while the fetch runs.
const notYet = 3

// fetch is one engine's way to the registry inside the bot.
type fetch struct {
	*job
	image stock.Image
	reg   *registry.Registry
	addr  string // on the host: 127.0.0.1:PORT
	dir   string
}

// fetched lets the host's engine fetch the image from the bot. Its error is a
// *noWay where the other way may do better.
func (j *job) fetched(ctx context.Context, i stock.Image) error {
	token := rand.Text()
	reg, err := registry.New(j.Stock, i, token)
	if err != nil {
		return err
	}
	var l net.Listener
	err = j.again(ctx, func() (bool, error) {
		l, err = j.host.Listen(ctx, "127.0.0.1:0")
		return false, err
	})
	if wire.BlindOf(err) == facts.Denied {
		return &noWay{err}
	}
	if err != nil {
		return err
	}
	f := &fetch{job: j, image: i, reg: reg, addr: l.Addr().String(), dir: ".vmqbot-fetch-" + ops.ShortID(i.ID)}
	open, closeDoor := context.WithCancel(ctx)
	server := &http.Server{Handler: reg, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	var serving sync.WaitGroup
	serving.Go(func() { f.serve(open, server, l) })
	defer func() {
		f.clear(ctx)
		closeDoor()
		_ = server.Close()
		serving.Wait()
	}()
	if err := j.again(ctx, func() (bool, error) { return false, f.begin(ctx, token) }); err != nil {
		return err
	}
	if err := f.wait(ctx); err != nil {
		return err
	}
	return j.again(ctx, func() (bool, error) {
		err := j.prove(ctx) // it has its name before it loses the other one
		if err == nil {
			err = j.eng.RemoveImage(ctx, f.ref())
		}
		return false, err
	})
}

func (f *fetch) ref() string { return f.addr + "/" + registry.Name + "@" + f.reg.Digest }

// serve answers on the host's port, and opens the same one again after a cut:
// the engine asks there for the rest.
func (f *fetch) serve(ctx context.Context, server *http.Server, l net.Listener) {
	for {
		_ = server.Serve(l) // until the connection dies, or the server is closed
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(f.Pace.Pause):
			}
			again, err := f.host.Listen(ctx, f.addr)
			if err == nil {
				l = again
				break
			}
		}
		if ctx.Err() != nil {
			_ = l.Close()
			return
		}
	}
}

// begin writes the token where only the login user reads it, and starts the
// fetch.
func (f *fetch) begin(ctx context.Context, token string) error {
	auth := base64.StdEncoding.EncodeToString([]byte(registry.User + ":" + token))
	config, err := json.Marshal(map[string]any{"auths": map[string]any{f.addr: map[string]string{"auth": auth}}})
	if err != nil {
		return err
	}
	if a, err := f.host.Run(ctx, secret.Words("mkdir", "-p", "-m", "700", f.dir), nil); err != nil || a.Exit != 0 {
		return f.failed(a.Stderr+a.Stdout, err)
	}
	if err := f.host.WriteFile(ctx, f.dir+"/config.json", config, 0o600); err != nil {
		return err
	}
	a, err := f.host.Run(ctx, secret.Words("sh", "-c", beginFetch, "vmqbot-fetch", f.dir, f.ref()), nil)
	if err != nil || a.Exit != 0 {
		return f.failed(a.Stderr+a.Stdout, err)
	}
	return nil
}

func (f *fetch) failed(said string, err error) error {
	if err != nil {
		return err
	}
	return &noWay{fmt.Errorf("starting docker pull there: %s", strings.TrimSpace(said))}
}

// wait waits for the end of the fetch. One that stands still while there is more
// to send has lost its way to the bot.
func (f *fetch) wait(ctx context.Context) error {
	m := newMeter(f.line, f.Pace.Told, "fetched", f.image.Size(0))
	last, moved := int64(-1), time.Now()
	for {
		a, err := f.host.Run(ctx, secret.Words("sh", "-c", lookFetch, "vmqbot-fetch", f.dir), nil)
		switch {
		case ctx.Err() != nil:
			return ended(ctx, f.to.Name)
		case err == nil && a.Exit == 0:
			return f.outcome(a.Stdout)
		case err == nil && a.Exit != notYet:
			return f.failed(a.Stderr+a.Stdout, nil)
		case err != nil && !unseen(err):
			return err
		}
		now, sent := time.Now(), f.reg.Sent()
		m.at(sent, now)
		if sent != last {
			last, moved = sent, now
		}
		if stands := now.Sub(moved); stands > f.Pace.Stall && sent < f.image.Size(0) {
			return &noWay{fmt.Errorf("nothing moved for %s", stands.Round(time.Second))}
		}
		select {
		case <-ctx.Done():
		case <-time.After(f.Pace.Poll):
		}
	}
}

// outcome reads the exit status and what docker pull said.
func (f *fetch) outcome(text string) error {
	status, said, _ := strings.Cut(text, "\n")
	said = strings.TrimSpace(said)
	switch {
	case strings.TrimSpace(status) == "0":
		return nil
	case strings.Contains(said, noSpace):
		return full(f.to.Host, said)
	}
	return &noWay{fmt.Errorf("docker pull there says: %s", said[strings.LastIndexByte(said, '\n')+1:])}
}

// clear ends the fetch and takes its folder away, whatever became of ctx.
func (f *fetch) clear(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearTime)
	defer cancel()
	_, _ = f.host.Run(ctx, secret.Words("sh", "-c", endFetch, "vmqbot-fetch", f.dir), nil) // what stays is a token that opens nothing any more
}

// clearTime bounds what is cleared up when all else has ended.
const clearTime = 20 * time.Second

const noSpace = "no space left on device"

// full is the error of a disk that has no more room.
func full(host, said string) error {
	return ops.Errorf(ops.Failed, "image prune", "A disk of %s is full: %s. What had arrived of the image was taken away again; make room there.", host, said)
}

func ended(ctx context.Context, node string) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ops.Errorf(ops.Unseen, "image ship "+node, "The time for it is over. What has arrived stays for the next try.")
	}
	return ops.Errorf(ops.Refused, "image ship "+node, "Interrupted. What has arrived stays for the next try.")
}
