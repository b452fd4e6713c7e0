package ops

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestEmptyListsAreListsInJSON(t *testing.T) {
	for name, v := range map[string]any{"plan": Plan{Title: "nothing"}, "operation": Operation{ID: "4f2a91"}} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "null") {
			t.Errorf("%s: %s", name, b)
		}
	}
	b, err := json.Marshal(Plan{Title: "one", Steps: []Step{{Title: "wait", Do: Wait{For: "it"}}}})
	if err != nil || !strings.Contains(string(b), `"do":{"wait":"it"}`) || !strings.Contains(string(b), `"hash":"`) {
		t.Errorf("%s %v", b, err)
	}
}
