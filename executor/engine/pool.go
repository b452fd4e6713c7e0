package engine

import (
	"sync"

	"vmqbot/regions"
)

// Pool keeps one engine per host, however many nodes live there, so that
// everyone who asks it finds its connections warm.
type Pool struct {
	dial func(regions.Node) Host

	mu      sync.Mutex
	engines map[login]*Engine
}

// login is what makes two nodes share a host.
type login struct {
	host string
	ssh  regions.SSH
}

// NewPool makes a pool over the connections that dial names.
func NewPool(dial func(regions.Node) Host) *Pool {
	return &Pool{dial: dial, engines: map[login]*Engine{}}
}

// Of returns the engine of a node's host.
func (p *Pool) Of(n regions.Node) *Engine {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := login{n.Host, n.SSH}
	e := p.engines[key]
	if e == nil {
		e = New(n.Host, p.dial(n))
		p.engines[key] = e
	}
	return e
}

// Close drops the idle connections of all engines.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.engines {
		e.Close()
	}
}
