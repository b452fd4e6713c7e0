package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"

	"vmqbot/facts"
)

// station is the client of one point. err and blind may be read once ready is
// closed.
type station struct {
	point  Point
	ready  chan struct{}
	client mqtt.Client
	blind  facts.Blind
	err    error
}

// man connects and subscribes, says that the station is ready, and keeps it
// until ctx ends.
func (x *matrix) man(ctx context.Context, s *station) {
	conn, err := s.point.Dial(ctx)
	if err != nil {
		s.fail(x.blind(err), err)
		return
	}
	defer conn.Close() //nolint:errcheck // nothing is lost
	s.client = mqtt.NewClient(x.options(s.point.Node, conn))
	if err := x.enter(ctx, s, conn); err != nil {
		s.fail(s.blind, err)
	} else {
		close(s.ready)
		<-ctx.Done()
	}
	s.client.Disconnect(0)
}

func (s *station) fail(b facts.Blind, err error) {
	if b == "" || b == facts.TooLate { // TooLate is for messages
		b = facts.Failed
	}
	s.blind, s.err = b, err
	close(s.ready)
}

func (x *matrix) options(node string, conn net.Conn) *mqtt.ClientOptions {
	dialed := false
	return mqtt.NewClientOptions().
		AddBroker("tcp://" + node).
		SetClientID("vmqbot-" + node + "-" + x.nonce).
		SetUsername(x.mqtt.Username).SetPassword(x.mqtt.Password.Reveal()).
		SetProtocolVersion(4).SetCleanSession(true).SetOrderMatters(false).
		SetAutoReconnect(false).SetConnectRetry(false).SetKeepAlive(30 * time.Second).
		SetConnectTimeout(2 * x.mqtt.Timeout). // enter is sooner
		SetWriteTimeout(x.mqtt.Timeout).
		SetCustomOpenConnectionFn(func(*url.URL, mqtt.ClientOptions) (net.Conn, error) {
			if dialed {
				return nil, errors.New("the probe connects once")
			}
			dialed = true
			return conn, nil
		})
}

// enter logs in and subscribes. When the time for both is up the connection is
// cut, for the library would wait for a SUBACK without end.
func (x *matrix) enter(ctx context.Context, s *station, conn net.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, x.mqtt.Timeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	login := s.client.Connect().(*mqtt.ConnectToken) //nolint:errcheck // documented type
	if !waited(ctx, login) {
		s.blind = facts.Down
		return fmt.Errorf("it answers no CONNECT within %v: a webhook that decides about logins may be down (F28)", x.mqtt.Timeout)
	}
	if err := login.Error(); err != nil {
		s.blind, err = refused(login.ReturnCode(), err)
		return err
	}
	filter := x.topic("+", s.point.Node)
	sub := s.client.Subscribe(filter, 1, x.hear).(*mqtt.SubscribeToken) //nolint:errcheck // documented type
	if !waited(ctx, sub) {
		s.blind = facts.Down
		return fmt.Errorf("it answers no SUBSCRIBE within %v", x.mqtt.Timeout)
	}
	if code, ok := sub.Result()[filter]; ok && code == 0x80 {
		s.blind = facts.Denied
		return fmt.Errorf("SUBACK 0x80: it refuses the subscription to %s. In the second after the MQTT port opens this passes (the access list is not loaded yet); else allow the topic for the probe's login (mqtt.topic)", filter)
	}
	return sub.Error()
}

func waited(ctx context.Context, t mqtt.Token) bool {
	select {
	case <-t.Done():
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// refused says what a return code of CONNACK means.
func refused(code byte, err error) (facts.Blind, error) {
	switch code {
	case packets.ErrRefusedServerUnavailable:
		return facts.Denied, errors.New("CONNACK 3, broker unavailable: a member of the cluster is away and allow_register_during_netsplit is off (F7), or it is still starting")
	case packets.ErrRefusedBadUsernameOrPassword:
		return facts.Denied, errors.New("CONNACK 4, bad user name or password: set mqtt.username and mqtt.password in the fleet file")
	case packets.ErrRefusedNotAuthorised:
		return facts.Denied, errors.New("CONNACK 5, not authorized: the broker or its webhook refuses the probe's login: set mqtt.username and mqtt.password in the fleet file")
	case packets.ErrRefusedIDRejected:
		return facts.Denied, errors.New("CONNACK 2, client id refused: the broker or its webhook wants another client id than vmqbot-NODE-NONCE")
	case packets.ErrRefusedBadProtocolVersion:
		return facts.Denied, errors.New("CONNACK 1, protocol refused: the listener does not take MQTT 3.1.1 (allowed_protocol_versions)")
	}
	return facts.Failed, fmt.Errorf("the login was cut: %w", err)
}
