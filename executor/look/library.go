package look

import (
	"context"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"vmqbot/facts"
	"vmqbot/gate"
	"vmqbot/secret"
)

// library reads what the engine has to make containers from, the room for more,
// and how the container takes it to be stopped.
func (v view) library(ctx context.Context, based <-chan struct{}) facts.Seen[facts.Library] {
	var (
		l    facts.Library
		err  error
		all  sync.WaitGroup
		home facts.Seen[facts.Disk]
		ends facts.Seen[string]
	)
	all.Go(func() {
		if l, err = v.docker.Library(ctx); err == nil {
			l.Disk = v.disk(ctx, l.Root)
		}
	})
	all.Go(func() { home = v.disk(ctx, ".") })
	all.Go(func() {
		<-based
		ends = v.ends(ctx)
	})
	all.Wait()
	if err != nil {
		return missed[facts.Library](err)
	}
	l.Home, l.Ends = home, ends
	return facts.Saw(l)
}

// disk measures the disk under a folder.
func (v view) disk(ctx context.Context, folder string) facts.Seen[facts.Disk] {
	a, err := v.host.Run(ctx, secret.Words("df", "-Pk", "--", folder), nil)
	if err != nil {
		return missed[facts.Disk](err)
	}
	d, ok := diskOf(a.Stdout)
	if !ok || a.Exit != 0 {
		return facts.Missed[facts.Disk](facts.Unreadable, "the disk under "+folder+" on "+v.name+" is not understood ("+firstLine(a)+"): look there with `df -Pk`.")
	}
	return facts.Saw(d)
}

// leaves is a line of a start script that takes the node out of its cluster, as
// the images of before 2020-12-07 have it for SIGTERM.
var leaves = regexp.MustCompile(`(?m)^[^#\n]*\bcluster\s+leave\b[^\n]*$`)

// paths are where a program is looked for that has no path.
var paths = []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}

// ends reads the program that the container starts with, where it is a script,
// and returns its line that leaves the cluster. A gate stands before what the
// image would do.
func (v view) ends(ctx context.Context) facts.Seen[string] {
	c, ok := v.seen.Container.Get()
	if !ok {
		return facts.Missed[string](v.seen.Container.Blind(), v.seen.Container.Why())
	}
	program, text := begins(slices.Concat(c.Entrypoint, c.Cmd))
	switch {
	case c.Labels[gate.Label] != "":
		return facts.Saw("")
	case text != "":
		return facts.Saw(strings.TrimSpace(leaves.FindString(text)))
	case program == "":
		return facts.Missed[string](facts.Unreadable, "Docker does not tell what "+c.Name+" on "+v.name+" starts with.")
	}
	places := []string{program}
	if !strings.Contains(program, "/") {
		places = nil
		for _, dir := range paths {
			places = append(places, path.Join(dir, program))
		}
	}
	var said facts.Seen[string]
	for _, at := range places {
		if said = v.file(ctx, c.Name, at); said.Blind() != facts.Absent {
			break
		}
	}
	text, ok = said.Get()
	switch {
	case ok && strings.HasPrefix(text, "#!"):
		return facts.Saw(strings.TrimSpace(leaves.FindString(text)))
	case ok, strings.Contains(said.Why(), " holds "): // a program that is no script; most are longer than any
		return facts.Saw("")
	}
	return said
}

// begins is the program that a command line comes down to, behind a shell or an
// init that starts it, or the text that a shell is given.
func begins(words []string) (program, text string) {
	for i, w := range words {
		switch path.Base(w) {
		case "sh", "bash", "dash", "tini", "dumb-init", "--":
			continue
		}
		if w == "-c" && i > 0 && i+1 < len(words) {
			return "", words[i+1]
		}
		if !strings.HasPrefix(w, "-") {
			return w, ""
		}
	}
	return "", ""
}
