package do

import (
	"regexp"
	"strings"

	"vmqbot/ops"
	"vmqbot/secret"
)

// envScript takes a command's environment from standard input, a variable a
// line, and becomes the command.
const envScript = `while IFS= read -r v; do export "$v"; done
exec "$@"`

var varName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// withEnv is the command line with its variables, and what it is told on its
// standard input.
func withEnv(r ops.Run) (argv []secret.Word, input []byte, err error) {
	if len(r.Env) == 0 {
		return r.Argv, nil, nil
	}
	for _, v := range r.Env {
		value := v.Value.Reveal()
		if !varName.MatchString(v.Name) || strings.ContainsAny(value, "\n\x00") {
			return nil, nil, ops.Errorf(ops.Invalid, "", "The variable %q cannot be given to a command: its name or its value is more than one line.", v.Name)
		}
		input = append(input, v.Name+"="+value+"\n"...)
	}
	return append(secret.Words("sh", "-c", envScript, "vmqbot-env"), r.Argv...), input, nil
}
