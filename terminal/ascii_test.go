package terminal

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"vmqbot/terminal/pty"
)

func TestLocale(t *testing.T) {
	for env, want := range map[string]bool{
		"": true, "LANG=C": false, "LANG=POSIX": false, "LANG=en_US.ISO-8859-1": false, "LANG=zh_CN.GB18030": false, "LANG=C.UTF-8": true, "LANG=zh_CN.utf8": true,
		"LANG=C LC_CTYPE=C.UTF-8": true, "LANG=C.UTF-8 LC_ALL=C": false, "LC_CTYPE=C LC_ALL=en_US.UTF-8": true,
	} {
		if name, got := Locale(environment(env)); got != want {
			t.Errorf("%q: %s is UTF-8: %v, want %v", env, name, got, want)
		}
	}
}

func environment(text string) func(string) string {
	set := map[string]string{}
	for _, pair := range strings.Fields(text) {
		name, value, _ := strings.Cut(pair, "=")
		set[name] = value
	}
	return func(name string) string { return set[name] }
}

// TestATerminalWithoutUTF8 shows what it can, and is told once what to type; it is
// still a terminal, with a live checklist.
func TestATerminalWithoutUTF8(t *testing.T) {
	person, program := pty.Open(t, 120)
	var errs bytes.Buffer
	out, outErrs := Plainly(program, &errs, environment("LANG=C"))
	if outErrs != &errs {
		t.Error("what is no terminal was changed")
	}
	if _, live := New(out, nil).(*checklist); !live {
		t.Error("it is no terminal any more")
	}
	for _, line := range []string{"cn-1 answers in 870µs\n", "图 is shown so\n", "再见\n"} {
		if n, err := fmt.Fprint(out, line); err != nil || n != len(line) {
			t.Fatalf("%d of %d: %v", n, len(line), err)
		}
	}
	read := bufio.NewScanner(person)
	for _, want := range []string{"cn-1 answers in 870us", "? is shown so", "??"} {
		if !read.Scan() || strings.TrimSpace(read.Text()) != want {
			t.Errorf("a person reads %q, want %q", read.Text(), want)
		}
	}
	if want := "This terminal's letters (C) are not UTF-8, so some stand as ?. Type: export LC_ALL=C.UTF-8\n"; errs.String() != want {
		t.Errorf("told %q, want %q once", errs.String(), want)
	}
}

// TestWhatIsNoTerminalStaysAsItIs: programs read bytes, whatever the locale.
func TestWhatIsNoTerminalStaysAsItIs(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if out, errs := Plainly(file, file, environment("LANG=C")); out != file || errs != file {
		t.Error("a file was changed")
	}
	_, program := pty.Open(t, 80)
	if out, _ := Plainly(program, file, environment("LANG=en_US.UTF-8")); out != program {
		t.Error("a terminal with UTF-8 was changed")
	}
}
