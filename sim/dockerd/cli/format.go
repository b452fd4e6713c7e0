package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"vmqbot/format"
)

// functions are those of docker's templates.
var functions = map[string]format.Func{
	"json": func(args ...any) (any, error) {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		err := enc.Encode(arg[any](args, 0))
		return strings.TrimSpace(b.String()), err
	},
	"lower": format.Of(func(s string) any { return strings.ToLower(s) }),
	"upper": format.Of(func(s string) any { return strings.ToUpper(s) }),
	"title": format.Of(func(s string) any { return strings.ToUpper(s[:min(1, len(s))]) + s[min(1, len(s)):] }),
	"split": func(args ...any) (any, error) { return strings.Split(arg[string](args, 0), arg[string](args, 1)), nil },
	"join":  func(args ...any) (any, error) { return join(arg[any](args, 0), arg[string](args, 1)), nil },
	"truncate": func(args ...any) (any, error) {
		s := arg[string](args, 0)
		return s[:max(0, min(arg[int](args, 1), len(s)))], nil
	},
	"pad": func(args ...any) (any, error) {
		spaces := func(i int) string { return strings.Repeat(" ", max(0, arg[int](args, i))) }
		return spaces(1) + arg[string](args, 0) + spaces(2), nil
	},
}

// arg is an argument of a function; its zero when the template gave none, or
// another kind of value.
func arg[T any](args []any, i int) T {
	var v T
	if i < len(args) {
		v, _ = args[i].(T)
	}
	return v
}

func join(list any, with string) string {
	var words []string
	switch l := list.(type) {
	case []string:
		words = l
	case []any:
		for _, w := range l {
			words = append(words, fmt.Sprint(w))
		}
	}
	return strings.Join(words, with)
}

func templateOf(text string) (*format.Template, error) {
	text = strings.NewReplacer(`\t`, "\t", `\n`, "\n").Replace(text)
	t, err := format.Parse("", text, functions)
	if err != nil {
		return nil, fmt.Errorf("Template parsing error: %w", err) //nolint:staticcheck // docker's words
	}
	return t, nil
}

// row is a line of a table, by the names that templates use.
type row map[string]any

// table prints rows: under heads as columns, or by a format of the caller.
func (s *session) table(asks, columns string, heads map[string]string, rows []row) error {
	asked := asks != "" && asks != "table"
	text, withHeads := strings.CutPrefix(asks, "table ")
	if !asked {
		text, withHeads = columns, true
	}
	if text == "json" {
		text = "{{json .}}"
	}
	t, err := templateOf(text)
	if err != nil {
		return err
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 10, 1, 3, ' ', 0)
	if withHeads {
		all := row{}
		for name, head := range heads {
			all[name] = head
		}
		if err := t.Execute(w, all); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(w)
	}
	for _, r := range rows {
		if err := t.Execute(w, r); err != nil {
			return fmt.Errorf("template: %w", err)
		}
		_, _ = fmt.Fprintln(w)
	}
	_ = w.Flush()
	s.Printf("%s", b.String())
	return nil
}

// object prints an answer of the engine: as a list of JSON, or by a format.
func (s *session) objects(asks string, list []json.RawMessage) error {
	if asks == "" {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "    ")
		if list == nil {
			list = []json.RawMessage{}
		}
		if err := enc.Encode(list); err != nil {
			return err
		}
		s.Printf("%s", b.String())
		return nil
	}
	t, err := templateOf(asks)
	if err != nil {
		return err
	}
	for _, raw := range list {
		v, err := decoded(raw)
		if err != nil {
			return err
		}
		var b strings.Builder
		if err := t.Strict().Execute(&b, v); err != nil {
			return fmt.Errorf("Template parsing error: %w", err) //nolint:staticcheck // docker's words
		}
		s.Printf("%s\n", b.String())
	}
	return nil
}

// decoded reads JSON so that whole numbers print as such.
func decoded(raw []byte) (any, error) {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// cut shortens a text for a column.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
