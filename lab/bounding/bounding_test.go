package bounding

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
)

func TestMissing(t *testing.T) {
	for name, row := range map[string]struct {
		status string
		want   []string
	}{
		"a whole set": {"Name:\tsh\nCapBnd:\t000001ffffffffff\nCapAmb:\t0\n", nil},
		"a machine without CAP_SYS_RESOURCE": {"CapEff:\t0\nCapBnd:\t000001fffeffffff\n",
			[]string{"CAP_SYS_RESOURCE"}},
		"the first and the last": {"CapBnd:\t000000fffffffffe\n",
			[]string{"CAP_CHOWN", "CAP_CHECKPOINT_RESTORE"}},
		"capabilities that are newer than the table": {"CapBnd:\tffffffffffffffff\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Missing(row.status)
			if err != nil || !slices.Equal(got, row.want) {
				t.Errorf("Missing = %v, %v, want %v", got, err, row.want)
			}
		})
	}
	for _, status := range []string{"", "CapEff:\t0\n", "CapBnd:\tall\n"} {
		if got, err := Missing(status); err == nil {
			t.Errorf("Missing(%q) = %v, want an error", status, got)
		}
	}
}

func TestFiles(t *testing.T) {
	for name, row := range map[string]struct{ args, want []string }{
		"create": {[]string{"--root", "/r", "--log", "/l", "create", "--bundle", "/b", "--pid-file", "/p", "id"},
			[]string{"/b/config.json"}},
		"run, short":    {[]string{"run", "-b", "/b", "id"}, []string{"/b/config.json"}},
		"joined":        {[]string{"run", "--bundle=/b", "id"}, []string{"/b/config.json"}},
		"exec":          {[]string{"exec", "--process", "/tmp/process.json", "--detach", "id"}, []string{"/tmp/process.json"}},
		"state, delete": {[]string{"--root", "/r", "delete", "--force", "id"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Files(row.args); !slices.Equal(got, row.want) {
				t.Errorf("Files = %v, want %v", got, row.want)
			}
		})
	}
}

func TestWithout(t *testing.T) {
	const sets = `{"bounding":["CAP_KILL","CAP_SYS_RESOURCE"],"ambient":[],"effective":["CAP_SYS_RESOURCE"]}`
	const trimmed = `{"bounding":["CAP_KILL"],"ambient":[],"effective":[]}`
	for name, row := range map[string]struct{ spec, want string }{
		"a config.json": {`{"ociVersion":"1.0","process":{"capabilities":` + sets + `,"args":["sh"]},"mounts":[]}`,
			`{"ociVersion":"1.0","process":{"capabilities":` + trimmed + `,"args":["sh"]},"mounts":[]}`},
		"a process file":  {`{"capabilities":` + sets + `,"cwd":"/"}`, `{"capabilities":` + trimmed + `,"cwd":"/"}`},
		"no capabilities": {`{"process":{"args":["sh"]}}`, `{"process":{"args":["sh"]}}`},
		"a number beyond 2^53 stays whole": {`{"linux":{"limit":9223372036854775807}}`,
			`{"linux":{"limit":9223372036854775807}}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Without([]byte(row.spec), []string{"CAP_SYS_RESOURCE"})
			if err != nil {
				t.Fatal(err)
			}
			if !sameJSON(t, string(got), row.want) {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
	for _, spec := range []string{"", "[]", "{"} {
		if got, err := Without([]byte(spec), nil); err == nil {
			t.Errorf("Without(%q) = %s, want an error", spec, got)
		}
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y map[string]json.RawMessage
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatal(err)
	}
	var deepX, deepY any
	if err := json.Unmarshal([]byte(a), &deepX); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &deepY); err != nil {
		t.Fatal(err)
	}
	// Decoding loses digits of large numbers, so the raw text of "linux" counts too.
	return reflect.DeepEqual(deepX, deepY) && string(x["linux"]) == string(y["linux"])
}
