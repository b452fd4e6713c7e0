package scripts

import (
	"fmt"
	"strconv"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/rogpeppe/go-internal/testscript"
)

const patience = 20 * time.Second

// retain leaves a retained message on a topic: "retain cn TOPIC".
func (w *world) retain(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: retain REGION TOPIC")
	}
	c, err := w.connect(args[0], patience)
	ts.Check(err)
	defer c.Disconnect(0)
	ts.Check(acked(c.Publish(args[1], 1, true, "kept")))
}

// retained wants that message from any region: "retained us TOPIC".
func (w *world) retained(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: retained REGION TOPIC")
	}
	c, err := w.connect(args[0], patience)
	ts.Check(err)
	defer c.Disconnect(0)
	got := make(chan bool, 100)
	ts.Check(acked(c.Subscribe(args[1], 1, func(_ mqtt.Client, m mqtt.Message) { got <- m.Retained() })))
	select {
	case is := <-got:
		if is == neg {
			ts.Fatalf("%s has a message on %s, retained %t", args[0], args[1], is)
		}
	case <-time.After(5 * time.Second):
		if !neg {
			ts.Fatalf("%s keeps nothing on %s", args[0], args[1])
		}
	}
}

// offline leaves messages for a client that is away: "offline cn CLIENT TOPIC N".
func (w *world) offline(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: offline REGION CLIENT TOPIC N")
	}
	n, err := strconv.Atoi(args[3])
	ts.Check(err)
	away, err := w.persistent(args[0], args[1], nil)
	ts.Check(err)
	ts.Check(subscribed(away, args[2]))
	away.Disconnect(100)
	c, err := w.connect(args[0], patience)
	ts.Check(err)
	defer c.Disconnect(0)
	for i := range n {
		ts.Check(acked(c.Publish(args[2], 1, false, fmt.Sprint(i))))
	}
}

// offlineReceived wants exactly those messages when the client is back:
// "offline-received cn CLIENT N".
func (w *world) offlineReceived(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: offline-received REGION CLIENT N")
	}
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	got := make(chan string, 1000)
	c, err := w.persistent(args[0], args[1], func(_ mqtt.Client, m mqtt.Message) { got <- string(m.Payload()) })
	ts.Check(err)
	defer c.Disconnect(0)
	seen := map[string]bool{}
	for deadline := time.After(patience); len(seen) < n; {
		select {
		case m := <-got:
			seen[m] = true
		case <-deadline:
			ts.Fatalf("%s got %d of %d messages", args[1], len(seen), n)
		}
	}
}

func (w *world) persistent(region, id string, h mqtt.MessageHandler) (mqtt.Client, error) {
	address, ok := w.place.client(region)
	if !ok {
		return nil, fmt.Errorf("there is no region %q", region)
	}
	o := mqtt.NewClientOptions().AddBroker("tcp://" + address).SetClientID(id).
		SetCleanSession(false).SetAutoReconnect(false).SetConnectTimeout(5 * time.Second)
	if h != nil {
		o.SetDefaultPublishHandler(h)
	}
	c := mqtt.NewClient(o)
	return c, acked(c.Connect())
}

// subscribed subscribes again until it is granted: in the first second of its
// port VerneMQ refuses (SUBACK 0x80), which the library does not call an error.
func subscribed(c mqtt.Client, topic string) error {
	for late := time.After(patience); ; {
		t := c.Subscribe(topic, 1, nil)
		if err := acked(t); err != nil {
			return err
		}
		if t.(*mqtt.SubscribeToken).Result()[topic] < 0x80 {
			return nil
		}
		select {
		case <-late:
			return fmt.Errorf("subscribing to %s is refused", topic)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func acked(t mqtt.Token) error {
	if !t.WaitTimeout(patience) {
		return fmt.Errorf("no answer in %s", patience)
	}
	return t.Error()
}
