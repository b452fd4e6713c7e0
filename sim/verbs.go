package sim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// verb is one word that breaks, mends or asks something of the fleet.
type verb struct {
	args  string
	about string
	run   func(ctx context.Context, f *Fleet, s Streams, args []string) (int, error)
}

// verbs are found by their word. They are those of the lab, and the same in
// its scripts.
var verbs map[string]verb

func init() { // the table and help would name each other
	verbs = map[string]verb{
		"help":    {"", "these words", help},
		"status":  {"", "one line per host", status},
		"exec":    {"[-i] HOST PROGRAM ARGS...", "runs a program on a host as root, with its exit status", execute},
		"host":    {"start|stop|restart|kill|pause|unpause HOST", "kill is the power cord, pause freezes", power},
		"cut":     {"HOST PEER", "drops every packet between two hosts, both ways", cut},
		"delay":   {"HOST PEER TIME", "makes two hosts distant: TIME one way, as 100ms", delay},
		"lose":    {"HOST PEER PERCENT", "loses packets between two hosts", lose},
		"corrupt": {"HOST weave|vmq-admin", "half of every answer of that program is missing", corrupt},
		"mend":    {"HOST", "undoes cut, delay, lose, fill, refuse and corrupt of a host", mend},
		"fill":    {"HOST", "fills the disk of a host", fill},
		"disk":    {"HOST FOLDER SIZE|full", "leaves so much room on the disk under a folder, as 700m", disk},
		"refuse":  {"HOST", "takes the bot's key from a host", refuse},
		"rekey":   {"HOST [--restore]", "another ssh host key, as a reinstalled host has", rekey},
		"claim":   {"HOST", "its weave keeps the broker's address for a container that is gone", claim},
		"empty":   {"HOST...|all", "takes the broker and its files away: Docker and weave remain", empty},
		"runbook": {"HOST...|all", "makes the broker again as the oldest runbook made it", runbook},
		"reset":   {"", "everything as it was after the start", reset},
	}
}

// errUsage is wrapped by what is wrong with the words of a verb.
var errUsage = errors.New("wrong words")

// Do does one verb. What is wrong is said on the error stream and by the exit
// status: 2 for wrong words, 1 for what failed; exec has its program's.
func (f *Fleet) Do(ctx context.Context, s Streams, args ...string) (exit int) {
	s = s.withDefaults()
	exit, err := f.do(ctx, s, args)
	if err == nil {
		return exit
	}
	_, _ = fmt.Fprintf(s.Err, "sim: %v\n", err)
	if errors.Is(err, errUsage) {
		return 2
	}
	return 1
}

func (f *Fleet) do(ctx context.Context, s Streams, args []string) (int, error) {
	if len(args) == 0 {
		args = []string{"help"}
	}
	v, ok := verbs[args[0]]
	if !ok {
		return 0, fmt.Errorf("%w: there is no verb %q; type help", errUsage, args[0])
	}
	exit, err := v.run(ctx, f, s, args[1:])
	if errors.Is(err, errUsage) {
		err = fmt.Errorf("%w; type %s %s", err, args[0], v.args)
	}
	return exit, err
}

// hostOf finds a host by its name.
func (f *Fleet) hostOf(name string) (*host, error) {
	if h := f.find(name); h != nil {
		return h, nil
	}
	names := make([]string, len(f.hosts))
	for i, h := range f.hosts {
		names[i] = h.site.Name
	}
	return nil, fmt.Errorf("%w: there is no host %q; there are %s", errUsage, name, strings.Join(names, ", "))
}

// lineOf finds the two hosts of a line.
func (f *Fleet) lineOf(args []string) (pair, error) {
	if len(args) < 2 {
		return pair{}, fmt.Errorf("%w: two hosts are wanted", errUsage)
	}
	for _, name := range args[:2] {
		if _, err := f.hostOf(name); err != nil {
			return pair{}, err
		}
	}
	return between(args[0], args[1]), nil
}

// one finds the only host that is named.
func (f *Fleet) one(args []string) (*host, error) {
	if len(args) != 1 {
		return nil, fmt.Errorf("%w: one host is wanted", errUsage)
	}
	return f.hostOf(args[0])
}

// some are the hosts with Docker that are named, or all.
func (f *Fleet) some(args []string) ([]*host, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("%w: hosts are wanted, or all", errUsage)
	}
	if len(args) == 1 && args[0] == "all" {
		return f.regions(), nil
	}
	var list []*host
	for _, name := range args {
		h, err := f.hostOf(name)
		if err != nil {
			return nil, err
		}
		if h.engine == nil {
			return nil, fmt.Errorf("%w: %s has no broker", errUsage, name)
		}
		if !slices.Contains(list, h) {
			list = append(list, h)
		}
	}
	return list, nil
}

func help(_ context.Context, _ *Fleet, s Streams, _ []string) (int, error) {
	for _, name := range slices.Sorted(maps.Keys(verbs)) {
		if _, err := fmt.Fprintf(s.Out, "%-50s %s\n", strings.TrimSpace(name+" "+verbs[name].args), verbs[name].about); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

func execute(ctx context.Context, f *Fleet, s Streams, args []string) (int, error) {
	if len(args) > 0 && args[0] == "-i" {
		args = args[1:]
	} else {
		s.In = nil
	}
	if len(args) < 2 {
		return 0, fmt.Errorf("%w: a host and a program are wanted", errUsage)
	}
	h, err := f.hostOf(args[0])
	if err != nil {
		return 0, err
	}
	return h.run(ctx, s, args[1:]...)
}

func status(_ context.Context, f *Fleet, s Streams, _ []string) (int, error) {
	for _, h := range f.hosts {
		if _, err := fmt.Fprintln(s.Out, h.line()); err != nil {
			return 0, err
		}
	}
	return 0, nil
}
