package format_test

import (
	"encoding/json"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"testing"
	"text/template"
	"time"

	"vmqbot/format"
)

type inner struct {
	Name string
	Took time.Duration
}

type outer struct {
	inner // its fields are promoted, as in a page of links
	Inner inner
	List  []string
	Empty []string
	Map   map[string]int
	Far   *inner
	Away  *inner
	On    bool
	N     int
	Ratio float64
}

var data = outer{
	inner: inner{"promoted", time.Second}, Inner: inner{"in", 2 * time.Second}, List: []string{"a", "b"}, Map: map[string]int{"y": 2, "x": 1},
	Far: &inner{"far", 0}, On: true, N: 7, Ratio: 1.5,
}

// parsed is what docker's --format is filled from.
func parsed(t *testing.T) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(`{"Names":["/a","/b"],"State":{"Pid":17,"Running":true},"Config":{"Cmd":null,"Labels":{"b":"2","a":"1"}}}`))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

var ours = map[string]format.Func{
	"upper": format.Of(func(s string) any { return strings.ToUpper(s) }),
	"fails": func(...any) (any, error) { return nil, errors.New("on purpose") },
}

var theirs = template.FuncMap{"upper": strings.ToUpper, "fails": func() (string, error) { return "", errors.New("on purpose") }}

// TestItWritesWhatTextTemplateWrites, and fails with its words.
func TestItWritesWhatTextTemplateWrites(t *testing.T) {
	for _, text := range []string{
		"", "plain", "{{.N}} {{.On}} {{.Ratio}}", "{{.Name}} {{.Took}} {{.Inner.Name}} {{.Inner.Took}}", "{{.List}} {{.Map}} {{.Far.Name}}",
		"{{- /* said to nobody */ -}} x {{- .N -}} y", "{{if .On}}yes{{else}}no{{end}}{{if .Empty}}yes{{else}}no{{end}}{{if not .On}}a{{else if .List}}b{{end}}",
		"{{with .Inner}}{{.Name}}{{end}}{{with .Away}}x{{else}}nobody{{end}}{{with $x := .N}}{{$x}}{{.}}{{end}}",
		"{{range .List}}<{{.}}>{{end}}{{range .Empty}}x{{else}}none{{end}}{{range $i, $e := .List}}{{$i}}={{$e}};{{end}}{{range $k, $v := .Map}}{{$k}}={{$v}};{{end}}{{range $e := .List}}{{$e}}{{$.N}}{{end}}",
		"{{range .Map}}{{.}}{{end}}{{range .Away}}x{{else}}nil{{end}}",
		"{{len .List}} {{len .Name}} {{index .List 1}} {{index .Map \"x\"}} {{index .Map \"z\"}}", "{{printf \"%03d|%s\" .N .Name}} {{print 1 2 \"x\"}} {{println .N}}",
		"{{eq .N 7}} {{eq .N 1 7}} {{ne .Name \"promoted\"}} {{lt 1 2}} {{le 2 2}} {{gt 1 2}} {{ge 1.5 .Ratio}} {{eq .On true}}",
		"{{and .On .Empty}} {{or .Empty .Name}} {{and .On .N}} {{or .Empty .Away}}", "{{.Name | upper}} {{upper .Name | printf \"%s!\"}} {{(index .List 0) | upper}}",
		"{{$n := .N}}{{$n}} {{(.Inner).Name}} {{\"quoted\"}} {{true}} {{1.5}} {{'a'}}", "{{or .Empty (index .List 5)}}", "{{and .Empty (index .List 5)}}x",
		"{{.Nothing}}", "{{.N.Nothing}}", "{{fails}}", "{{.Away.Name}}", "{{index .List 5}}", "{{eq .N \"7\"}}", "a{{range .N}}x{{end}}", "{{.N 3}}", "{{if}}", "{{", "{{nowhere}}", "{{.N",
	} {
		t.Run(text, func(t *testing.T) { same(t, text, data, false) })
	}
}

// TestAsDockerFillsIt: from JSON, with what is missing an error or not.
func TestAsDockerFillsIt(t *testing.T) {
	for _, text := range []string{
		"{{.State.Pid}} {{.State.Running}} {{.Config.Cmd}}", "{{range .Names}}{{.}} {{end}}{{index .Names 0}}", "{{range $k, $v := .Config.Labels}}{{$k}}={{$v}} {{end}}",
		"{{.Nothing}}", "{{.Config.Nothing}}", "{{index .Config.Labels \"a\"}} {{index .Config.Labels \"z\"}}", "{{if .Config.Cmd}}x{{else}}none{{end}}{{len .Config.Labels}}", "{{.}}",
	} {
		t.Run(text, func(t *testing.T) {
			same(t, text, parsed(t), false)
			same(t, text, parsed(t), true)
		})
	}
}

func same(t *testing.T, text string, data any, strict bool) {
	t.Helper()
	var want, got strings.Builder
	their, wantErr := template.New("x").Funcs(theirs).Parse(text)
	if wantErr == nil {
		if strict {
			their.Option("missingkey=error")
		}
		wantErr = their.Execute(&want, data)
	}
	our, gotErr := format.Parse("x", text, ours)
	if gotErr == nil {
		if strict {
			our = our.Strict()
		}
		gotErr = our.Execute(&got, data)
	}
	if (gotErr == nil) != (wantErr == nil) || got.String() != want.String() {
		t.Fatalf("got  %q, %v\nwant %q, %v", got.String(), gotErr, want.String(), wantErr)
	}
	if gotErr != nil && before(gotErr) != before(wantErr) {
		t.Errorf("it fails as\n%v\nwant\n%v", gotErr, wantErr)
	}
}

// before is where an error is: what follows names types of text/template's own.
func before(err error) string {
	where, _, _ := strings.Cut(err.Error(), ">: ")
	return where
}

// TestWhatItDoesNotKnowIsRefused at the beginning, not in the middle of a page.
func TestWhatItDoesNotKnowIsRefused(t *testing.T) {
	if _, err := format.Parse("x", `{{define "y"}}{{end}}`, nil); err == nil {
		t.Error("define is taken")
	}
	if out, err := format.Must(format.Parse("x", `a{{range .}}{{break}}{{end}}`, nil)).Text([]int{1}); err == nil || out != "a" {
		t.Errorf("break: %q %v", out, err)
	}
	if err := format.Must(format.Parse("x", "a{{.}}", nil)).Execute(full{}, 1); err == nil || err.Error() != "no room" {
		t.Errorf("who cannot write: %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

// TestPagesAreEscaped as html/template does between tags and within quotes.
func TestPagesAreEscaped(t *testing.T) {
	const text = `<td class="{{.A}}"{{with .B}} title="{{.}}"{{end}}>{{.B}} {{range .C}}<b>{{.}}</b>{{end}}</td>`
	data := map[string]any{"A": `"><script>`, "B": `a & 'b' "c" <d>`, "C": []string{"<", "</b>"}}
	var want strings.Builder
	if err := htmltemplate.Must(htmltemplate.New("x").Parse(text)).Execute(&want, data); err != nil {
		t.Fatal(err)
	}
	got, err := format.Must(format.Parse("x", text, nil)).HTML().Text(data)
	if err != nil || got != want.String() {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want.String())
	}
}

// TestPlainTextIsNot.
func TestPlainTextIsNot(t *testing.T) {
	if got, err := format.Must(format.Parse("x", "{{.}}", nil)).Text("<&>"); err != nil || got != "<&>" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := format.Must(format.Parse("x", "{{upper .}}", ours)).Text(3); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%T", 3)) {
		t.Errorf("a word of another kind: %v", err)
	}
}
