package engine_test

import (
	"slices"
	"strings"
	"testing"

	"vmqbot/answer"
	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/secret"
)

func TestExecTellsStreamsAndStatusApart(t *testing.T) {
	e := open(t, &enginetest.Host{})
	name := docker.Container(t, "vernemq-cn-1")
	for _, c := range []struct {
		argv  []secret.Word
		want  answer.Answer
		lines []string
	}{
		{secret.Words("guest", "say", "out\n", "err\n", "7"), answer.Answer{Exit: 7, Stdout: "out\n", Stderr: "err\n"}, []string{"err", "out"}},
		{secret.Words("guest", "say", "no line end", "", "0"), answer.Answer{Stdout: "no line end"}, []string{"no line end"}},
		{secret.Words("guest", "say", "", "", "0"), answer.Answer{}, nil},
		{secret.Words("guest", "say", "a b; $(reboot) 'x' \"y\" \n\ttab", "", "3"), answer.Answer{Exit: 3, Stdout: "a b; $(reboot) 'x' \"y\" \n\ttab"}, []string{"\ttab", "a b; $(reboot) 'x' \"y\" "}},
	} {
		var heard []string
		got, err := e.Exec(t.Context(), name, c.argv, func(s string) { heard = append(heard, s) })
		slices.Sort(heard)
		if err != nil || got.Exit != c.want.Exit || got.Stdout != c.want.Stdout || got.Stderr != c.want.Stderr || !slices.Equal(heard, c.lines) {
			t.Errorf("%v: %+v %v, heard %q", c.argv, got, err, heard)
		}
	}
}

func TestExecOfAMissingProgramIsAnAnswer(t *testing.T) {
	e := open(t, &enginetest.Host{})
	name := docker.Container(t, "vernemq-cn-1")
	a, err := e.Exec(t.Context(), name, secret.Words("nosuch", "word"), nil)
	if err != nil || (a.Exit != 126 && a.Exit != 127) || !strings.Contains(a.Stdout+a.Stderr, "executable file not found") {
		t.Errorf("%+v %v", a, err)
	}
}

func TestExecHidesSecretsAndSendsThem(t *testing.T) {
	e := open(t, &enginetest.Host{})
	name := docker.Container(t, "vernemq-cn-1")
	a, err := e.Exec(t.Context(), name, append(secret.Words("guest", "say"), secret.Hidden("monster"), secret.Plain(""), secret.Plain("0")), nil)
	if err != nil || a.Stdout != "monster" || a.Argv[2] != "[redacted]" {
		t.Errorf("%+v %v", a, err)
	}
}

func TestExecCutsAFlood(t *testing.T) {
	e := open(t, &enginetest.Host{})
	name := docker.Container(t, "vernemq-cn-1")
	lines := 0
	a, err := e.Exec(t.Context(), name, secret.Words("guest", "flood"), func(string) { lines++ })
	if err != nil || len(a.Stdout) != engine.Most || lines != 8<<10 {
		t.Errorf("%d bytes, %d lines, %v", len(a.Stdout), lines, err)
	}
}
