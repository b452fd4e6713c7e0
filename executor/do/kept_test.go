package do_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vmqbot/executor/engine/enginetest"
	"vmqbot/ops"
)

// TestAnAddressKeptForNobody: weave refuses an address that it keeps for a container
// that Docker does not know; it is given back and attached. For one that is there,
// running or not, and for a name that tells nothing, the refusal stands and nothing
// is asked of the router.
func TestAnAddressKeptForNobody(t *testing.T) {
	enginetest.Need(t)
	docker.Remove(t, "keeper")
	gone := strings.Repeat("dead", 16)
	made, _ := doer(t)
	if _, err := made.Do(t.Context(), cn, ops.CreateContainer{Spec: spec("keeper", "hang")}, nil); err != nil {
		t.Fatal(err)
	}
	said, err := docker.Command(t.Context(), "inspect", "--format", "{{.Id}}", "keeper")
	if err != nil {
		t.Fatal(err)
	}
	there := strings.TrimSpace(said)
	for _, c := range []struct {
		what, owner string
		status      int
		asked       bool
		fails       string
	}{
		{"gone", gone, http.StatusNoContent, true, ""},
		{"gone, and weave does not give it back", gone, http.StatusBadRequest, true, "did not give it back: it answered 400 Bad Request: no addresses"},
		{"there", there, 0, false, "taken on this host by the container " + there},
		{"the host itself", "weave:expose", 0, false, "weave:expose"},
	} {
		given := filepath.Join(t.TempDir(), "given")
		var asked []string
		router := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.Method+" "+r.URL.Path)
			if c.status != http.StatusNoContent {
				http.Error(w, "no addresses", c.status)
				return
			}
			if err := os.WriteFile(given, nil, 0o600); err != nil {
				t.Error(err)
			}
			w.WriteHeader(c.status)
		}))
		d, h := doer(t, "weave", "[ -e "+given+" ] && exec echo 10.0.0.1; echo 'Unable to claim: address 10.0.0.1/24 already in use by "+c.owner+"' >&2; exit 1")
		h.Weave = router.Listener.Addr().String()
		var heard []string
		out, err := d.Do(t.Context(), cn, attach, func(s string) { heard = append(heard, s) })
		router.Close()
		want := []string{"DELETE /ip/" + c.owner}
		if !c.asked {
			want = nil
		}
		if !slices.Equal(asked, want) {
			t.Errorf("%s: the router was asked %q", c.what, asked)
		}
		switch {
		case c.fails == "" && (err != nil || !strings.HasSuffix(out, "10.0.0.1\n") || !slices.ContainsFunc(heard, func(l string) bool { return strings.Contains(l, "a container that is gone: given back") })):
			t.Errorf("%s: %q, heard %q, %v", c.what, out, heard, err)
		case c.fails != "" && (err == nil || ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), c.fails)):
			t.Errorf("%s: %v", c.what, err)
		}
	}
}
