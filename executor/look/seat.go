package look

import (
	"net/http"
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

func (s *seat) close() {
	s.weave.CloseIdleConnections()
	s.reader.close()
}
