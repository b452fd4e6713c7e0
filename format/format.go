// Package format fills templates in the language of text/template from plain data:
// maps, structs, lists, words, numbers. It calls no method by its name, and that is
// why it is there: whoever uses text/template calls methods that only a running
// program knows, so the linker keeps every method of every type, four megabytes of
// this program. What it reads is text/template/parse; the tests hold what it
// writes against text/template itself.
//
// It has no define, template, block, break or continue, and no variable but $ and
// those of range, with and if.
package format

import (
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"strings"
	"text/template/parse"
)

// Func is a function that a template calls with evaluated arguments.
type Func func(args ...any) (any, error)

// Of makes a function of one argument; another type than T is refused.
func Of[T any](f func(T) any) Func {
	return func(args ...any) (any, error) {
		if len(args) != 1 {
			return nil, fmt.Errorf("wrong number of args: want 1 got %d", len(args))
		}
		v, ok := args[0].(T)
		if !ok {
			var want T
			return nil, fmt.Errorf("wrong type for value; expected %T; got %T", want, args[0])
		}
		return f(v), nil
	}
}

// Template is a text with places to be filled. It may be used by several goroutines.
type Template struct {
	tree    *parse.Tree
	funcs   map[string]Func
	strict  bool
	escapes bool
}

// Parse reads a template; name stands in errors. funcs come beside the builtins:
// and, or, not, len, index, print, printf, println, eq, ne, lt, le, gt, ge.
func Parse(name, text string, funcs map[string]Func) (*Template, error) {
	all := maps.Clone(builtins)
	maps.Copy(all, funcs)
	known := map[string]any{}
	for f := range all {
		known[f] = true
	}
	trees := map[string]*parse.Tree{}
	tree := parse.New(name)
	if _, err := tree.Parse(text, "", "", trees, known); err != nil {
		return nil, err
	}
	for other := range trees {
		if other != name {
			return nil, fmt.Errorf("template: %s: define is not known here", other)
		}
	}
	return &Template{tree: tree, funcs: all}, nil
}

// Must is for templates that are constants.
func Must(t *Template, err error) *Template {
	if err != nil {
		panic(err)
	}
	return t
}

// Strict refuses a key that a map does not have, where else "<no value>" is written.
func (t *Template) Strict() *Template {
	strict := *t
	strict.strict = true
	return &strict
}

// HTML escapes everything that is filled in. That is right between tags and within
// quoted attributes, and nowhere else: not in scripts, styles and addresses.
func (t *Template) HTML() *Template {
	page := *t
	page.escapes = true
	return &page
}

// Execute writes the template, filled from data. What came before an error is written.
func (t *Template) Execute(w io.Writer, data any) (err error) {
	r := &run{t: t, w: w, vars: []variable{{"$", data}}}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case stop:
			err = p.error
		default:
			panic(p)
		}
	}()
	r.walk(data, t.tree.Root)
	return nil
}

// Text is Execute into a string.
func (t *Template) Text(data any) (string, error) {
	var b strings.Builder
	err := t.Execute(&b, data)
	return b.String(), err
}

// stop is how an error ends a run.
type stop struct{ error }

// fail ends the run; the words are those of text/template.
func (r *run) fail(n parse.Node, format string, args ...any) {
	where, what := r.t.tree.ErrorContext(n)
	name := r.t.tree.Name
	panic(stop{fmt.Errorf("template: %s: executing %q at <%s>: %w", where, name, what, fmt.Errorf(format, args...))})
}

func (r *run) write(text string) {
	if _, err := io.WriteString(r.w, text); err != nil {
		panic(stop{errors.Join(err)})
	}
}

// fill writes a value.
func (r *run) fill(v any) {
	text := "<no value>"
	if v != nil {
		text = fmt.Sprint(v)
	}
	if r.t.escapes {
		text = html.EscapeString(text)
	}
	r.write(text)
}
