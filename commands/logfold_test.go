package commands

import (
	"fmt"
	"strings"
	"testing"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/regions"
)

// crash is a report as OTP's logger writes it into console.log.
const crash = `2026-11-30T02:00:01.000001+00:00 [error] <0.512.0> gen_server:error_info/8:1419: Generic server vmq_x terminating
** Last message in was {tcp,#Port<0.12>,<<1,2,3>>}
** When Server state == {state,#Port<0.12>,undefined}
** Reason for termination ==
** {badmatch,{error,enoent}}

2026-11-30T02:00:01.000002+00:00 [error] <0.512.0> proc_lib:crash_report/4:584:   crasher:
    initial call: vmq_x:init/1
    pid: <0.512.0>
    registered_name: []
    exception error: no match of right hand side value {error,enoent}
      in function  vmq_x:open/1 (vmq_x.erl, line 33)
    ancestors: [vmq_server_sup,<0.400.0>]
    heap_size: 610
    stack_size: 28
    reductions: 180
`

func log(lines ...string) []string { return strings.Split(strings.Join(lines, "\n"), "\n") }

func refusedAt(second int) string {
	return fmt.Sprintf("2026-11-30T02:00:%02d.000003+00:00 [warning] <0.%d.0> vmq_cluster_node: can't connect to cluster node 'VerneMQ@10.0.0.2' due to econnrefused", second, 300+second)
}

func TestFolding(t *testing.T) {
	fine := "2026-11-30T02:00:00.000000+00:00 [info] <0.1.0> all is well"
	for _, row := range []struct {
		name  string
		lines []string
		n     int
		grep  string
		whole bool
		want  string
	}{
		{"a line stays", log(fine), 5, "", false, fine},
		{"a crash is its beginning and its reason", log(strings.TrimSuffix(crash[strings.Index(crash, "\n\n")+2:], "\n")), 5, "", false,
			"2026-11-30T02:00:01.000002+00:00 [error] <0.512.0> proc_lib:crash_report/4:584:   crasher:\n    initial call: vmq_x:init/1\n    ... 8 more lines: exception error: no match of right hand side value {error,enoent}"},
		{"what repeats is counted", log(refusedAt(1), refusedAt(2), refusedAt(3), fine), 9, "", false,
			refusedAt(1) + "\n    ... and the same 2 times more, the last 2026-11-30T02:00:03.000003+00:00\n" + fine},
		{"what repeats at the end too", log(fine, refusedAt(1), refusedAt(2)), 9, "", false, fine + "\n" + refusedAt(1) + "\n    ... and the same once more, the last 2026-11-30T02:00:02.000003+00:00"},
		{"another node is another entry", log(refusedAt(1), strings.Replace(refusedAt(2), "10.0.0.2", "10.0.0.3", 1)), 9, "", false,
			refusedAt(1) + "\n" + strings.Replace(refusedAt(2), "10.0.0.2", "10.0.0.3", 1)},
		{"whole", log(refusedAt(1), refusedAt(2)), 9, "", true, refusedAt(1) + "\n" + refusedAt(2)},
		{"a text within a report finds the report", log(fine, crash, fine), 9, "VMQ_X.ERL", false,
			"2026-11-30T02:00:01.000002+00:00 [error] <0.512.0> proc_lib:crash_report/4:584:   crasher:\n    initial call: vmq_x:init/1\n    ... 8 more lines: exception error: no match of right hand side value {error,enoent}"},
		{"the last of them", log(refusedAt(1), fine, refusedAt(2)), 1, "econnrefused", false, refusedAt(2)},
		{"the rest of an entry that began before", log("    in function x", fine), 9, "", false, "    in function x\n" + fine},
		{"a long line is cut by length", log(fine + strings.Repeat("x", 700)), 1, "", false, fine + strings.Repeat("x", 600-len(fine)) + fmt.Sprintf(" ... (%d more letters)", 700+len(fine)-600)},
		{"lager of 1.6.1", log("2020-01-01 00:00:00.123 [error] <0.1.0>@vmq_x:f:1 a", "2020-01-01 00:00:01.456 [error] <0.2.0>@vmq_x:f:1 a"), 9, "", false,
			"2020-01-01 00:00:00.123 [error] <0.1.0>@vmq_x:f:1 a\n    ... and the same once more, the last 2020-01-01 00:00:01.456"},
	} {
		if got := strings.Join(folding(row.lines, row.n, row.grep, row.whole), "\n"); got != row.want {
			t.Errorf("%s: got\n%s\nwant\n%s", row.name, got, row.want)
		}
	}
}

func TestLogsOfFilesAndOfDocker(t *testing.T) {
	files := func(fs ...facts.LogFile) func(*regions.Fleet, *facts.Fleet) {
		return func(_ *regions.Fleet, w *facts.Fleet) {
			factstest.Edit(w, "cn-1", func(n *facts.Node) { n.LogFiles = facts.Saw(fs) })
		}
	}
	three := files(facts.LogFile{Name: "console.log", Lines: []string{"2026-11-30 02:00:00 c"}},
		facts.LogFile{Name: "error.log", Lines: []string{"2026-11-30 02:00:00 e"}}, facts.LogFile{Name: "crash.log", Lines: []string{}})
	for _, row := range []struct {
		name, line string
		seen       func(*regions.Fleet, *facts.Fleet)
		want       string
		verdict    checks.Verdict
	}{
		{"the file", "logs cn-1", three, "cn-1 vernemq-release-cn-1 console.log, last 1 line:\n  2026-11-30 02:00:00 c\n", checks.OK},
		{"errors alone", "logs cn-1 --errors", three, "cn-1 vernemq-release-cn-1 error.log, last 1 line:\n  2026-11-30 02:00:00 e\n", checks.OK},
		{"nothing holds it", "logs cn-1 --grep zzz", three, "cn-1 vernemq-release-cn-1 console.log: none of the last 1 line holds \"zzz\"\n", checks.OK},
		{"no file: what Docker kept", "logs cn-1", files(), "cn-1 vernemq-release-cn-1, last 2 lines:\n  starting vernemq\n  vernemq is up\n", checks.OK},
		{"that may not be read", "logs cn-1", func(_ *regions.Fleet, w *facts.Fleet) {
			factstest.Edit(w, "cn-1", func(n *facts.Node) {
				n.LogFiles = facts.Missed[[]facts.LogFile](facts.Denied, "Permission denied")
			})
		}, "cn-1: the files of the log could not be read: Permission denied\ncn-1 vernemq-release-cn-1, last", checks.Unknown},
		{"a host that is away", "logs cn-1", func(_ *regions.Fleet, w *facts.Fleet) { factstest.Dead(w, "cn-1") }, "the log could not be read", checks.Unknown},
	} {
		v := asked(t, row.line, row.seen)
		if !strings.Contains(v.Text, row.want) || v.Verdict != row.verdict {
			t.Errorf("%s: got %s\n%s\nwant\n%s", row.name, v.Verdict, v.Text, row.want)
		}
	}
}
