package traffic

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"time"
)

// Counts are the figures of one pair of regions, or of all.
type Counts struct {
	Connects          int            `json:"connects"`                  // tried
	Refused           int            `json:"refused"`                   // answered with a CONNACK other than 0
	RefusedBy         map[string]int `json:"refused_by_code,omitempty"` // the same by that code
	Unreachable       int            `json:"unreachable"`               // no TCP connection
	Cut               int            `json:"cut"`                       // ended by the broker before CONNACK or PUBACK
	Silent            int            `json:"silent"`                    // no CONNACK or no PUBACK in time
	Skipped           int            `json:"skipped,omitempty"`         // not tried: too many were open
	Published         int            `json:"published"`
	Acknowledged      int            `json:"acknowledged"`
	Received          int            `json:"received"` // each message once, also those whose acknowledgement was lost
	Lost              int            `json:"lost"`     // acknowledged, and not received after the settling time
	Duplicates        int            `json:"duplicates"`
	SubscribeFailures int            `json:"subscribe_failures"`    // SUBACK 0x80 or none; only in the total, each subscriber has its own
	LongestGap        int64          `json:"longest_gap_ms"`        // between two arrivals; in the total the longest of all
	LostFrom          float64        `json:"lost_from_s,omitempty"` // when the first lost one was sent, in seconds
	LostTo            float64        `json:"lost_to_s,omitempty"`   // and the last
}

// Pair is the traffic from one region to another.
type Pair struct {
	From string `json:"from"`
	To   string `json:"to"`
	Counts
}

// Subscriber is the one client with a persistent session at a region.
type Subscriber struct {
	At                string `json:"at"`
	Connects          int    `json:"connects"` // that were accepted
	Refused           int    `json:"refused"`  // CONNACK other than 0
	SubscribeFailures int    `json:"subscribe_failures"`
}

// Trouble is something that went wrong at a region, once or many times.
// Seconds are since the messages count.
type Trouble struct {
	At    string  `json:"at"`
	What  string  `json:"what"`
	Count int     `json:"count"`
	First float64 `json:"first_s"`
	Last  float64 `json:"last_s"`
}

// Report is what happened in a run.
type Report struct {
	Seconds     float64      `json:"seconds"` // that messages were published
	Total       Counts       `json:"total"`
	Pairs       []Pair       `json:"pairs"`
	Subscribers []Subscriber `json:"subscribers"`
	Troubles    []Trouble    `json:"troubles"`
}

// Write writes the report as JSON, a line for each pair, subscriber and trouble.
func (r Report) Write(w io.Writer) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	for _, part := range []string{`"total":`, `"pairs":`, `"subscribers":`, `"troubles":`} {
		text = bytes.Replace(text, []byte(","+part), []byte(",\n"+part), 1)
	}
	text = bytes.ReplaceAll(text, []byte("[{"), []byte("[\n {"))
	text = bytes.ReplaceAll(text, []byte("},{"), []byte("},\n {"))
	_, err = w.Write(append(text, '\n'))
	return err
}

func (r *Run) report() Report {
	out := Report{Pairs: []Pair{}, Subscribers: []Subscriber{}, Troubles: []Trouble{}}
	for _, p := range r.pairs {
		c := p.counts()
		out.Pairs = append(out.Pairs, Pair{p.from.Name, p.to.Name, c})
		out.Total.add(c)
	}
	r.tally.mu.Lock()
	defer r.tally.mu.Unlock()
	out.Seconds = tenths(r.tally.ended.Sub(r.tally.begun))
	for _, s := range r.subscribers {
		out.Subscribers = append(out.Subscribers, s.seen)
		out.Total.SubscribeFailures += s.seen.SubscribeFailures
	}
	for _, t := range r.tally.troubles {
		out.Troubles = append(out.Troubles, *t)
	}
	slices.SortFunc(out.Troubles, func(a, b Trouble) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.At, b.At), cmp.Compare(a.What, b.What))
	})
	return out
}

// add sums up; of gaps the longest counts, of losses the whole time.
func (c *Counts) add(other Counts) {
	c.Connects += other.Connects
	c.Refused += other.Refused
	c.RefusedBy = summed(c.RefusedBy, other.RefusedBy)
	c.Unreachable += other.Unreachable
	c.Cut += other.Cut
	c.Silent += other.Silent
	c.Skipped += other.Skipped
	c.Published += other.Published
	c.Acknowledged += other.Acknowledged
	c.Received += other.Received
	if other.Lost > 0 {
		if c.Lost == 0 || other.LostFrom < c.LostFrom {
			c.LostFrom = other.LostFrom
		}
		c.LostTo = max(c.LostTo, other.LostTo)
	}
	c.Lost += other.Lost
	c.Duplicates += other.Duplicates
	c.SubscribeFailures += other.SubscribeFailures
	c.LongestGap = max(c.LongestGap, other.LongestGap)
}

func summed(a, b map[string]int) map[string]int {
	if a == nil {
		return maps.Clone(b)
	}
	for code, n := range b {
		a[code] += n
	}
	return a
}

// Gap is the longest time between two arrivals.
func (c Counts) Gap() time.Duration { return time.Duration(c.LongestGap) * time.Millisecond }
