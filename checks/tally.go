package checks

// tally counts values of which there are few, as there are of carriers: for
// every link of a fleet at every sweep, a map costs more than it finds.
type tally[T comparable] struct {
	all  []tallied[T]
	lead int // of all, the one that was first to be counted so often
}

type tallied[T comparable] struct {
	value T
	times int
}

func (t *tally[T]) add(value T) {
	i := 0
	for i < len(t.all) && t.all[i].value != value {
		i++
	}
	if i == len(t.all) {
		t.all = append(t.all, tallied[T]{value: value})
	}
	t.all[i].times++
	if t.all[i].times > t.all[t.lead].times {
		t.lead = i
	}
}

// most is the value that was counted most often, and how often; the zero value
// of none.
func (t *tally[T]) most() (value T, times int) {
	if len(t.all) == 0 {
		return value, 0
	}
	return t.all[t.lead].value, t.all[t.lead].times
}
