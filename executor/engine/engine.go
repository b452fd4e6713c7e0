package engine

import (
	"context"
	"net/http"
	"time"

	"github.com/docker/docker/client"
)

const (
	callTime  = 20 * time.Second // the longest that one question to the engine may take; a busy host needs seconds for one
	startTime = time.Minute      // the same for starting a container
)

// Engine is the Docker engine of one host. It keeps its connections and the
// agreed version of the API between calls, and may be used concurrently.
type Engine struct {
	name string
	way  *way
	gate chan struct{} // holds one token: whoever holds it may set api
	api  *client.Client
}

// New names the engine of a host; it connects when it is first asked.
func New(name string, h Host) *Engine {
	e := &Engine{name: name, way: &way{host: h, name: name}, gate: make(chan struct{}, 1)}
	e.gate <- struct{}{}
	return e
}

// Close drops the idle connections. The engine may be used again.
func (e *Engine) Close() {
	<-e.gate
	defer func() { e.gate <- struct{}{} }()
	if e.api != nil {
		_ = e.api.Close()
		e.api = nil
	}
	e.way.close()
}

// client returns the client, after finding the way in and agreeing on the
// version of the API the first time.
func (e *Engine) client(ctx context.Context) (*client.Client, error) {
	select {
	case <-e.gate:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { e.gate <- struct{}{} }()
	if e.api != nil {
		return e.api, nil
	}
	if err := e.way.find(ctx); err != nil {
		return nil, err
	}
	api, err := client.NewClientWithOpts(client.WithHTTPClient(&http.Client{
		Transport: &http.Transport{
			DialContext:         e.way.dial,
			MaxIdleConnsPerHost: e.way.idle(),
			IdleConnTimeout:     10 * time.Minute,
			DisableCompression:  true,
		},
		CheckRedirect: client.CheckRedirect,
	}))
	if err != nil {
		return nil, err
	}
	ping, err := api.Ping(ctx)
	if err != nil {
		_ = api.Close()
		return nil, err
	}
	api.NegotiateAPIVersionPing(ping)
	e.api = api
	return api, nil
}

// forget makes the next call agree on a version again.
func (e *Engine) forget(old *client.Client) {
	<-e.gate
	defer func() { e.gate <- struct{}{} }()
	if e.api == old && old != nil {
		_ = old.Close()
		e.api = nil
	}
}

// call asks the engine one thing, under a deadline, and says doing (a verb in
// the infinitive) in the sentence of a failure.
func call[T any](ctx context.Context, e *Engine, doing string, f func(context.Context, *client.Client) (T, error)) (T, error) {
	return callFor(ctx, callTime, e, doing, f)
}

func callFor[T any](ctx context.Context, limit time.Duration, e *Engine, doing string, f func(context.Context, *client.Client) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for again := true; ; again = false {
		var v T
		api, err := e.client(ctx)
		if err == nil {
			v, err = f(ctx, api)
		}
		if err == nil {
			return v, nil
		}
		if again && drifted(err) {
			e.forget(api)
			continue
		}
		return v, e.explain(ctx, err, doing)
	}
}
