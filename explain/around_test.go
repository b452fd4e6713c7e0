package explain_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"vmqbot/answer"
	"vmqbot/explain"
)

// TestPastedWithMore is what a person pastes beside an answer, through the
// door that they use.
func TestPastedWithMore(t *testing.T) {
	src, err := os.ReadFile("../vernemq/testdata/2.1.2/cluster-show-4-nodes.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for line, ok := range map[string]bool{
		"": true,
		"!!!! WARNING: ulimit -n is 1024; 65536 is the recommended minimum.": true,
		"Segmentation fault": false,
		"Error: x":           false,
	} {
		for _, mark := range []string{"-- stdout --\n", "-- stderr --\n"} {
			a, err := explain.Archive([]byte(strings.Replace(string(src), mark, mark+line+"\n", 1)))
			if err != nil {
				t.Fatal(err)
			}
			if m, got := explain.Meaning(a); got != ok {
				t.Errorf("%q after %q: recognized %t (%s)", line, strings.TrimSpace(mark), got, m.Meaning)
			}
		}
	}
}

// TestOneShape: scripts find a refusal of either dialect by one key.
func TestOneShape(t *testing.T) {
	for _, line := range []string{"docker exec cn weave ps", "docker exec cn vernemq ping", "docker exec cn vmq-admin cluster show", "docker exec cn curl -s 127.0.0.1:8888/health"} {
		argv, err := explain.Command(line)
		if err != nil {
			t.Fatal(err)
		}
		said := "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
		m, ok := explain.Meaning(answer.Answer{Argv: argv, Exit: 1, Stderr: said + "\n"})
		b, err := json.Marshal(m.Facts)
		if err != nil {
			t.Fatal(err)
		}
		var facts map[string]string
		if err := json.Unmarshal(b, &facts); !ok || err != nil || facts["refusal"] != "docker down" || facts["said"] != said || len(facts) != 2 {
			t.Errorf("%s: the facts are %s (%t, %v)", line, b, ok, err)
		}
	}
}
