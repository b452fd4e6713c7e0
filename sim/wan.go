package sim

import (
	"math/rand/v2"
	"sync"
	"time"

	"vmqbot/sim/fabric"
)

// wan is the network between the hosts: who has the cable out, which lines are
// cut, how far it is.
type wan struct {
	fabric *fabric.Fabric

	mu     sync.Mutex
	names  map[*fabric.Space]string
	out    map[string]bool // hosts that hear nothing and say nothing
	cuts   map[pair]bool
	delays map[pair]time.Duration // one way
	loss   map[pair]float64       // 0 to 1
}

// pair is two hosts, in alphabetical order.
type pair struct{ a, b string }

func between(a, b string) pair {
	if a > b {
		a, b = b, a
	}
	return pair{a, b}
}

func newWAN(f *fabric.Fabric) *wan {
	return &wan{fabric: f, names: map[*fabric.Space]string{}, out: map[string]bool{}, cuts: map[pair]bool{}, delays: map[pair]time.Duration{}, loss: map[pair]float64{}}
}

// retransmission is the pause that TCP makes for a lost packet.
const retransmission = 200 * time.Millisecond

// passes is the way between two hosts. A lost packet shows as TCP shows it: as
// a pause.
func (w *wan) passes(from, to *fabric.Space) fabric.Way {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, b := w.names[from], w.names[to]
	line := between(a, b)
	way := fabric.Way{Open: !w.out[a] && !w.out[b] && !w.cuts[line], Delay: w.delays[line]}
	if p := w.loss[line]; p > 0 && rand.Float64() < p {
		way.Delay += retransmission
	}
	return way
}

// edit changes the network and lets what waits try again.
func (w *wan) edit(change func(*wan)) {
	w.mu.Lock()
	change(w)
	w.mu.Unlock()
	w.fabric.Changed()
}

// mend undoes everything that was done to the lines of a host.
func (w *wan) mend(name string) {
	w.edit(func(w *wan) {
		for line := range w.cuts {
			if line.a == name || line.b == name {
				delete(w.cuts, line)
			}
		}
		for line := range w.delays {
			if line.a == name || line.b == name {
				delete(w.delays, line)
			}
		}
		for line := range w.loss {
			if line.a == name || line.b == name {
				delete(w.loss, line)
			}
		}
	})
}
