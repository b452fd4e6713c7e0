package ops

import (
	"context"
	"time"

	"vmqbot/regions"
)

// Follower hears what a node writes to its log, as it is written.
type Follower interface {
	// Follow hands on what is there and then what comes, each line once, until ctx
	// ends. What cannot be read for a while is said once and tried again: it goes
	// on from the byte, or the instant, at which it was.
	Follow(ctx context.Context, n regions.Node, what Tail, hear func(Heard))
}

// Tail is which logs of a node are followed.
type Tail struct {
	Files []string // of the folder on the host, without ".log"
	From  int64    // how many bytes of each are handed on that are there already
	Lines int      // the same of what the container wrote, in lines
	Plain bool     // what the container wrote, whatever is in the folder
}

// Heard is what one log grew by.
type Heard struct {
	Node    string
	File    string    // "console.log"; "" for what the container wrote
	Lines   []string  // whole ones, oldest first; without any, nothing came since the last time
	Begin   bool      // they were there before
	Trouble string    // why the node's logs cannot be read just now
	At      time.Time // by the bot's clock
}
