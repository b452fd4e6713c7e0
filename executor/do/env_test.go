package do_test

import (
	"context"
	"os/exec"
	"strings"
	"testing"

	"vmqbot/answer"
	"vmqbot/executor/do"
	"vmqbot/executor/engine"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// fed is a host whose commands are given input: sh of this machine.
type fed struct {
	host
	argv []string
}

func (h *fed) Feed(ctx context.Context, argv []secret.Word, input []byte, _ func(string)) (answer.Answer, error) {
	h.argv = secret.Reveal(argv)
	c := exec.CommandContext(ctx, h.argv[0], h.argv[1:]...)
	c.Stdin = strings.NewReader(string(input))
	out, err := c.Output()
	return answer.Answer{Argv: h.argv, Stdout: string(out)}, err
}

// A variable reaches the command as it was written, and no process list.
func TestVariables(t *testing.T) {
	_, bare := doer(t)
	engines := engine.NewPool(func(regions.Node) engine.Host { return bare.Host })
	defer engines.Close()
	h := &fed{host: bare}
	d := do.New(func(regions.Node) do.Host { return h }, engines)
	const odd = `a b'"$(id)` + "`\\" + `é`
	run := ops.Run{Argv: secret.Words("sh", "-c", `printf '%s|%s\n' "$WEAVE_PASSWORD" "$1"`, "x", "word two"), Env: []ops.Var{
		{Name: "WEAVE_MTU", Value: secret.Plain("1376")}, {Name: "WEAVE_PASSWORD", Value: secret.Hidden(odd)},
	}}
	out, err := d.Do(t.Context(), cn, run, nil)
	if err != nil || out != odd+"|word two\n" {
		t.Errorf("%q %v", out, err)
	}
	if strings.Contains(strings.Join(h.argv, " "), odd) {
		t.Errorf("the secret stands in the command line: %q", h.argv)
	}
	if s := run.String(); strings.Contains(s, "id") || !strings.HasPrefix(s, "$ WEAVE_MTU=1376 WEAVE_PASSWORD='[redacted]' sh ") && !strings.HasPrefix(s, "$ WEAVE_MTU=1376 WEAVE_PASSWORD=[redacted] sh ") {
		t.Error(s)
	}
	for name, v := range map[string]ops.Var{
		"two lines": {Name: "A", Value: secret.Hidden("one\ntwo")}, "a name with a blank": {Name: "A B", Value: secret.Plain("x")}, "a name that runs": {Name: "A;id", Value: secret.Plain("x")},
	} {
		run.Env = []ops.Var{v}
		if _, err := d.Do(t.Context(), cn, run, nil); ops.CodeOf(err) != ops.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	run.Env = []ops.Var{{Name: "A", Value: secret.Plain("x")}}
	d = do.New(func(regions.Node) do.Host { return bare }, engines)
	if _, err := d.Do(t.Context(), cn, run, nil); ops.CodeOf(err) != ops.Invalid {
		t.Errorf("a host that gives no input: %v", err)
	}
}
