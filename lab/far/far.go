// Package far makes packets late. The kernel hands over what a firewall rule with the
// target NFQUEUE picks, and lets it pass when it is told to: after a while. It does what
// netem does with a delay, in kernels that have none.
package far

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// What linux/netfilter/nfnetlink_queue.h calls these.
const (
	packetMsg, verdictMsg, configMsg = 0, 1, 2 // NFQNL_MSG_...
	cfgCommand, cfgParams, cfgMost   = 1, 2, 3 // NFQA_CFG_...
	bind                             = 1       // NFQNL_CFG_CMD_BIND
	copyMeta                         = 1       // NFQNL_COPY_META
	packetHeader, verdictHeader      = 1, 2    // NFQA_PACKET_HDR, NFQA_VERDICT_HDR
	accept                           = 1       // NF_ACCEPT
)

// most is how many packets wait at once; more are lost, as on a line that is full.
const most = 1 << 16

// packet waits until it is due.
type packet struct {
	id  uint32
	due time.Time
}

// Hold lets each packet of a queue pass after late, in the order in which they came,
// until ctx ends; ready is called once the kernel hands packets over. It is for the
// network namespace that the process runs in, and needs CAP_NET_ADMIN.
func Hold(ctx context.Context, queue uint16, late time.Duration, ready func()) error {
	c, err := netlink.Dial(unix.NETLINK_NETFILTER, nil)
	if err != nil {
		return fmt.Errorf("netlink of the firewall: %w", err)
	}
	defer c.Close()
	if err := take(c, queue); err != nil {
		return fmt.Errorf("the kernel gives queue %d to nobody here (it needs NETFILTER_NETLINK_QUEUE, and root): %w", queue, err)
	}
	if err := c.SetReadBuffer(4 << 20); err != nil {
		return err
	}
	waiting := make(chan packet, most)
	passed := make(chan error, 1)
	go func() { passed <- pass(c, queue, waiting) }()
	stop := context.AfterFunc(ctx, func() { _ = c.SetReadDeadline(time.Now()) })
	defer stop()
	ready()
	err = receive(c, late, waiting)
	close(waiting)
	if err = errors.Join(err, <-passed); ctx.Err() != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	return err
}

// take binds the queue to this process, without the packets' content.
func take(c *netlink.Conn, queue uint16) error {
	for _, a := range []netlink.Attribute{
		{Type: cfgCommand, Data: []byte{bind, 0, 0, unix.AF_INET}},
		{Type: cfgParams, Data: []byte{0, 0, 0, 0, copyMeta}},
		{Type: cfgMost, Data: binary.BigEndian.AppendUint32(nil, most)},
	} {
		m, err := message(configMsg, queue, netlink.Request|netlink.Acknowledge, a)
		if err != nil {
			return err
		}
		if _, err := c.Execute(m); err != nil {
			return err
		}
	}
	return nil
}

// receive notes each packet that the kernel hands over, until reading ends.
func receive(c *netlink.Conn, late time.Duration, waiting chan<- packet) error {
	for {
		all, err := c.Receive()
		if errors.Is(err, unix.ENOBUFS) { // some were lost, as on a line that is full
			continue
		}
		if err != nil {
			return err
		}
		due := time.Now().Add(late)
		for _, m := range all {
			if id, ok := idOf(m); ok {
				waiting <- packet{id, due}
			}
		}
	}
}

// idOf is the number that the kernel gave a packet.
func idOf(m netlink.Message) (uint32, bool) {
	if m.Header.Type != unix.NFNL_SUBSYS_QUEUE<<8|packetMsg || len(m.Data) < 4 {
		return 0, false
	}
	attributes, err := netlink.UnmarshalAttributes(m.Data[4:])
	if err != nil {
		return 0, false
	}
	for _, a := range attributes {
		if a.Type == packetHeader && len(a.Data) >= 4 {
			return binary.BigEndian.Uint32(a.Data), true
		}
	}
	return 0, false
}

// pass lets packets pass when they are due; those that wait at the end pass at once.
func pass(c *netlink.Conn, queue uint16, waiting <-chan packet) error {
	var err error
	for p := range waiting {
		time.Sleep(time.Until(p.due))
		m, e := message(verdictMsg, queue, netlink.Request, netlink.Attribute{
			Type: verdictHeader, Data: binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, accept), p.id),
		})
		if e == nil {
			_, e = c.Send(m)
		}
		if e != nil && err == nil {
			err = fmt.Errorf("a packet could not be let through: %w", e)
		}
	}
	return err
}

// message is one for the kernel's queues: their header is family, version and queue.
func message(kind, queue uint16, flags netlink.HeaderFlags, a netlink.Attribute) (netlink.Message, error) {
	body, err := netlink.MarshalAttributes([]netlink.Attribute{a})
	return netlink.Message{
		Header: netlink.Header{Type: netlink.HeaderType(unix.NFNL_SUBSYS_QUEUE<<8 | kind), Flags: flags},
		Data:   append(binary.BigEndian.AppendUint16([]byte{unix.AF_UNSPEC, unix.NFNETLINK_V0}, queue), body...),
	}, err
}
