package broker_test

import (
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// sample is one run of the real VerneMQ 2.1.2.
type sample struct {
	node           int      // that it was run on
	argv           []string // vmq-admin's arguments, or curl and the URL
	exit           string
	stdout, stderr string
}

var (
	onNode  = regexp.MustCompile(`^(?:\(on node (\d)\)|\./vx (\d)) vmq-admin ?(.*)$`)
	numbers = regexp.MustCompile(`\d+`)
	apiKey  = regexp.MustCompile(`-u (\w+):`)
)

// readSample loads a file of testdata with the addresses of this world.
func (w *world) readSample(name string) sample {
	w.t.Helper()
	ar, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil || len(ar.Files) == 0 {
		w.t.Fatalf("sample %s: %v", name, err)
	}
	ar.Files = append(ar.Files, txtar.File{Name: "stderr"}) // which a truncated sample lacks
	move := func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(s, "10.77.0.", w.base), "10,77,0,", strings.ReplaceAll(w.base, ".", ","))
	}
	head := map[string]string{}
	for line := range strings.Lines(string(ar.Comment)) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), ": ")
		head[k] = move(v)
	}
	s := sample{exit: head["exit"], stdout: move(string(ar.Files[0].Data)), stderr: move(string(ar.Files[1].Data))}
	if m := onNode.FindStringSubmatch(head["command"]); m != nil {
		s.node = int((m[1] + m[2])[0] - '0')
		s.argv = strings.Fields(m[3])
		return s
	}
	words := strings.Fields(head["command"])
	s.argv = []string{"curl", strings.ReplaceAll(words[len(words)-1], `\`, "")}
	if m := apiKey.FindStringSubmatch(head["command"]); m != nil {
		s.argv = append(s.argv, m[1])
	}
	return s
}

// replay runs the sample's command on the sample's node, and the answer has to
// be the sample's to the letter.
func (w *world) replay(name string) { w.replayed(name, func(s string) string { return s }) }

// replayLines does not care about the order of rows, which VerneMQ does not
// sort, nor about numbers of their own such as ports of clients.
func (w *world) replayLines(name string) {
	w.replayed(name, func(s string) string {
		lines := strings.Split(s, "\n")
		sort.Strings(lines)
		return numbers.ReplaceAllStringFunc(strings.Join(lines, "\n"), func(n string) string { return strings.Repeat("#", len(n)) })
	})
}

func (w *world) replayed(name string, norm func(string) string) {
	w.t.Helper()
	s := w.readSample(name)
	if len(s.argv) > 0 && s.argv[0] == "curl" {
		w.t.Fatalf("sample %s is a web page", name)
	}
	o := w.nodes[s.node].admin(s.argv...)
	same(w.t, name, "stdout", norm(o.Stdout), norm(s.stdout))
	same(w.t, name, "stderr", norm(o.Stderr), norm(s.stderr))
	if want := s.exit; string(rune('0'+o.Exit)) != want {
		w.t.Errorf("%s: exit %d, want %s", name, o.Exit, want)
	}
}

func same(t *testing.T, name, what, got, want string) {
	t.Helper()
	// the archive ends every file with a newline, also where the real one has none
	if strings.TrimSuffix(got, "\n") != strings.TrimSuffix(want, "\n") {
		t.Errorf("%s: %s is\n%q\nwant\n%q", name, what, got, want)
	}
}

// Every sample that was copied is compared with in some test.
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
		if name := strings.TrimSuffix(filepath.Base(f), ".txtar"); !strings.Contains(code.String(), `"`+name+`"`) {
			t.Errorf("testdata/%s.txtar is compared with nothing", name)
		}
	}
}
