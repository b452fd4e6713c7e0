package wire_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/secret"
)

// echo answers each line with its length.
var echo = secret.Words("sh", "-c", `echo $$; while read -r l; do echo "${#l}"; done`)

func TestStreamAnswersLineByLine(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	st, err := h.Stream(within(t, patience), echo)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := st.Stdout.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"one", "three", ""} {
		if _, err := fmt.Fprintln(st.Stdin, q); err != nil {
			t.Fatal(err)
		}
		if got, err := st.Stdout.ReadString('\n'); err != nil || got != fmt.Sprintln(len(q)) {
			t.Fatalf("%q was answered %q, error %v", q, got, err)
		}
	}
	for range 2 { // the second time it has been closed, and perhaps by the host
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}
	allGone(t, []string{strings.TrimSpace(pid)})
}

func TestStreamEndsWithTheConnection(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	h := newPool(t, wire.Options{}).Host(proxy.Node(t, s))
	st, err := h.Stream(within(t, patience), echo)
	if err != nil {
		t.Fatal(err)
	}
	pid, _ := st.Stdout.ReadString('\n')
	proxy.Cut()
	if _, err := st.Stdout.ReadString('\n'); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want EOF", err)
	}
	wantError(t, st.Err(), facts.Unreachable, ops.Unseen, "the connection was lost")
	allGone(t, []string{strings.TrimSpace(pid)})
}

func TestStreamSaysWhyItEnded(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	st, err := h.Stream(within(t, patience), secret.Words("ls", "/does-not-exist"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	if _, err := st.Stdout.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want EOF", err)
	}
	wantError(t, st.Err(), facts.Failed, ops.Failed, "/does-not-exist", "No such file")
}

func TestStreamNobodyReadsStderr(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	// Three megabytes are more than the window that both outputs share.
	st, err := h.Stream(within(t, patience), secret.Words("sh", "-c", "head -c 3000000 /dev/zero >&2; echo done"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	if l, err := st.Stdout.ReadString('\n'); l != "done\n" {
		t.Errorf("got %q, %v", l, err)
	}
}

func TestStreamsAndCommandsShareTheEightPlaces(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	var streams []*wire.Stream
	for range 8 {
		st, err := h.Stream(within(t, patience), echo)
		if err != nil {
			t.Fatal(err)
		}
		streams = append(streams, st)
	}
	over := make(chan error, 1)
	go func() {
		_, err := h.Run(within(t, patience), secret.Words("true"), wire.RunOptions{})
		over <- err
	}()
	_, err := h.Run(within(t, 100_000_000), secret.Words("true"), wire.RunOptions{})
	wantError(t, err, facts.TooLate, ops.Unseen, "one of 8 places")
	for _, st := range streams {
		_ = st.Close()
	}
	if err := <-over; err != nil {
		t.Errorf("the ninth did not get a place: %v", err)
	}
}

// TestStreamIsClosedWhileItIsWrittenTo, also where nobody reads and the writer waits:
// Close waits for nobody, and the writer ends. The race detector sees the rest.
func TestStreamIsClosedWhileItIsWrittenTo(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	for name, argv := range map[string][]secret.Word{"read": echo, "not read": secret.Words("sh", "-c", "echo $$; sleep 60 <&-")} {
		st, err := h.Stream(within(t, patience), argv)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.Stdout.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		begun, ended := make(chan struct{}), make(chan error, 1)
		go func() { // it ends with the stream
			line := []byte(strings.Repeat("x", 64<<10) + "\n")
			_, err := st.Stdin.Write(line)
			close(begun)
			for err == nil {
				_, err = st.Stdin.Write(line)
			}
			ended <- err
		}()
		<-begun
		closed := make(chan error, 1)
		go func() { closed <- st.Close() }() // it waits for nobody
		for what, done := range map[string]chan error{"Close": closed, "the writer": ended} {
			select {
			case err := <-done:
				if (err != nil) != (what == "the writer") {
					t.Errorf("%s: %s: %v", name, what, err)
				}
			case <-within(t, patience).Done():
				t.Fatalf("%s: %s never came back", name, what)
			}
		}
	}
}
