package commands

import (
	"strings"
	"testing"

	"vmqbot/ops"
)

// A verb of two words is one verb, wherever a verb is named.
func TestVerbsOfTwoWords(t *testing.T) {
	f := fleet(t)
	for line, verb := range map[string]string{"conf diff": "conf diff", "conf diff cn-1": "conf diff", "conf show all": "conf show", "help conf push": "help", "help rollback": "help"} {
		c, r, err := Parse(strings.Fields(line), f)
		if err != nil || c.Name != verb {
			t.Errorf("%s: %v", line, err)
		}
		if line == "help conf push" && r.Args["VERB"] != "conf push" {
			t.Errorf("it explains %q", r.Args["VERB"])
		}
	}
	for line, says := range map[string]string{
		"conf":              `"conf" is the first word of conf diff, conf push, conf show.`,
		"conf cn":           `"conf" is the first word of`,
		"help conf":         `"conf" is the first word of`,
		"help conf push cn": `help does not know what to do with "cn"`,
		"help frob":         `There is no verb "frob"`,
		"conf push":         "Which region or node should conf push act on?",
	} {
		if _, _, err := Parse(strings.Fields(line), f); ops.CodeOf(err) != ops.Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", line, err)
		}
	}
}
