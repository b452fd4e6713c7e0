package commands_test

import (
	"strings"
	"testing"

	"vmqbot/commands"
	"vmqbot/regions"
)

// TestComplete: what may come next, by the last word that is begun.
func TestComplete(t *testing.T) {
	f, err := regions.Load("example.yaml", []byte(regions.Example), func(_, ref string) (string, error) { return "value-of-" + ref, nil })
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"rea":                         "reattach",
		"reattach ":                   "all cn cn-1 sg sg-1 us us-1 eu eu-1",
		"reattach c":                  "cn cn-1",
		"reattach cn --d":             "--drop-clients",
		"reattach -":                  "--drop-clients --start",
		"conf ":                       "diff push show",
		"conf d":                      "diff",
		"conf diff s":                 "sg sg-1",
		"help dep":                    "deploy",
		"help conf d":                 "",
		"deploy eu --image":           "--image",
		"deploy eu --image ":          "", // only its writer knows
		"deploy eu --image x --image": "",
		"logs cn -n ":                 "",
		"frobnicate ":                 "",
		"status nowhere ":             "",
	} {
		var got []string
		for _, c := range commands.Complete(strings.Split(line, " "), f) {
			if got = append(got, c.Word); c.Says == "" {
				t.Errorf("%q: %s says nothing", line, c.Word)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %s, want %s", line, strings.Join(got, " "), want)
		}
	}
	for _, c := range commands.Complete([]string{"status", ""}, nil) {
		if !strings.HasPrefix(c.Word, "-") {
			t.Errorf("without a fleet file %s is known", c.Word)
		}
	}
}

// TestEveryExampleCanBeCompleted: each word of each verb is offered where it stands.
func TestEveryExampleCanBeCompleted(t *testing.T) {
	for _, c := range commands.All() {
		words := strings.Fields(c.Name)
		for i := range words {
			found := false
			for _, o := range commands.Complete(append(append([]string{}, words[:i]...), words[i][:1]), nil) {
				found = found || o.Word == words[i]
			}
			if !found {
				t.Errorf("%s is not offered after %q", words[i], words[:i])
			}
		}
	}
}
