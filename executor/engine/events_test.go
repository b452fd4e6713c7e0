package engine_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
)

// listen hears events since a time, once nothing more is missed. next waits for one;
// end ends it.
func listen(t *testing.T, e *engine.Engine, since time.Time) (next func() engine.Event, end func()) {
	t.Helper()
	heard, ended, ready := make(chan engine.Event, 64), make(chan error, 1), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { // end waits for it
		ended <- e.Listen(ctx, since, sync.OnceFunc(func() { close(ready) }), func(ev engine.Event) { heard <- ev })
	}()
	<-ready
	next = func() engine.Event {
		t.Helper()
		select {
		case ev := <-heard:
			return ev
		case <-time.After(2 * time.Minute):
			t.Fatal("nothing was told for two minutes")
			return engine.Event{}
		}
	}
	return next, func() {
		t.Helper()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the stream ended with %v", err)
		}
	}
}

// TestEventsAreToldAndResumed: a start is told while one listens, and again to
// whoever asks for what happened since.
func TestEventsAreToldAndResumed(t *testing.T) {
	e := open(t, &enginetest.Host{})
	do(t, "create", e.Create(t.Context(), made(t, "eventful")))
	next, end := listen(t, e, time.Time{})
	do(t, "start", e.Start(t.Context(), "eventful"))
	first := next()
	if first.Action != "start" || first.Name != "eventful" || first.At.IsZero() {
		t.Errorf("%+v", first)
	}
	end()
	next, end = listen(t, e, first.At)
	if again := next(); again != first {
		t.Errorf("what happened since: %+v, want %+v", again, first)
	}
	end()
}

// TestEveryKindThatIsAskedForIsTold by a real daemon: the start of a container, its end,
// another name, and that it is gone.
func TestEveryKindThatIsAskedForIsTold(t *testing.T) {
	e := open(t, &enginetest.Host{})
	next, end := listen(t, e, time.Time{})
	do(t, "create", e.Create(t.Context(), made(t, "all-kinds")))
	do(t, "start", e.Start(t.Context(), "all-kinds"))
	do(t, "stop", e.Stop(t.Context(), "all-kinds", time.Second))
	do(t, "rename", e.Rename(t.Context(), "all-kinds", "other-name"))
	do(t, "remove", e.Remove(t.Context(), "other-name"))
	for _, want := range []string{"start", "die", "rename", "destroy"} {
		if ev := next(); ev.Action != want {
			t.Fatalf("told is %+v, want %s", ev, want)
		}
	}
	end()
}

// TestHealthAndLackOfMemoryAreTold: by a real daemon that asks the container how it is,
// and by the kernel, which ends what eats more than it may.
func TestHealthAndLackOfMemoryAreTold(t *testing.T) {
	e := open(t, &enginetest.Host{})
	docker.Variant(t, "vernemq:asked", `HEALTHCHECK --interval=1s CMD ["/bin/guest", "say", "well", "", "0"]`)
	next, end := listen(t, e, time.Time{})
	until := func(name string, actions ...string) { // all of them, in whatever order
		t.Helper()
		for len(actions) > 0 {
			if ev := next(); ev.Name == name {
				actions = slices.DeleteFunc(actions, func(a string) bool { return a == ev.Action })
			}
		}
	}
	begin := func(args ...string) {
		t.Helper()
		if out, err := docker.Command(t.Context(), append([]string{"run", "--detach"}, args...)...); err != nil {
			t.Fatal(out, err)
		}
	}
	begin("--name", "asked", "vernemq:asked", "/bin/guest", "hang")
	until("asked", "health_status: healthy")
	begin("--memory", "24m", "--memory-swap", "24m", "--name", "eater", enginetest.Image, "/bin/guest", "eat")
	until("eater", "start")
	eater, err := e.Container(t.Context(), "eater")
	do(t, "look", err)
	do(t, "wait until it listens", enginetest.Hears(t.Context(), eater.PID))
	if out, err := docker.Command(t.Context(), "kill", "--signal", "TERM", "eater"); err != nil {
		t.Fatal(out, err)
	}
	until("eater", "oom", "die") // the daemon hears of both from different sides
	end()
	c, err := e.Container(t.Context(), "eater")
	if err != nil || !c.OOMKilled {
		t.Errorf("%+v %v", c, err)
	}
	do(t, "remove", e.Remove(t.Context(), "eater"))
	do(t, "stop", e.Stop(t.Context(), "asked", time.Second))
	do(t, "remove", e.Remove(t.Context(), "asked"))
}
