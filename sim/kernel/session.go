package kernel

import "vmqbot/sim/fabric"

// Setsid makes the process the leader of a group of its own; false when it is
// one already.
func (p *Process) Setsid() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	led := p.group == p
	p.group = p
	return !led
}

// SetNet moves the process into another network namespace, as setns(2) does.
// Only the process itself may call it.
func (p *Process) SetNet(n *fabric.Space) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Net = n
}

func (p *Process) net() *fabric.Space {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Net
}

func (p *Process) leader() *Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.group
}
