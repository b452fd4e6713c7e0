package watch

import (
	"context"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"

	"vmqbot/ops"
)

// clockwork sweeps until ctx ends, at once and then on the clock, and looks in between
// when something asks: the first sweep asks the brokers everything, and what is lost
// meanwhile must not wait for it. A sweep that takes longer than the interval skips ticks
// and never overlaps; one that panics is logged, and the next one comes all the same.
func (w *Watch) clockwork(ctx context.Context) {
	log := cronLog{w.Logger, func() { w.notice(ops.Noticed{Notice: ops.SweepSkipped}) }}
	sweep := cron.NewChain(cron.Recover(log), cron.SkipIfStillRunning(log)).Then(cron.FuncJob(func() { w.sweep(ctx) }))
	c := cron.New(cron.WithLogger(log))
	c.Schedule(every{w.Service.Fleet.Checks.Sweep, w.Jitter}, sweep)
	c.Start()
	w.jobs.Go(sweep.Run)
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-w.Told:
			w.ask("somebody has told the watch something")
		case why := <-w.hint:
			cron.NewChain(cron.Recover(log)).Then(cron.FuncJob(func() { w.look(ctx, why) })).Run()
		}
	}
	<-c.Stop().Done()
}

// every is a schedule with jitter, so that the bots of many fleets do not knock
// at the same moment.
type every struct {
	interval time.Duration
	jitter   func(time.Duration) time.Duration
}

// Next is when the next sweep begins.
func (e every) Next(now time.Time) time.Time {
	d := e.interval
	if e.jitter != nil {
		d += e.jitter(e.interval)
	}
	return now.Add(max(d, time.Millisecond))
}

// cronLog is cron's way to the log. Its own ticks are no news.
type cronLog struct {
	log     *slog.Logger
	skipped func()
}

// Info keeps only that a sweep was skipped.
func (c cronLog) Info(msg string, more ...any) {
	if msg == "skip" {
		c.skipped()
		c.log.Warn("a sweep was skipped: the one before still runs", more...)
	}
}

// Error is a panic.
func (c cronLog) Error(err error, msg string, more ...any) {
	c.log.Error(msg, append([]any{"err", err}, more...)...)
}
