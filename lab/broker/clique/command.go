package clique

import (
	"context"
)

// Flag is one flag of a command.
type Flag struct {
	Long  string
	Short string // one letter, or ""
	Value bool   // --long=v, --long v or -s v
}

// Command is one leaf of the command tree.
type Command struct {
	Path     string   // "cluster join"
	Keys     []string // key=value arguments that it takes
	FreeKeys bool     // takes any key=value, and words without =
	Flags    []Flag
	AnyFlag  bool   // takes any flag: session show checks its fields itself
	Usage    string // of its own; "" uses the parent's
	Tight    bool   // no empty line after the usage
	Run      func(context.Context, Args) Result
}

// Args are the parsed arguments of one call.
type Args struct {
	Keys  []Pair // in the order as typed
	Flags []Pair
	Words []string // neither key=value nor flag; only with FreeKeys

	Format string // as asked for: "", human, json, csv or a word that means nothing
}

// Pair is one key=value or one flag with its value.
type Pair struct{ Key, Value string }

// Key is the value of a key=value argument.
func (a Args) Key(name string) (string, bool) { return get(a.Keys, name) }

// Flag is the value of a flag by its long name, and whether it was given.
func (a Args) Flag(long string) (string, bool) { return get(a.Flags, long) }

func get(list []Pair, name string) (string, bool) {
	for _, p := range list {
		if p.Key == name {
			return p.Value, true
		}
	}
	return "", false
}
