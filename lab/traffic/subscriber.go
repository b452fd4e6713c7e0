package traffic

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"
)

// subscriber is the client at one region that holds the topics of all pairs
// that end there, in a session that outlives its connections. It comes back
// by itself and subscribes again each time, as a good client does.
type subscriber struct {
	run  *Run
	at   Region
	id   string
	up   chan struct{} // has room for one: it is connected
	seen Subscriber    // under the tally's mu
}

func (r *Run) subscriber(at Region) *subscriber {
	return &subscriber{run: r, at: at, id: "traffic-" + r.nonce + "-at-" + at.Name,
		up: make(chan struct{}, 1), seen: Subscriber{At: at.Name}}
}

// man keeps the subscriber until ctx ends.
func (s *subscriber) man(ctx context.Context) {
	client := mqtt.NewClient(s.options())
	client.Connect()
	for {
		select {
		case <-s.up:
			s.subscribe(ctx, client)
		case <-ctx.Done():
			client.Disconnect(100)
			return
		}
	}
}

func (s *subscriber) options() *mqtt.ClientOptions {
	return mqtt.NewClientOptions().AddBroker("tcp://" + s.at.Address).
		SetClientID(s.id).SetProtocolVersion(4).SetCleanSession(false).
		SetConnectRetry(true).SetConnectRetryInterval(500 * time.Millisecond).
		SetAutoReconnect(true).SetMaxReconnectInterval(time.Second).
		SetConnectTimeout(s.run.options.Patience).SetWriteTimeout(s.run.options.Patience).
		SetKeepAlive(5 * time.Second).SetPingTimeout(3 * time.Second).
		SetOnConnectHandler(func(mqtt.Client) { s.connected() }).
		SetConnectionNotificationHandler(func(_ mqtt.Client, n mqtt.ConnectionNotification) {
			if f, ok := n.(mqtt.ConnectionNotificationFailed); ok {
				s.refused(f.Reason)
			}
		}).
		SetDefaultPublishHandler(s.hear) // a session that comes back delivers before the subscription is made again
}

func (s *subscriber) connected() {
	s.run.tally.mu.Lock()
	s.seen.Connects++
	s.run.tally.mu.Unlock()
	select {
	case s.up <- struct{}{}:
	default:
	}
}

// refused notes a connection that did not come about.
func (s *subscriber) refused(reason error) {
	s.run.tally.mu.Lock()
	defer s.run.tally.mu.Unlock()
	for code, err := range packets.ConnErrors {
		if code != packets.Accepted && code < packets.ErrNetworkError && errors.Is(reason, err) {
			s.seen.Refused++
			s.run.tally.trouble(s.at.Name, fmt.Sprintf("the subscriber: CONNACK %d", code))
		}
	}
}

// subscribe asks until the broker grants it or the connection is gone: a
// client whose subscription was refused hears nothing, and is not told so again.
func (s *subscriber) subscribe(ctx context.Context, client mqtt.Client) {
	filter := s.run.topic("+", s.at.Name)
	for {
		token := client.Subscribe(filter, 1, s.hear).(*mqtt.SubscribeToken) //nolint:errcheck // documented type
		select {
		case <-token.Done():
			code, answered := token.Result()[filter]
			if !answered || code != 0x80 {
				return // granted, or the connection is gone and comes back
			}
			s.failed("SUBACK 0x80")
		case <-time.After(s.run.options.Patience):
			s.failed("no SUBACK")
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(time.Second):
		case <-s.up: // it has reconnected meanwhile
		case <-ctx.Done():
			return
		}
	}
}

func (s *subscriber) failed(what string) {
	s.run.tally.mu.Lock()
	defer s.run.tally.mu.Unlock()
	if !s.run.tally.begun.IsZero() {
		s.seen.SubscribeFailures++
	}
	s.run.tally.trouble(s.at.Name, "the subscriber: "+what)
}

// hear takes a message in, on a goroutine of the library.
func (s *subscriber) hear(_ mqtt.Client, m mqtt.Message) {
	n, ok := number(m.Payload())
	if !ok {
		return
	}
	for _, p := range s.run.pairs {
		if p.topic == m.Topic() {
			p.hear(n)
		}
	}
}

// leave takes the subscribers' sessions away: a clean one of the same name
// ends the persistent one.
func (r *Run) leave() error {
	var errs []error
	for _, s := range r.subscribers {
		if err := s.forget(); err != nil {
			errs = append(errs, fmt.Errorf("the session %s stays at %s: %w", s.id, s.at.Name, err))
		}
	}
	return errors.Join(errs...)
}

func (s *subscriber) forget() error {
	deadline := time.Now().Add(s.run.options.Patience)
	conn, err := (&net.Dialer{Deadline: deadline}).Dial("tcp", s.at.Address)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // it was told
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	answer, err := ask(conn, login(s.id, true))
	if err != nil {
		return err
	}
	if code := answer.(*packets.ConnackPacket).ReturnCode; code != 0 { //nolint:errcheck // ask looked
		return fmt.Errorf("CONNACK %d", code)
	}
	return packets.NewControlPacket(packets.Disconnect).Write(conn)
}
