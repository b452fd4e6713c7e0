package opstest

import (
	"context"
	"slices"
	"sync"

	"vmqbot/alerts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// Book keeps what a watch knows in memory.
type Book struct {
	mu     sync.Mutex
	broken error
	book   alerts.Book
	doors  []string // the first is regions.Speech, as long as nobody named others
	says   []alerts.Say
	last   int64
	refs   map[string]string
	wishes []alerts.Wish
}

var (
	_ ops.AlertBook = (*Book)(nil)
	_ ops.Wishes    = (*Book)(nil)
)

// Break makes every turn from now on end with an error; nil mends it.
func (b *Book) Break(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.broken = err
}

// Book returns what was kept last.
func (b *Book) Book(context.Context) (alerts.Book, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.book, nil
}

// SaveTurn keeps a turn.
func (b *Book) SaveTurn(_ context.Context, _, after alerts.Book, says []alerts.Say) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken != nil {
		return b.broken
	}
	b.book = after
	for _, s := range says {
		b.last++
		for _, door := range b.all() {
			s.Seq, s.Door = b.last, door
			b.says = append(b.says, s)
		}
	}
	return nil
}

func (b *Book) all() []string {
	if b.doors == nil {
		b.doors = []string{regions.Speech}
	}
	return b.doors
}

// Doors names who hears.
func (b *Book) Doors(_ context.Context, names ...string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.doors = slices.Clone(names)
	b.says = slices.DeleteFunc(b.says, func(s alerts.Say) bool { return !slices.Contains(names, s.Door) })
	return nil
}

// Unsaid is what a door must still say.
func (b *Book) Unsaid(_ context.Context, door string) ([]alerts.Say, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := slices.DeleteFunc(slices.Clone(b.says), func(s alerts.Say) bool { return s.Door != door })
	for i, s := range all {
		all[i].Ref = b.refs[place(s)]
	}
	return all, nil
}

// Said takes one thing out.
func (b *Book) Said(_ context.Context, s alerts.Say, ref string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.says = slices.DeleteFunc(b.says, func(o alerts.Say) bool { return o.Seq == s.Seq && o.Door == s.Door })
	if b.refs == nil {
		b.refs = map[string]string{}
	}
	if ref != "" {
		b.refs[place(s)] = ref
	}
	return nil
}

func place(s alerts.Say) string { return s.Door + "/" + s.Group + "/" + string(rune('0'+s.Episode)) }

// AddWish keeps a wish.
func (b *Book) AddWish(_ context.Context, w alerts.Wish) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wishes = append(b.wishes, w)
	return nil
}

// Wishes are all of them.
func (b *Book) Wishes(context.Context) ([]alerts.Wish, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.wishes), nil
}
