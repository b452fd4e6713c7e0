package broker_test

import (
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// client is one MQTT client and what it has received.
type client struct {
	t *testing.T
	c paho.Client

	present bool // the CONNACK said that there is a session

	mu  sync.Mutex
	got []string
}

// dial connects and returns the CONNACK's code, 255 when there was none in
// time. An id of the form user!id logs in as user.
func (r *runner) dial(id string, clean bool, wait time.Duration) (*client, byte) {
	r.w.t.Helper()
	cl := &client{t: r.w.t}
	o := paho.NewClientOptions().AddBroker("tcp://" + r.w.ip(r.i) + ":1883").SetClientID(id).SetCleanSession(clean).
		SetAutoReconnect(false).SetConnectTimeout(wait).SetProtocolVersion(4).
		SetDialer(&net.Dialer{Timeout: wait, LocalAddr: &net.TCPAddr{IP: net.ParseIP(r.w.ip(254))}})
	if user, name, ok := strings.Cut(id, "!"); ok {
		o.SetClientID(name).SetUsername(user)
	}
	o.SetDefaultPublishHandler(cl.take)
	cl.c = paho.NewClient(o)
	tok := cl.c.Connect().(*paho.ConnectToken)
	if !tok.WaitTimeout(wait) {
		return cl, 255
	}
	r.w.t.Cleanup(func() { cl.c.Disconnect(0) })
	cl.present = tok.SessionPresent()
	return cl, tok.ReturnCode()
}

// login connects with a password and returns the CONNACK's code.
func (r *runner) login(user, password string) byte {
	r.w.t.Helper()
	o := paho.NewClientOptions().AddBroker("tcp://" + r.w.ip(r.i) + ":1883").SetClientID("login").
		SetUsername(user).SetPassword(password).SetProtocolVersion(4).SetAutoReconnect(false)
	c := paho.NewClient(o)
	tok := c.Connect().(*paho.ConnectToken)
	if !tok.WaitTimeout(patience) {
		return 255
	}
	c.Disconnect(0)
	return tok.ReturnCode()
}

// hashed is what vmq-passwd stores.
func hashed(password, salt string) string {
	sum := sha512.Sum512([]byte(password + salt))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// connect is dial for a client that has to be let in.
func (r *runner) connect(id string, clean bool) *client {
	r.w.t.Helper()
	cl, code := r.dial(id, clean, patience)
	if code != 0 || !cl.c.IsConnected() {
		r.w.t.Fatalf("client %s on node %d: CONNACK %d", id, r.i, code)
	}
	return cl
}

// refuses waits until a node answers every CONNECT with a code.
func (w *world) refuses(i int, want byte) {
	w.t.Helper()
	n := 0
	until(w.t, fmt.Sprintf("node %d to answer CONNECT with %d", i, want), func() bool {
		n++
		_, code := w.nodes[i].dial(fmt.Sprintf("probe%d-%d", i, n), true, 2*time.Second)
		return code == want
	})
}

func (c *client) take(_ paho.Client, m paho.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = append(c.got, m.Topic()+" "+string(m.Payload()))
}

func (c *client) received() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string{}, c.got...)
}

// subscribe returns the code of the SUBACK, 255 when there was none in time.
func (c *client) subscribe(filter string) byte { return c.subscribeWithin(filter, patience) }

func (c *client) subscribeWithin(filter string, wait time.Duration) byte {
	tok := c.c.Subscribe(filter, 1, nil).(*paho.SubscribeToken)
	if !tok.WaitTimeout(wait) {
		return 255
	}
	return tok.Result()[filter]
}

// publish reports whether the PUBACK came within the time.
func (c *client) publish(topic, payload string, wait time.Duration) bool {
	tok := c.c.Publish(topic, 1, false, payload)
	return tok.WaitTimeout(wait) && tok.Error() == nil
}

// publishAll sends n messages and wants a PUBACK for each.
func (c *client) publishAll(topic string, n int) {
	c.t.Helper()
	for i := range n {
		if !c.publish(topic, fmt.Sprint(i), patience) {
			c.t.Fatalf("no PUBACK for message %d on %s", i, topic)
		}
	}
}

// expect waits until exactly the n messages of publishAll are there, in order.
func (c *client) expect(topic string, n int) {
	c.t.Helper()
	until(c.t, fmt.Sprintf("%d messages on %s", n, topic), func() bool { return len(c.received()) >= n })
	for i, got := range c.received() {
		if want := fmt.Sprintf("%s %d", topic, i); got != want {
			c.t.Fatalf("message %d is %q, want %q; all: %v", i, got, want, c.received())
		}
	}
}

// leave disconnects.
func (c *client) leave() { c.c.Disconnect(10) }
