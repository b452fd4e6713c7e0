package images

import (
	"bytes"
	"context"
	"syscall"
	"time"

	"vmqbot/lab/broker/script"
	"vmqbot/sim/kernel"
)

// standin is the one program behind every name of the release: lab/broker in
// a process of the simulated kernel.
func (o Options) standin(p *kernel.Process) int {
	e, err := script.New(func(name string) string { return p.Env[name] })
	if err != nil {
		p.Errorf("%v\n", err)
		return 2
	}
	net := openSockets(p.Context(), p.Net)
	defer net.Close()
	e.System, e.Network, e.Stdout, e.Stderr = &system{p}, net, p.Stdout(), p.Stderr()
	e.Real, e.Room = p.Real, func() error { return room(p) }
	o.setPace(e)
	if o.Halved == nil || !o.Halved(p) {
		return e.Run(p.Context(), p.Argv)
	}
	var said bytes.Buffer
	e.Stdout = &said
	exit := e.Run(p.Context(), p.Argv)
	_, _ = p.Stdout().Write(said.Bytes()[:said.Len()/2]) // nobody to tell
	return exit
}

// room is nil, or why the process can write no more: its disk is full, or it
// was killed and only its goroutines are still there.
func room(p *kernel.Process) error {
	if err := context.Cause(p.Context()); err != nil {
		return err
	}
	if p.Machine.NoRoom(p.Real("/var/lib/vernemq")) {
		return syscall.ENOSPC
	}
	return nil
}

func (o Options) pace() float64 {
	if o.Pace > 0 {
		return o.Pace
	}
	return 1
}

func (o Options) second() time.Duration {
	return time.Duration(o.pace() * o.haste() * float64(time.Second))
}

func (o Options) haste() float64 {
	if o.Haste == nil {
		return 1
	}
	return o.Haste()
}

// setPace scales the delays, but what ends the waiting for an answer not below
// what a busy machine needs.
func (o Options) setPace(e *script.Env) {
	e.Pace = o.Haste
	if o.pace()*o.haste() == 1 {
		return
	}
	e.Second = max(o.second(), 100*time.Millisecond)
	e.Scale(o.pace())
	for delay, least := range map[*time.Duration]time.Duration{
		&e.Timing.Exchange: time.Second, // costs most of what an idle node costs
		&e.Timing.NetTick:  2 * time.Second, &e.Timing.Unreachable: 500 * time.Millisecond, &e.Timing.RPC: 5 * time.Second,
	} {
		*delay = max(*delay, least)
	}
}
