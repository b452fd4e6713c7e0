package broker

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"time"
)

// item is one message waiting for one client.
type item struct {
	Msg    message `json:"msg"`
	QoS    byte    `json:"qos"` // of the delivery
	Retain bool    `json:"retain,omitempty"`
	IDs    []int   `json:"ids,omitempty"` // subscription identifiers
	Packet uint16  `json:"packet,omitempty"`
	Dup    bool    `json:"dup,omitempty"` // was sent and not acknowledged
	Seq    uint64  `json:"seq"`
	stored bool    // is a file in msgstore
}

// queue is all that waits for one client on this node. Its owner's lock
// guards it.
type queue struct {
	client  string
	clean   bool
	dir     string
	disk    disk
	waiting []*item
	sess    *session // nil while the client is offline
	next    uint64
	began   time.Time
}

func newQueue(d disk, store, client string, clean bool) *queue {
	return &queue{disk: d, client: client, clean: clean, began: time.Now(), dir: filepath.Join(store, hex.EncodeToString([]byte(client)))}
}

// push appends an item; most is the limit for the queue's state. It reports
// false when the queue is full and the message is dropped.
func (q *queue) push(it *item, most int, met *metrics) (bool, error) {
	if most >= 0 && len(q.waiting) >= most {
		met.add("queue_message_drop", 1)
		return false, nil
	}
	q.next++
	it.Seq = q.next
	q.waiting = append(q.waiting, it)
	met.add("queue_message_in", 1)
	if q.sess != nil {
		return true, nil
	}
	return true, q.store(it, met)
}

// store writes an item that nobody reads yet. QoS 0 is not kept over a
// restart, and is not queued while offline at all.
func (q *queue) store(it *item, met *metrics) error {
	if it.stored || it.QoS == 0 || q.clean {
		return nil
	}
	begin := time.Now()
	it.stored = true
	err := q.disk.writeJSON(q.file(it), it)
	met.observe("storage_write_microseconds", time.Since(begin))
	return err
}

func (q *queue) file(it *item) string { return filepath.Join(q.dir, fmt.Sprintf("%016d.json", it.Seq)) }

// done forgets an item that has been delivered.
func (q *queue) done(it *item) {
	if it.stored {
		q.disk.remove(q.file(it)) // a file left over is delivered once more, with the dup flag
	}
}

// load reads what was stored before a restart.
func (q *queue) load(met *metrics) error {
	for _, name := range listJSON(q.dir) {
		begin := time.Now()
		var it item
		if _, err := readJSON(name, &it); err != nil {
			return err
		}
		met.observe("storage_read_microseconds", time.Since(begin))
		it.stored = true
		q.next = max(q.next, it.Seq)
		q.waiting = append(q.waiting, &it)
	}
	return nil
}

// destroy removes the queue from the disk.
func (q *queue) destroy() error { return q.disk.removeAll(q.dir) }

// offline puts back what was sent and not acknowledged, drops QoS 0 and stores
// the rest.
func (q *queue) offline(unacked []*item, met *metrics) error {
	var keep []*item
	for _, it := range unacked {
		it.Dup = true
		keep = append(keep, it)
	}
	for _, it := range q.waiting {
		if it.QoS > 0 {
			keep = append(keep, it)
		}
	}
	q.waiting = keep
	q.sess = nil
	for _, it := range keep {
		if err := q.store(it, met); err != nil {
			return err
		}
	}
	return nil
}
