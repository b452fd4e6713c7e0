package engine

import (
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"vmqbot/facts"
)

func frame(stream byte, s string) string {
	head := []byte{stream, 0, 0, 0, 0, 0, 0, 0}
	binary.BigEndian.PutUint32(head[4:], uint32(len(s)))
	return string(head) + s
}

func TestReadLog(t *testing.T) {
	for _, c := range []struct {
		name, body string
		n          int
		want       []string
	}{
		{"two streams", frame(1, "a\n") + frame(2, "b\n") + frame(1, "c\n"), 5, []string{"a", "b", "c"}},
		{"the last two", frame(1, "a\n") + frame(2, "b\n") + frame(1, "c\n"), 2, []string{"b", "c"}},
		{"a line in two frames", frame(1, "a") + frame(1, "b\n"), 5, []string{"ab"}},
		{"a terminal", "plain\r\ntext\r\n", 5, []string{"plain", "text"}},
		{"no line end", frame(1, "a\nb"), 5, []string{"a", "b"}},
		{"nothing", "", 5, []string{}},
	} {
		if got, err := readLog(strings.NewReader(c.body), c.n); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q %v", c.name, got, err)
		}
	}
	if got, err := readLog(io.MultiReader(strings.NewReader(frame(1, "abc\n")), iotest.ErrReader(io.ErrUnexpectedEOF)), 5); err == nil {
		t.Errorf("a log that was cut: %q", got)
	}
}

func TestBeam(t *testing.T) {
	real := "/usr/lib/vernemq/erts-13.2/bin/beam.smp -P 256000 -- -root /usr/lib/vernemq -progname erl -- -home /var/lib/vernemq -- -boot /usr/lib/vernemq/releases/2.1.2/vernemq -name VerneMQ@10.0.0.1 -setcookie vmq -noshell"
	want := facts.Process{PID: 7, Root: "/usr/lib/vernemq", Name: "VerneMQ@10.0.0.1"}
	for args, ok := range map[string]bool{
		real: true,
		"/usr/lib/vernemq/erts-13.2/bin/beam.smp -- -root /usr/lib/vernemq -progname erl -- -home /root -- -noshell -run escript start -extra bin/nodetool -name VerneMQ@10.0.0.1 -setcookie vmq ping": false,
		"sh -c exec beam.smp -root /usr/lib/vernemq -name VerneMQ@10.0.0.1": false,
		"[beam.smp] <defunct>":                        false,
		"/usr/lib/vernemq/erts-13.2/bin/epmd -daemon": false,
		"": false,
		"/usr/lib/vernemq/erts-13.2/bin/beam.smp -root": false,
	} {
		if got, found := beam("7", args); found != ok || found && got != want {
			t.Errorf("%s: %+v %v", args, got, found)
		}
	}
}
