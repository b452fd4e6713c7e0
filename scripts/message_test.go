package scripts

import (
	"crypto/rand"
	"fmt"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/rogpeppe/go-internal/testscript"
)

// message publishes at one region with QoS 1 and waits for it at another, as
// an ordinary client does; "! message us cn" wants it to be lost.
func (w *world) message(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: message FROM TO")
	}
	patience := 20 * time.Second
	if neg {
		patience = 5 * time.Second
	}
	err := w.cross(args[0], args[1], patience)
	if (err != nil) != neg {
		ts.Fatalf("message %s -> %s: %v", args[0], args[1], err)
	}
}

func (w *world) cross(from, to string, patience time.Duration) error {
	topic := "lab/" + rand.Text()
	got := make(chan struct{}, 100)
	sub, err := w.connect(to, patience)
	if err != nil {
		return err
	}
	defer sub.Disconnect(0)
	t := sub.Subscribe(topic, 1, func(mqtt.Client, mqtt.Message) { got <- struct{}{} })
	if !t.WaitTimeout(patience) || t.Error() != nil {
		return fmt.Errorf("subscribing at %s: %w", to, t.Error())
	}
	pub, err := w.connect(from, patience)
	if err != nil {
		return err
	}
	defer pub.Disconnect(0)
	deadline := time.After(patience)
	for {
		pub.Publish(topic, 1, false, "hello")
		select {
		case <-got:
			return nil
		case <-deadline:
			return fmt.Errorf("published at %s and acknowledged, and nothing came to %s in %s", from, to, patience)
		case <-time.After(300 * time.Millisecond):
		}
	}
}

// connect retries until the broker accepts: one that has just started refuses
// for a second or two.
func (w *world) connect(region string, patience time.Duration) (mqtt.Client, error) {
	address, ok := w.place.client(region)
	if !ok {
		return nil, fmt.Errorf("there is no region %q", region)
	}
	deadline := time.Now().Add(patience)
	for {
		o := mqtt.NewClientOptions().AddBroker("tcp://" + address).SetClientID("script-" + rand.Text()).
			SetAutoReconnect(false).SetConnectTimeout(3 * time.Second).SetProtocolVersion(4)
		c := mqtt.NewClient(o)
		t := c.Connect()
		if t.WaitTimeout(5*time.Second) && t.Error() == nil {
			return c, nil
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("connecting to %s: %w", region, t.Error())
		}
		<-time.After(300 * time.Millisecond)
	}
}
