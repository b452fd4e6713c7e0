package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"text/template"
	"unicode/utf8"
)

// functions are those of docker's templates.
var functions = template.FuncMap{
	"json": func(v any) (string, error) {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		err := enc.Encode(v)
		return strings.TrimSpace(b.String()), err
	},
	"split": strings.Split, "join": join, "lower": strings.ToLower, "upper": strings.ToUpper, "println": fmt.Sprintln,
	"title": func(s string) string {
		if s == "" {
			return s
		}
		return strings.ToUpper(s[:1]) + s[1:]
	},
	"truncate": func(s string, n int) string { return s[:min(n, len(s))] },
	"pad": func(s string, before, after int) string {
		return strings.Repeat(" ", before) + s + strings.Repeat(" ", after)
	},
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

func templateOf(text string) (*template.Template, error) {
	text = strings.NewReplacer(`\t`, "\t", `\n`, "\n").Replace(text)
	t, err := template.New("").Funcs(functions).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("Template parsing error: %w", err) //nolint:staticcheck // docker's words
	}
	return t, nil
}

// row is a line of a table, by the names that templates use.
type row map[string]any

// table prints rows: under heads as columns, or by a format of the caller.
func (s *session) table(format, columns string, heads map[string]string, rows []row) error {
	asked := format != "" && format != "table"
	text, withHeads := strings.CutPrefix(format, "table ")
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
func (s *session) objects(format string, list []json.RawMessage) error {
	if format == "" {
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
	t, err := templateOf(format)
	if err != nil {
		return err
	}
	for _, raw := range list {
		v, err := decoded(raw)
		if err != nil {
			return err
		}
		var b strings.Builder
		if err := t.Option("missingkey=error").Execute(&b, v); err != nil {
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
