package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"vmqbot/commands"
	"vmqbot/executor"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/store"
)

// loadFleet reads and validates the fleet file and resolves its references.
func (p *process) loadFleet(path string) (*regions.Fleet, error) {
	p.config = path
	src, err := os.ReadFile(path) //nolint:gosec // the user names the file
	if err != nil {
		return nil, ops.Errorf(ops.Invalid, "bot run --config FILE -- VERB", "The fleet file cannot be read: %v.", err)
	}
	p.speaks(regions.LanguageOf(src))
	f, err := regions.Load(path, src, p.resolver(filepath.Dir(path)))
	if err != nil {
		return nil, &ops.Error{Code: ops.Invalid, Msg: err.Error(), Cause: err} // every problem, one line each, in the order of the file
	}
	if err := commands.CheckPolicy(f); err != nil {
		return nil, err
	}
	fromFile(f, filepath.Dir(path))
	p.redactor = f.Redactor()
	return f, nil
}

// fromFile makes relative paths of the fleet file relative to it, whatever
// folder the bot is started in. A leading ~ is expanded where it is used.
func fromFile(f *regions.Fleet, dir string) {
	place := func(path *string) {
		if *path != "" && !filepath.IsAbs(*path) && !strings.HasPrefix(*path, "~") {
			*path = filepath.Join(dir, *path)
		}
	}
	place(&f.Store)
	for r := range f.Regions {
		for n := range f.Regions[r].Nodes {
			place(&f.Regions[r].Nodes[n].SSH.Key)
			place(&f.Regions[r].Nodes[n].SSH.KnownHosts)
		}
	}
}

// resolver answers ${env:NAME} and ${file:PATH}; a relative path is relative
// to the fleet file.
func (p *process) resolver(dir string) func(kind, ref string) (string, error) {
	return func(kind, ref string) (string, error) {
		switch kind {
		case "env":
			v := p.getenv(ref)
			if v == "" {
				return "", fmt.Errorf("the environment variable %s is not set", ref)
			}
			return v, nil
		case "file":
			if !filepath.IsAbs(ref) {
				ref = filepath.Join(dir, ref)
			}
			b, err := os.ReadFile(ref) //nolint:gosec // the fleet file names the file
			if err != nil {
				return "", err
			}
			return strings.TrimRight(string(b), "\r\n"), nil
		default:
			return "", fmt.Errorf("there is no reference of the kind %q; write ${env:NAME} or ${file:PATH}", kind)
		}
	}
}

// openStore opens the journal that the fleet file names, or the user's own.
func (p *process) openStore(ctx context.Context, f *regions.Fleet) (*store.Store, error) {
	path := p.storePath(f)
	if path == "" {
		return nil, ops.Errorf(ops.Invalid, "store: PATH in the fleet file", "Neither HOME nor XDG_STATE_HOME is set, so there is no place for the journal.")
	}
	return store.Open(ctx, path, wallClock{})
}

// storePath is where the journal is; "" when there is no place for it.
func (p *process) storePath(f *regions.Fleet) string {
	home, state := p.getenv("HOME"), p.getenv("XDG_STATE_HOME")
	if rest, ok := strings.CutPrefix(f.Store, "~/"); ok {
		return filepath.Join(home, rest)
	}
	if state == "" && home != "" {
		state = filepath.Join(home, ".local", "state")
	}
	if f.Store != "" || state == "" {
		return f.Store
	}
	return filepath.Join(state, "vmqbot", f.Cluster+".db")
}

// reach is how the hosts of a fleet are reached. Layers of images lie beside the
// journal, where there is room that is meant for this.
func (p *process) reach(f *regions.Fleet) executor.Options {
	o := executor.Options{Agent: p.getenv("SSH_AUTH_SOCK"), Home: p.getenv("HOME")}
	if path := p.storePath(f); path != "" {
		o.Stock = filepath.Join(filepath.Dir(path), "images")
	}
	return o
}

// healthcheck reports whether the fleet file is valid and the journal is one,
// open for writing: what a container's HEALTHCHECK asks.
func (p *process) healthcheck(ctx context.Context, args []string) error {
	fs := p.flags("healthcheck")
	config := fs.String("config", "fleet.yaml", "")
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		_, err = fmt.Fprint(p.stdout, usage)
		return err
	} else if err != nil {
		return ops.Errorf(ops.Invalid, "bot healthcheck --config FILE", "healthcheck: %v.", err)
	}
	if fs.NArg() > 0 {
		return ops.Errorf(ops.Invalid, "bot healthcheck --config FILE", "healthcheck does not know what to do with %q.", fs.Arg(0))
	}
	f, err := p.loadFleet(*config)
	if err != nil {
		return err
	}
	s, err := p.openStore(ctx, f)
	if err != nil {
		return err
	}
	// Not the whole audit: this is asked every 30 s and must answer within 5 s,
	// however long the audit has grown.
	if _, _, err := s.Head(ctx); err != nil {
		return errors.Join(err, s.Close())
	}
	if err := s.Close(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, "ok")
	return err
}
