package broker

import (
	"sync"
	"time"
)

// channel carries messages to one node over a TCP connection of its own, from
// here to the other's cluster port. While it is not connected, messages are
// kept up to outgoing_clustering_buffer_size bytes, and dropped beyond; the
// publisher is told that all is well in both cases (vmq_cluster_node.erl).
type channel struct {
	a    *app
	p    *peer
	wake chan struct{}

	mu        sync.Mutex
	pending   [][]byte
	size      int
	reachable bool
	everUp    bool
	droppedAt int64 // the second in which the last message was buffered
	dropped   int   // bytes dropped and not yet counted
}

func newChannel(a *app, p *peer) *channel {
	return &channel{a: a, p: p, wake: make(chan struct{}, 1)}
}

// broken is true when the channel was up and is not.
func (c *channel) broken() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.everUp && !c.reachable
}

// send buffers one frame. Whether it was dropped is for nobody but the
// metric, which is raised only when a later second brings another message.
func (c *channel) send(frame []byte) {
	most := c.a.n.settingInt("outgoing_clustering_buffer_size", 10000)
	c.mu.Lock()
	defer c.mu.Unlock()
	lost := 0
	if c.reachable || c.size < most {
		c.pending = append(c.pending, frame)
		c.size += len(frame)
	} else {
		lost = len(frame)
	}
	if now := time.Now().Unix(); now == c.droppedAt {
		c.dropped += lost
	} else {
		c.a.n.met.add("cluster_bytes_dropped", c.dropped+lost)
		c.droppedAt, c.dropped = now, 0
	}
	select {
	case c.wake <- struct{}{}:
	default:
	}
}
