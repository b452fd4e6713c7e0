package images_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"vmqbot/lab/world"
	"vmqbot/sim/fabric"
	"vmqbot/sim/images"
	"vmqbot/sim/kernel"
)

// cookie of every cluster here.
const cookie = "secret"

// patience is simulated time wherever the test runs in a bubble.
const patience = 5 * time.Minute

// fleet is some machines with one container each, joined by one Ethernet.
type fleet struct {
	t      testing.TB
	net    *fabric.Fabric
	weave  *fabric.Segment
	client *fabric.Space // where MQTT clients are
	boxes  []*box
}

// box is a container: made once, started as often as wanted.
type box struct {
	f       *fleet
	host    world.Host
	image   images.Image
	machine *kernel.Machine
	root    *kernel.Root
	env     []string
	out     output // of the first process

	space *fabric.Space // of the current run
	pids  *kernel.PIDs
	first *kernel.Process
}

func find(t testing.TB, all []images.Image, tag string) images.Image {
	t.Helper()
	i := slices.IndexFunc(all, func(i images.Image) bool { return slices.Contains(i.Tags, tag) })
	if i < 0 {
		t.Fatalf("no image %s", tag)
	}
	return all[i]
}

func newFleet(t testing.TB, n int) *fleet {
	t.Helper()
	f := &fleet{t: t, net: fabric.New()}
	f.weave = f.net.Segment("weave", nil)
	f.client = f.net.Space("clients")
	f.client.Plug("eth0", f.weave, netip.MustParsePrefix("10.0.0.254/24"))
	all := images.Broker(images.Options{})
	for i := range n {
		f.add(world.Host{Name: fmt.Sprint("n", i+1), Index: i + 1}, find(t, all, world.BrokerImage))
	}
	return f
}

// add makes a container of an image on a machine of its own.
func (f *fleet) add(h world.Host, image images.Image, env ...string) *box {
	f.t.Helper()
	dir := f.t.TempDir()
	root, err := image.Root(filepath.Join(dir, "layer"))
	if err != nil {
		f.t.Fatal(err)
	}
	for point, name := range map[string]string{"/etc/vernemq": "conf", "/var/log/vernemq": "log", "/var/lib/vernemq": "data"} {
		root.Mounts[point] = filepath.Join(dir, name)
		if err := os.Mkdir(root.Mounts[point], 0o755); err != nil {
			f.t.Fatal(err)
		}
	}
	m := kernel.Boot(h.Name, f.net.Space(h.Name), &kernel.Root{Dir: dir})
	b := &box{f: f, host: h, image: image, machine: m, root: root, env: append(slices.Clone(image.Config.Env), env...)}
	b.conf()
	f.boxes = append(f.boxes, b)
	f.t.Cleanup(m.Halt)
	return b
}

// conf writes the lab's vernemq.conf and some more lines.
func (b *box) conf(lines ...string) {
	text, err := world.VernemqConf(b.host, cookie)
	if err == nil {
		err = os.WriteFile(filepath.Join(b.root.Mounts["/etc/vernemq"], "vernemq.conf"), []byte(text+strings.Join(append(lines, ""), "\n")), 0o644)
	}
	if err != nil {
		b.f.t.Fatal(err)
	}
}

// run starts the container: `docker start`. argv replaces the image's command.
func (b *box) run(argv ...string) error {
	if b.space = b.f.net.Space(b.host.Name + " container"); len(argv) == 0 {
		argv = b.image.Config.Cmd
	}
	b.pids = b.machine.Container()
	var err error
	b.first, err = b.machine.Start(kernel.Spec{Argv: argv, Env: b.env, Root: b.root, Net: b.space, PIDs: b.pids,
		FDs: map[int]*kernel.FD{0: kernel.Null(), 1: kernel.Output(&b.out), 2: kernel.Output(&b.out)}})
	return err
}

// attach is `weave attach`.
func (b *box) attach() {
	b.space.Plug("ethwe", b.f.weave, netip.MustParsePrefix(b.host.CIDR()))
}

// end waits for the first process and takes its network namespace away.
func (b *box) end() int {
	code := b.first.Wait()
	b.space.Close()
	return code
}

// answer of one command.
type answer struct {
	exit           int
	stdout, stderr string
}

// exec is `docker exec`.
func (b *box) exec(argv ...string) answer {
	b.f.t.Helper()
	var out, errs output
	p, err := b.machine.Start(kernel.Spec{Argv: argv, Env: b.env, Root: b.root, Net: b.space, PIDs: b.pids,
		FDs: map[int]*kernel.FD{0: kernel.Null(), 1: kernel.Output(&out), 2: kernel.Output(&errs)}})
	if err != nil {
		b.f.t.Fatalf("%v: %v", argv, err)
	}
	code := p.Wait()
	return answer{code, out.String(), errs.String()}
}

