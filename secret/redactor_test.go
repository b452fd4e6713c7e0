package secret

import (
	"bytes"
	"fmt"
	"testing"
)

func TestRedactor(t *testing.T) {
	r := NewRedactor("hunter2", "", "hunter2andmore", "p$w^")
	for in, want := range map[string]string{
		`process_args(["-setcookie","hunter2"])`: `process_args(["-setcookie","[redacted]"])`,
		"hunter2andmore":                         "[redacted]",
		"p$w^p$w^":                               "[redacted][redacted]",
		"nothing":                                "nothing",
		"":                                       "",
	} {
		if got := r.Text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	var b bytes.Buffer
	n, err := fmt.Fprint(r.Writer(&b), "cookie hunter2\n")
	if err != nil || n != len("cookie hunter2\n") || b.String() != "cookie [redacted]\n" {
		t.Errorf("%d %v %q", n, err, b.String())
	}
	var none *Redactor
	if none.Text("x") != "x" {
		t.Error("the nil redactor changed something")
	}
}
