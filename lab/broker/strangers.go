package broker

import (
	"errors"
	"sync"
	"time"
)

// errStranger refuses a node that is not a member by this node's knowledge.
// That is why a node that was forced out stays a ghost that shows all others
// while none of them shows it.
var errStranger = errors.New("not a member of this cluster")

// hear takes another node's word about the membership, if it may speak.
func (a *app) hear(from string, state map[string]member) error {
	if !a.members.has(from) && !a.believe(from, state) {
		return errStranger
	}
	return a.mergeMembers(state)
}

// believe lets a cluster that has long taken this node for a member have its
// way: so a node that lost its data comes back by itself after some twenty
// seconds. A node that was removed is no such cluster.
func (a *app) believe(from string, state map[string]member) bool {
	if _, removed := a.members.state()[from]; removed {
		return false
	}
	me, ok := state[a.n.id.Node]
	return ok && !me.Gone && a.strangers.since(from) > a.n.timing().Adopt
}

// strangers remembers since when nodes that are not members have called.
type strangers struct {
	mu    sync.Mutex
	first map[string]time.Time
}

func (s *strangers) since(node string) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first == nil {
		s.first = map[string]time.Time{}
	}
	if s.first[node].IsZero() {
		s.first[node] = time.Now()
	}
	return time.Since(s.first[node])
}
