package look

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"vmqbot/executor/engine"
	"vmqbot/regions"
)

// seatKey makes two nodes share a host, as the ssh connection does.
type seatKey struct {
	host string
	ssh  regions.SSH
}

// seat is what one host keeps between looks.
type seat struct {
	name   string
	host   engine.Host
	docker *engine.Engine
	weave  *http.Client
	reader *reader

	mu   sync.Mutex
	pids map[string]int // by container: the first process, when last seen
	root string         // Docker's own folder; "" until it said so
}

func (l *Looker) seat(n regions.Node) *seat {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := seatKey{n.Host, n.SSH}
	s := l.seats[key]
	if s == nil {
		h := l.dial(n)
		s = &seat{
			name: n.Host, host: h, docker: l.engines.Of(n), reader: newReader(h), pids: map[string]int{},
			weave: &http.Client{Transport: &http.Transport{
				DialContext: h.Dial, MaxIdleConnsPerHost: 2, IdleConnTimeout: 10 * time.Minute, DisableCompression: true,
			}},
		}
		l.seats[key] = s
	}
	return s
}

func (s *seat) pid(container string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pids[container]
}

func (s *seat) remember(container string, pid int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pids[container] = pid
}

// folders are those of the host whose disks matter: Docker's own, which it is
// asked for once, and the planned ones.
func (v view) folders(ctx context.Context) []string {
	v.mu.Lock()
	root := v.root
	v.mu.Unlock()
	if root == "" {
		root, _ = v.docker.Root(ctx) // that Docker does not answer is told by others
		v.mu.Lock()
		v.root = root
		v.mu.Unlock()
	}
	var all []string
	for _, f := range []string{root, v.node.Volumes.Data, v.node.Volumes.Log, v.node.Volumes.Conf} {
		if f != "" && !strings.Contains(f, "\n") && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

func (s *seat) close() {
	s.weave.CloseIdleConnections()
	s.reader.close()
}
