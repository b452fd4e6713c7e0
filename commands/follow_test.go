package commands

import (
	"strings"
	"testing"
	"time"

	"vmqbot/checks"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

// tail is what "logs" follows as somebody types it, and how it is told something.
func tail(t *testing.T, line string) (*Tail, func(h ops.Heard) string) {
	t.Helper()
	c, r, err := Parse(strings.Fields(line), fleet(t))
	if err != nil {
		t.Fatal(err)
	}
	x, at := c.Goes(r), factstest.Now
	return x, func(h ops.Heard) string {
		at = at.Add(time.Second)
		h.Node, h.At = "cn-1", at
		return x.Heard(h)
	}
}

func TestWhatIsFollowed(t *testing.T) {
	of := func(line string) ops.Tail { x, _ := tail(t, line); return x.Of }
	if x := of("logs cn-1 -f"); strings.Join(x.Files, " ") != "console crash" || x.Plain {
		t.Errorf("%+v", x)
	}
	if x := of("logs cn-1 -f --errors --docker"); strings.Join(x.Files, " ") != "error" || !x.Plain {
		t.Errorf("%+v", x)
	}
	if c, r, _ := Parse([]string{"logs", "cn-1"}, fleet(t)); c.Goes(r) != nil {
		t.Error("without -f it goes on")
	}
}

func TestTail(t *testing.T) {
	report := strings.Split(strings.TrimSuffix(crash, "\n"), "\n")
	console := func(lines ...string) ops.Heard { return ops.Heard{File: "console.log", Lines: lines} }
	before := func(file string, lines ...string) ops.Heard {
		return ops.Heard{File: file, Lines: lines, Begin: true}
	}
	trouble := ops.Heard{Trouble: "no route."}
	for _, row := range []struct {
		name, line string
		heard      []ops.Heard
		want       []string // after each
	}{
		{
			"what was there, and an entry once it is whole", "logs cn-1 -f -n 1",
			[]ops.Heard{before("console.log", refusedAt(1), "2026-11-30 01:00:00 b"), console("2026-11-30 01:00:01 c", "  more"), console("  still more"), console(), console()},
			[]string{"cn-1 vernemq-release-cn-1 console.log, last 1 line:\n  2026-11-30 01:00:00 b\n", "", "", "cn-1: 2026-11-30 01:00:01 c\ncn-1:   more\ncn-1:   still more\n", ""},
		},
		{
			"an entry ends where the next begins", "logs cn-1 -f",
			[]ops.Heard{console("2026-11-30 01:00:01 c", "2026-11-30 01:00:02 d")},
			[]string{"cn-1: 2026-11-30 01:00:01 c\n"},
		},
		{
			"a crash report in pieces is folded as a whole", "logs cn-1 -f",
			[]ops.Heard{console(report[:3]...), console(report[3:9]...), console(report[9:]...), console()},
			[]string{
				"", "cn-1: " + report[0] + "\ncn-1: " + report[1] + "\ncn-1: " + report[2] + "\ncn-1: " + report[3] + "\ncn-1: " + report[4] + "\n", "",
				"cn-1: " + report[6] + "\ncn-1: " + report[7] + "\ncn-1:     ... 8 more lines: exception error: no match of right hand side value {error,enoent}\n",
			},
		},
		{
			"--whole folds nothing", "logs cn-1 -f --whole",
			[]ops.Heard{console(report[6:]...), console()},
			[]string{"", "cn-1: " + strings.Join(report[6:], "\ncn-1: ") + "\n"},
		},
		{
			"--grep takes whole entries, in capitals or not", "logs cn-1 -f --grep ENOENT",
			[]ops.Heard{console("2026-11-30 01:00:01 c", "2026-11-30 01:00:02 d", "  enoent", "2026-11-30 01:00:03 e"), console()},
			[]string{"cn-1: 2026-11-30 01:00:02 d\ncn-1:   enoent\n", ""},
		},
		{
			"what comes again is counted, also after what was there, and told where something else comes", "logs cn-1 -f",
			[]ops.Heard{before("console.log", refusedAt(1)), console(refusedAt(2), refusedAt(3)), console(), console("2026-11-30 01:00:03 e"), console()},
			[]string{
				"cn-1 vernemq-release-cn-1 console.log, last 1 line:\n  " + refusedAt(1) + "\n", "", "", "",
				"cn-1:     ... and the same 2 times more, the last 2026-11-30T02:00:03.000003+00:00\ncn-1: 2026-11-30 01:00:03 e\n",
			},
		},
		{
			"a node that is away is named once, and goes on", "logs cn-1 -f",
			[]ops.Heard{console("2026-11-30 01:00:01 c"), trouble, trouble, console("2026-11-30 01:00:02 d"), console()},
			[]string{"", "cn-1: 2026-11-30 01:00:01 c\ncn-1: not followed just now, and tried again: no route.\n", "", "cn-1: followed again, from where it was\n", "cn-1: 2026-11-30 01:00:02 d\n"},
		},
		{
			"an empty crash.log is not worth a word, a crash is", "logs cn-1 -f",
			[]ops.Heard{before("crash.log"), before("console.log"), {File: "crash.log", Lines: []string{"2026-11-30 01:00:01 boom"}}, {File: "crash.log"}},
			[]string{"", "cn-1 vernemq-release-cn-1 console.log: the log is empty\n", "", "cn-1 crash.log: 2026-11-30 01:00:01 boom\n"},
		},
	} {
		_, tell := tail(t, row.line)
		for i, h := range row.heard {
			if got := tell(h); got != row.want[i] {
				t.Errorf("%s, %d:\n%q\nwant\n%q", row.name, i, got, row.want[i])
			}
		}
	}
}

// A broker that says the same each second is not silent for ever.
func TestASameEntryIsToldNowAndThen(t *testing.T) {
	_, tell := tail(t, "logs cn-1 -f")
	told := 0
	for second := range 30 {
		text := tell(ops.Heard{File: "console.log", Lines: []string{refusedAt(second)}}) + tell(ops.Heard{File: "console.log"})
		told += strings.Count(text, "times more")
	}
	if told < 2 || told > 7 {
		t.Errorf("told %d times in a minute", told)
	}
}

// Whoever ends it is told by the exit status whether all could be read.
func TestTheVerdictOfATail(t *testing.T) {
	x, tell := tail(t, "logs cn-1 -f")
	if x.Verdict() != checks.Unknown {
		t.Error("nothing was heard, and it is", x.Verdict())
	}
	tell(ops.Heard{File: "console.log", Begin: true})
	if x.Verdict() != checks.OK {
		t.Error("it is read, and it is", x.Verdict())
	}
	tell(ops.Heard{Trouble: "no route."})
	if x.Verdict() != checks.Unknown {
		t.Error("it is away, and it is", x.Verdict())
	}
}
