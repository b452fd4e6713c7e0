package ops

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Plan is everything that will happen, before anything happens. It is data:
// what is shown is what is approved, hashed, journaled and run.
type Plan struct {
	Title    string   `json:"title"`
	Locks    []string `json:"locks"`              // regions held for the whole plan, in order
	Notes    []string `json:"notes"`              // what was looked at and needs nothing
	Unseen   []string `json:"unseen,omitempty"`   // nodes that were asked for and are not touched, because they cannot be seen
	Left     []string `json:"left,omitempty"`     // nodes that were asked for and are not touched, with the reason
	Unproven []string `json:"unproven,omitempty"` // nodes towards which nothing can be proven now
	Without  []string `json:"without,omitempty"`  // nodes that the plan does without: their hosts cannot be seen, and no lock is taken there
	Steps    []Step   `json:"steps"`
}

// Step is one visible unit of work: a line in the plan, a line of progress.
// The runner first asks Verify; when all of it is already OK the step is
// skipped, so that a plan may be run twice.
type Step struct {
	Title    string        `json:"title"`
	Node     string        `json:"node"` // on whose host or container
	Do       Action        `json:"do"`
	Verify   []string      `json:"verify,omitempty"`    // checks that must be OK on Node afterwards
	GiveUp   []string      `json:"give_up,omitempty"`   // checks that end the wait for the proof at once when they are Bad
	Among    []string      `json:"among,omitempty"`     // the proof of links covers these peers, both ways; none means all
	StopOnly bool          `json:"stop_only,omitempty"` // Verify only decides whether the step is needed; it is no proof afterwards
	Undo     Action        `json:"undo,omitempty"`      // run in reverse order when a later step fails
	Litter   bool          `json:"litter,omitempty"`    // what stays when Undo fails harms nobody: the steps before it are undone all the same
	NoUndo   string        `json:"no_undo,omitempty"`   // why there is none
	Restore  []Step        `json:"restore,omitempty"`   // run and proven after Undo: what makes the old state serve again
	Final    bool          `json:"final,omitempty"`     // once done, the steps on Node before it are not undone any more
	Around   bool          `json:"around,omitempty"`    // undone at the end of a failed plan whatever is final
	Drops    bool          `json:"drops,omitempty"`     // MQTT clients of the node are disconnected
	MayFail  bool          `json:"may_fail,omitempty"`  // a failure is noted and the next step tried
	Fix      string        `json:"fix,omitempty"`       // what to type when it fails, where something goes further than it
	Timeout  time.Duration `json:"timeout_ns"`          // for Do and for Verify to become OK
}

// Empty reports whether there is nothing to do.
func (p Plan) Empty() bool { return len(p.Steps) == 0 }

// String is the one text form: approval cards, --dry-run, docs, golden tests
// and audit print it.
func (p Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", p.Title)
	if len(p.Locks) > 0 {
		fmt.Fprintf(&b, "    locks %s\n", strings.Join(p.Locks, ", "))
	}
	for _, n := range p.Notes {
		fmt.Fprintf(&b, "    %s\n", n)
	}
	if p.Empty() {
		b.WriteString("    nothing to do\n")
	}
	for i, s := range p.Steps {
		s.write(&b, i+1)
	}
	return b.String()
}

func (s Step) write(b *strings.Builder, number int) {
	fmt.Fprintf(b, "%2d. %s\n", number, s.Title)
	if s.Node == "" {
		fmt.Fprintf(b, "    %s\n", s.Do)
	} else {
		fmt.Fprintf(b, "    %s: %s\n", s.Node, s.Do)
	}
	proof := strings.Join(s.Verify, ", ")
	switch {
	case proof == "":
	case s.StopOnly:
		fmt.Fprintf(b, "      skipped     when %s is OK by now\n", proof)
	case len(s.Among) > 0:
		fmt.Fprintf(b, "      proof       %s OK with %s within %s\n", proof, strings.Join(s.Among, ", "), s.Timeout)
	default:
		fmt.Fprintf(b, "      proof       %s OK within %s\n", proof, s.Timeout)
	}
	if s.Drops {
		b.WriteString("      price       drops the MQTT clients of this node\n")
	}
	if s.MayFail {
		b.WriteString("      on failure  goes on with the next step\n")
	}
	switch {
	case s.Undo != nil:
		fmt.Fprintf(b, "      undo        %s\n", s.Undo)
	case s.NoUndo != "":
		fmt.Fprintf(b, "      undo        none: %s\n", s.NoUndo)
	}
	for _, r := range s.Restore {
		fmt.Fprintf(b, "      then        %s\n", r.Do)
	}
	if s.Final {
		fmt.Fprintf(b, "      final       a later failure leaves %s as it is now\n", s.Node)
	}
}

// Hash names the plan by everything that a reader of it can see. Show the
// first eight digits, compare all of them.
func (p Plan) Hash() string {
	h := sha256.Sum256([]byte(p.String()))
	return hex.EncodeToString(h[:])
}
