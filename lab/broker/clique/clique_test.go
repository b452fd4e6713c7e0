package clique_test

import (
	"context"
	"testing"

	"vmqbot/lab/broker/clique"
)

func tree(style clique.Style) *clique.Tree {
	show := func(context.Context, clique.Args) clique.Result {
		return clique.Result{Parts: []clique.Part{clique.Table{Header: []string{"Node", "Running", "User"},
			Rows: [][]any{{"VerneMQ@10.0.0.1", true, clique.Undefined}, {"a, \"b\"", 3, nil}}}}}
	}
	return &clique.Tree{Program: "vmq-admin", Style: style,
		Usages: map[string]string{"": "<sub-command>\n", "cluster": "cluster <sub-command>\n"},
		Commands: []clique.Command{
			{Path: "cluster show", Run: show},
			{Path: "cluster none", Run: func(context.Context, clique.Args) clique.Result {
				return clique.Result{Parts: []clique.Part{clique.Table{Header: []string{"a"}}}}
			}},
			{Path: "cluster join", Keys: []string{"node"}, Usage: "cluster join node=<Node>\n", Run: func(_ context.Context, a clique.Args) clique.Result {
				v, _ := a.Key("node")
				return clique.Say(v)
			}},
			{Path: "cluster leave", Keys: []string{"node"}, Flags: []clique.Flag{{Long: "kill", Short: "k"}, {Long: "timeout", Short: "t", Value: true}},
				Run: func(_ context.Context, a clique.Args) clique.Result {
					_, kill := a.Flag("kill")
					v, _ := a.Flag("timeout")
					if kill {
						v += " kill"
					}
					return clique.Warn(v)
				}},
			{Path: "set", FreeKeys: true, Run: func(_ context.Context, a clique.Args) clique.Result {
				return clique.Fail(a.Words[0] + a.Keys[0].Key + a.Format)
			}},
		}}
}

func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		argv []string
		want clique.Output
	}{
		{[]string{"cluster", "join", "node=x"}, clique.Output{Stdout: "x\n"}},
		{[]string{"cluster", "join", "node="}, clique.Output{Stdout: "Empty value in argument: \"node\"\n", Exit: 1}},
		{[]string{"cluster", "join", "nod=x"}, clique.Output{Stdout: "Invalid key: \"nod\"\n", Exit: 1}},
		{[]string{"cluster", "join", "node=x", "--a", "-b"}, clique.Output{Stdout: "Invalid Flags: [\"a\",\"b\"]\n", Exit: 1}},
		{[]string{"cluster", "leave", "--bogus"}, clique.Output{Stdout: "Invalid key: \"bogus\"\n", Exit: 1}},
		{[]string{"cluster", "leave", "-t", "5", "-k"}, clique.Output{Stdout: "5 kill\n"}},
		{[]string{"cluster", "leave", "--timeout=5"}, clique.Output{Stdout: "5\n"}},
		{[]string{"cluster", "leave", "--timeout", "5", "--format=json"}, clique.Output{Stdout: `{"alert":[{"text":"5","type":"text"}],"type":"alert"}`}},
		{[]string{"cluster", "join", "--help"}, clique.Output{Stdout: "Usage: vmq-admin cluster join node=<Node>\n\n"}},
		{[]string{"cluster"}, clique.Output{Stdout: "Usage: vmq-admin cluster <sub-command>\n\n", Exit: 1}},
		{[]string{"frobnicate"}, clique.Output{Stdout: "Usage: vmq-admin <sub-command>\n\n", Exit: 1}},
		{nil, clique.Output{Stdout: "Usage: vmq-admin <sub-command>\n\n", Exit: 1}},
		{[]string{"set", "w", "k=v", "--format=csv"}, clique.Output{Stdout: "wkcsv\n", Exit: 1}},
		{[]string{"cluster", "none"}, clique.Output{}},
		{[]string{"cluster", "none", "--format=json"}, clique.Output{Stdout: `{"table":[],"type":"table"}`}},
		{[]string{"cluster", "none", "--format=csv"}, clique.Output{}},
	} {
		if got := tree(clique.Ruled).Run(t.Context(), c.argv); got != c.want {
			t.Errorf("%q:\n%#v\nwant\n%#v", c.argv, got, c.want)
		}
	}
}

func TestTables(t *testing.T) {
	ruled := "+------------------+---------+-----------+\n" +
		"| \x1b[1mNode\x1b[0m             | \x1b[1mRunning\x1b[0m | \x1b[1mUser\x1b[0m      |\n" +
		"+------------------+---------+-----------+\n" +
		"| VerneMQ@10.0.0.1 | true    | undefined |\n" +
		"+------------------+---------+-----------+\n" +
		"| a, \"b\"           | 3       | null      |\n" +
		"+------------------+---------+-----------+\n"
	plain := "+----------------+-------+---------+\n" +
		"|      Node      |Running|  User   |\n" +
		"+----------------+-------+---------+\n" +
		"|VerneMQ@10.0.0.1| true  |undefined|\n" +
		"|     a, \"b\"     |   3   |  null   |\n" +
		"+----------------+-------+---------+\n\n"
	for _, c := range []struct {
		style  clique.Style
		format string
		want   clique.Output
	}{
		{clique.Ruled, "human", clique.Output{Stdout: ruled}},
		{clique.Plain, "human", clique.Output{Stdout: plain}},
		{clique.Ruled, "yaml", clique.Output{Stdout: plain, Stderr: "\nInvalid format \"yaml\"! Defaulted to human-readable.\n"}},
		{clique.Plain, "csv", clique.Output{Stdout: "Node,Running,User\r\nVerneMQ@10.0.0.1,true,undefined\r\n\"a, \"\"b\"\"\",3,null\r\n"}},
		{clique.Ruled, "json", clique.Output{Stdout: `{"table":[{"Node":"VerneMQ@10.0.0.1","Running":true,"User":null},{"Node":"a, \"b\"","Running":3,"User":null}],"type":"table"}`}},
	} {
		if got := tree(c.style).Run(t.Context(), []string{"cluster", "show", "--format=" + c.format}); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.format, got.Stdout+got.Stderr, c.want.Stdout+c.want.Stderr)
		}
	}
}