// must is exec of what has to succeed.
func (b *box) must(argv ...string) string {
	b.f.t.Helper()
	a := b.exec(argv...)
	if a.exit != 0 {
		b.f.t.Fatalf("%v on %s: exit %d\n%s%s", argv, b.host.Name, a.exit, a.stdout, a.stderr)
	}
	return a.stdout
}

// beams are the virtual machines that `ps` shows.
func (b *box) beams() []*kernel.Process {
	var list []*kernel.Process
	for _, p := range b.first.Others() {
		if words := p.Words(); len(words) > 0 && filepath.Base(words[0]) == "beam.smp" {
			list = append(list, p)
		}
	}
	return list
}

// view is how many nodes the box sees running, and how many there are.
func (b *box) view() (running, all int) {
	said := b.exec("vmq-admin", "cluster", "show", "--format=csv").stdout
	return strings.Count(said, ",true"), strings.Count(said, "VerneMQ@")
}

// output may be written while it is read.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// until polls a condition.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited %s for %s", patience, what)
		}
	}
}

// cluster starts every box with its address and joins them all to the first.
func (f *fleet) cluster() {
	f.t.Helper()
	for _, b := range f.boxes {
		if err := b.run(); err != nil {
			f.t.Fatal(err)
		}
		b.attach()
	}
	f.join(f.boxes)
	f.whole(f.boxes)
}

func (f *fleet) join(boxes []*box) {
	f.t.Helper()
	for _, b := range boxes {
		until(f.t, "the command line of "+b.host.Name, func() bool { return b.exec("vmq-admin", "cluster", "show").exit == 0 })
		if b != boxes[0] {
			if said := b.must("vmq-admin", "cluster", "join", "discovery-node="+boxes[0].host.Node()); said != "Done\n" {
				f.t.Fatalf("join: %q", said)
			}
		}
	}
}

// whole waits until every node sees all and has a channel to every other: it
// is connected to each one's cluster port, which a view alone does not show.
func (f *fleet) whole(boxes []*box) {
	f.t.Helper()
	for _, b := range boxes {
		until(f.t, "the view and the channels of "+b.host.Name, func() bool {
			running, all := b.view()
			return running == len(boxes) && all == len(boxes) && strings.Count(b.space.TCP(), ":AC15 01 ") >= len(boxes)-1
		})
	}
}

// mqtt connects a client to a box; what it receives goes to the channel.
func (b *box) mqtt(id string, clean bool) (paho.Client, chan string) {
	b.f.t.Helper()
	got := make(chan string, 1000)
	o := paho.NewClientOptions().AddBroker("tcp://" + b.host.Address() + ":1883").SetClientID(id).SetCleanSession(clean).
		SetAutoReconnect(false).SetConnectTimeout(patience).SetOrderMatters(true)
	o.SetCustomOpenConnectionFn(func(u *url.URL, _ paho.ClientOptions) (net.Conn, error) {
		return b.f.client.DialContext(context.Background(), "tcp", u.Host)
	})
	o.SetDefaultPublishHandler(func(_ paho.Client, m paho.Message) { got <- string(m.Payload()) })
	c := paho.NewClient(o)
	b.wait("connect of "+id, c.Connect())
	b.f.t.Cleanup(func() { c.Disconnect(0) })
	return c, got
}

// subscribe asks until it is granted, as it is not in the first second of a
// broker, and then until every node knows.
func (b *box) subscribe(c paho.Client, topic string) {
	b.f.t.Helper()
	until(b.f.t, "the subscription to "+topic, func() bool {
		token := c.Subscribe(topic, 1, nil)
		b.wait("subscribe", token)
		return token.(*paho.SubscribeToken).Result()[topic] == 1
	})
	synctest.Wait()
}

func (b *box) wait(what string, token paho.Token) {
	b.f.t.Helper()
	if !token.WaitTimeout(patience) || token.Error() != nil {
		b.f.t.Fatalf("%s at %s: %v", what, b.host.Name, errors.Join(token.Error()))
	}
}

// receive waits for one message.
func (b *box) receive(got chan string, want string) {
	b.f.t.Helper()
	select {
	case m := <-got:
		if m != want {
			b.f.t.Fatalf("%s got %q, want %q", b.host.Name, m, want)
		}
	case <-time.After(patience):
		b.f.t.Fatalf("%s waits for %q in vain", b.host.Name, want)
	}
}
