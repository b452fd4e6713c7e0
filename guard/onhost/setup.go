package onhost

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"vmqbot/guard"
)

// comesUp is how long a guard has to say that it has looked.
const comesUp = 20 * time.Second

// setup puts this program and its configuration in their places, has it started
// and waits until it has looked. When that fails, what was there before is put
// back and started again; where there was nothing, nothing stays.
func setup(ctx context.Context, p Process, c guard.Config) error {
	program, err := p.Machine.ReadFile(p.Self)
	if err != nil {
		return err
	}
	at := places(c.Node)
	before, noProgram := p.Machine.ReadFile(at.program)
	told, noConfig := p.Machine.ReadFile(at.config)
	if err := replace(ctx, p.Machine, c, program); err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		old, unread := guard.ParseConfig(told)
		if noProgram != nil || noConfig != nil || unread != nil {
			return errors.Join(err, teardown(ctx, p.Machine, c.Node))
		}
		return errors.Join(err, replace(ctx, p.Machine, old, before))
	}
	if p.Self != at.program {
		return p.Machine.Remove(p.Self)
	}
	return nil
}

// replace puts a program and a configuration in their places and starts them.
func replace(ctx context.Context, host Machine, c guard.Config, program []byte) error {
	at, m := places(c.Node), managerOf(host)
	if err := host.WriteFile(at.program, program, 0o755); err != nil {
		return fmt.Errorf("the guard could not be put at %s (it needs root): %w", at.program, err)
	}
	if err := host.WriteFile(at.config, []byte(c.Text()+"\n"), 0o644); err != nil {
		return err
	}
	begun := time.Now()
	if err := m.Enable(ctx, c); err != nil {
		return err
	}
	return up(ctx, host, c, digest(program), begun)
}

// up waits until the guard that was just started has looked.
func up(ctx context.Context, m Machine, c guard.Config, program string, begun time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, comesUp)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		s, err := readState(m, c.Node)
		if err == nil && s.Program == program && s.Config == c.Text() && !s.Began.Before(begun.Add(-time.Second)) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("the guard of %s was started by %s and has said nothing within %s; what it says otherwise stands in %s, or in: journalctl -u %s",
				c.Node, managerOf(m).Name(), comesUp, places(c.Node).log, places(c.Node).service)
		}
	}
}

// teardown ends the guard and removes everything of it but the log.
func teardown(ctx context.Context, m Machine, node string) error {
	at := places(node)
	if err := managerOf(m).Disable(ctx, guard.Config{Node: node}); err != nil {
		return err
	}
	for _, name := range []string{at.config, at.state, at.program} {
		if err := m.Remove(name); err != nil {
			return err
		}
	}
	return nil
}

// state is what the guard said of itself last, with what starts it and whether
// it runs now.
func state(ctx context.Context, m Machine, node string) (guard.State, error) {
	s, err := readState(m, node)
	if absent(err) { // it was set up and has never run since the host started
		text, err := m.ReadFile(places(node).config)
		if err != nil {
			return s, err
		}
		c, err := guard.ParseConfig(text)
		if err != nil {
			return s, err
		}
		s.Config = c.Text()
	} else if err != nil {
		return s, err
	}
	manager := managerOf(m)
	s.Manager = manager.Name()
	s.Runs, err = manager.Runs(ctx, node, s)
	return s, err
}

func readState(m Machine, node string) (guard.State, error) {
	text, err := m.ReadFile(places(node).state)
	if err != nil {
		return guard.State{}, err
	}
	return guard.ParseState(text)
}

func digest(program []byte) string {
	sum := sha256.Sum256(program)
	return hex.EncodeToString(sum[:])
}
