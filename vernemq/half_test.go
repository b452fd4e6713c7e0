package vernemq

import (
	"strings"
	"testing"

	"vmqbot/answer"
)

// TestHalfUnderstood are answers that lost something on their way, each next
// to the whole one that shows what it would have been taken for.
func TestHalfUnderstood(t *testing.T) {
	const rows = "+------------------+---------+\n| \x1b[1mNode\x1b[0m             | \x1b[1mRunning\x1b[0m |\n+------------------+---------+\n| VerneMQ@10.0.0.1 | true    |\n+------------------+---------+\n"
	const set = "vmq-admin set max_inflight_messages=20"
	for _, c := range []struct{ command, whole, half string }{
		{"vmq-admin cluster show", rows, strings.Replace(rows, "VerneMQ@", "\x00erneMQ@", 1)},
		{"vmq-admin cluster show", rows, strings.Replace(rows, "VerneMQ@", "\xffVerneMQ@", 1)},
		{"vmq-admin cluster show", rows, strings.Replace(rows, "VerneMQ@", "Verne\u009bMQ@", 1)},
		{"vmq-admin cluster show", rows, strings.Replace(rows, "VerneMQ@", "~erneMQ@", 1)},
		{"vmq-admin cluster show --format=json", `{"table":[{"Node":"a@b","Running":true}],"type":"table"}`, `{"table":[{"Node":"a\u0000@b","Running":true}],"type":"table"}`},
		{"vmq-admin session show --format=json", `{"table":[],"type":"table"}`, ""},
		{"vmq-admin plugin show --format=json", `{"table":[],"type":"table"}`, "\n"},
		{"vmq-admin webhooks show --format=json", `{"table":[],"type":"table"}`, ""},
		{"vmq-admin retain show --format=json", `{"table":[],"type":"table"}`, ""},
		{"vmq-admin cluster leave node=a@b", "Done\n", "Done"}, // of "Done! Use -k to teardown ..."
		{"vmq-admin show x_y", "Invalid config keys: x_y\n", "Invalid config keys: x"},
		{"vmq-admin set x_y=1", "The following config keys are not settable: x_y\n", "The following config keys are not settable: x"},
		{set, "max_inflight_messages set to \"20\"\n", "ax_inflight_messages set to \"20\"\n"},
		{"vmq-admin cluster join discovery-node=a@b", "Couldn't join cluster due to noproc\n", "Couldn't join cluster due to \"\\n\n"},
		{"vmq-admin cluster join discovery-node=a@b", "Couldn't join cluster due to {error,x}\n", "Couldn't join cluster due to {error,x\n"},
		{"vmq-admin show a --all", strings.ReplaceAll(rows, "Running", "a      "), strings.ReplaceAll(strings.Replace(rows, "| VerneMQ@10.0.0.1 | true    |\n", "| VerneMQ@10.0.0.1 | true    |\n| VerneMQ@10.0.0.1 | true    |\n", 1), "Running", "a      ")},
		{"vmq-admin show a --all", strings.ReplaceAll(rows, "Running", "a      "), strings.ReplaceAll(rows, "\x1b[1mRunning\x1b[0m", "[1ma      \x1b[0m")},
		{"curl -si http://h:8888/nosuch", "HTTP/1.1 404 Not Found\ncontent-length: 0\n\n", "HTTP/.1 404 Not Found\ncontent-length: 0\n\n"},
	} {
		a := answer.Answer{Argv: strings.Fields(c.command), Stdout: c.whole}
		if _, ok := Explain(a); !ok {
			t.Errorf("%s: the whole answer %q is not understood", c.command, c.whole)
		}
		a.Stdout = c.half
		if m, ok := Explain(a); ok {
			t.Errorf("%s: %q is understood: %s %+v", c.command, c.half, m.Meaning, m.Facts)
		}
	}
}
