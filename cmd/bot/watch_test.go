package main

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
)

// endsAt ends a run when it has written something.
type endsAt struct {
	mu   sync.Mutex
	said bytes.Buffer
	word string
	end  context.CancelFunc
}

func (e *endsAt) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n, err := e.said.Write(b)
	if strings.Contains(e.said.String(), e.word) {
		e.end()
	}
	return n, err
}

// TestWatchEndsCleanly when it is told to, also while no host answers.
func TestWatchEndsCleanly(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stderr := &endsAt{word: "msg=watching", end: cancel}
	var stdout bytes.Buffer
	p := &process{args: []string{"watch", "--config", w.fleet(), "--idle"}, stdin: strings.NewReader(""), stdout: &stdout, stderr: stderr, getenv: func(k string) string { return w.env[k] }}
	if exit := p.main(ctx); exit != 0 || !strings.Contains(stderr.said.String(), "msg=watching") {
		t.Errorf("exit %d\n%s\n%s", exit, stdout.String(), stderr.said.String())
	}
}

func TestWatchRefusesWrongWords(t *testing.T) {
	w := newWorld(t)
	w.wants(w.bot("watch", "--config", w.fleet(), "cn"), 2, "", `watch does not know what to do with "cn"`)
	w.wants(w.bot("watch", "--loud"), 2, "", "watch: flag provided but not defined")
}
