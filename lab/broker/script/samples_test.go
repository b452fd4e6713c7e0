package script_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var (
	command = regexp.MustCompile(`^(?:\(on node \d\)|\./vx \d) (.*)$`)
	address = regexp.MustCompile(`VerneMQ@[\d.]+`)
	digits  = regexp.MustCompile(`\d+`)
	warning = regexp.MustCompile(`(?m)^!!!!.*\n`) // this machine's ulimit, not the sample's
)

// replay runs a sample's command; exit status and texts have to be its own
// but for names, numbers and paths. The command line may be given where the
// sample has none or another.
func (in *install) replay(name string, argv ...string) {
	in.t.Helper()
	ar, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil || len(ar.Files) != 2 {
		in.t.Fatalf("sample %s: %v", name, err)
	}
	want := answer{stdout: string(ar.Files[0].Data), stderr: string(ar.Files[1].Data)}
	for line := range strings.Lines(string(ar.Comment)) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if m := command.FindStringSubmatch(v); k == "command" && m != nil && argv == nil {
			argv = strings.Fields(m[1])
		}
		if k == "exit" {
			want.exit = int(v[0] - '0')
		}
	}
	got := in.run(argv...)
	if got.exit != want.exit {
		in.t.Errorf("%s: exit %d, want %d", name, got.exit, want.exit)
	}
	in.same(name+" stdout", got.stdout, want.stdout)
	in.same(name+" stderr", got.stderr, want.stderr)
}

func (in *install) same(what, got, want string) {
	in.t.Helper()
	norm := func(s string) string {
		s = strings.NewReplacer(filepath.Join(in.dir, "data"), "DATA", "/vernemq/data", "DATA", in.etc(), "ETC", "/vernemq/bin/../etc", "ETC").Replace(s)
		s = warning.ReplaceAllString(address.ReplaceAllString(s, "VerneMQ@IP"), "")
		return strings.TrimRight(digits.ReplaceAllString(s, "#"), "\n")
	}
	if norm(got) != norm(want) {
		in.t.Errorf("%s is\n%q\nwant\n%q", what, norm(got), norm(want))
	}
}

func TestSamplesWhileDown(t *testing.T) {
	in := newInstall(t, base(t)+"4")
	for _, name := range []string{
		"ping-down", "ping-left-node", "ping-after-restart-when-down", "cluster-show-when-down", "cluster-show-json-when-down",
		"join-when-down", "unknown-when-down", "attach-when-down", "restart-when-down", "version-when-down", "usage-no-args",
		"vernemq-unknown-command", "config-describe-unknown",
	} {
		in.replay(name)
	}
}

func TestSamplesOfConfigurations(t *testing.T) {
	in := newInstall(t, base(t)+"4")
	for _, c := range []struct {
		line    string
		samples []string
	}{
		{"", []string{"chkconfig-good", "config-generate-good"}},
		{"allow_anonymous = yes", []string{"chkconfig-bad-flag", "config-generate-bad-flag"}},
		{"max_inflight_messages = lots", []string{"chkconfig-bad-value", "config-generate-bad-value"}},
		{"allow_anonymos = on", []string{"chkconfig-unknown-key", "config-generate-unknown-key"}},
		{"listener.tcp.b = somewhere", []string{"chkconfig-bad-listener"}},
		{"listener.tcp.b = 127.0.0.1:99999", []string{"chkconfig-bad-port"}},
		{"allow_anonymous = off", []string{"chkconfig-duplicate-key", "config-generate-duplicate-key"}},
		{"\n\n\nthis is not a setting", []string{"chkconfig-syntax-error", "config-generate-syntax-error"}},
	} {
		in.conf(c.line)
		for _, name := range c.samples {
			in.replay(name)
		}
	}
	in.conf("max_inflight_messages = 30")
	in.write("conf.d/10.conf", "max_inflight_messages = 25\n")
	if out := in.must("vernemq", "config", "effective"); !strings.Contains(out, "\n"+sampleLine(t, "confd-override-effective")) {
		t.Errorf("conf.d does not win: %s", out)
	}
	in.write("conf.d/10.conf", "allow_anonymos = on\n")
	in.replay("chkconfig-unknown-key-confd")
	if out := in.must("vernemq", "config", "effective"); !strings.Contains(out, "allow_anonymos = on") {
		t.Error("config effective hides an unknown key")
	}
	if err := os.Remove(filepath.Join(in.etc(), "vernemq.conf")); err != nil {
		t.Fatal(err)
	}
	in.replay("chkconfig-missing-file")
}

// The keys of a default installation are those that VerneMQ lists.
func TestConfigEffective(t *testing.T) {
	in := newInstall(t, base(t)+"1")
	keys := func(s string) map[string]string {
		out := map[string]string{}
		for line := range strings.Lines(s) {
			if k, v, ok := strings.Cut(line, " = "); ok {
				out[k] = strings.TrimSpace(v)
			}
		}
		return out
	}
	ar, err := txtar.ParseFile("testdata/config-effective.txtar")
	if err != nil {
		t.Fatal(err)
	}
	want, got := keys(string(ar.Files[0].Data)), keys(in.must("vernemq", "config", "effective"))
	for k, v := range got {
		if _, ok := want[k]; !ok {
			t.Errorf("VerneMQ does not list %s", k)
		} else if !strings.HasPrefix(k, "listener.") && k != "nodename" && !strings.HasPrefix(k, "leveldb.") && k != "http_modules" && want[k] != v {
			t.Errorf("%s = %s, want %s", k, v, want[k])
		}
	}
	if len(got) < len(want)*9/10 {
		t.Errorf("%d keys, VerneMQ lists %d", len(got), len(want))
	}
}

func sampleLine(t *testing.T, name string) string {
	t.Helper()
	ar, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return string(ar.Files[0].Data)
}

func TestEverySampleIsUsed(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no samples", err)
	}
	tests, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, name := range tests {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(b)
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".txtar")
		if !strings.Contains(code.String(), `"`+name+`"`) && !strings.Contains(code.String(), filepath.Base(f)) {
			t.Errorf("testdata/%s.txtar is compared with nothing", name)
		}
	}
}
