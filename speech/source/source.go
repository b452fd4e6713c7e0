// Package source answers which sentences the rooms speak: it reads them out of
// the program's own source, for the tests that hold the catalogs of speech
// against it and for whoever translates (speech/source/missing).
//
// The rule: every string literal of a room that speaks, taken apart as
// [speech.Forms] does, is a sentence when it holds two words, a blank between
// them. Strings that are added up are one form, with %s for what is no literal.
// What is not for people is left out by where it stands (see outside) or by a line
// of exempt.tsv with its reason, and by nothing else.
package source

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"vmqbot/speech"
)

// Sentence is one form and where it first stands.
type Sentence struct {
	Form string
	Room string
	At   string // file:line, from the root
}

// Read returns the sentences of the rooms, in the order of the source.
func Read(root string, rooms ...string) ([]Sentence, error) {
	var all []Sentence
	seen := map[string]bool{}
	for _, room := range rooms {
		files, err := filepath.Glob(filepath.Join(root, room, "*.go"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			r := reader{room: room, root: root, all: &all, seen: seen}
			if err := r.read(file); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// reader walks one file.
type reader struct {
	room, root, file string
	set              *token.FileSet
	all              *[]Sentence
	seen             map[string]bool
}

func (r *reader) read(file string) error {
	src, err := os.ReadFile(file) //nolint:gosec // a file of the repository
	if err != nil {
		return err
	}
	r.set = token.NewFileSet()
	parsed, err := parser.ParseFile(r.set, file, src, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	if r.file, err = filepath.Rel(r.root, file); err != nil {
		return err
	}
	for _, d := range parsed.Decls {
		ast.Inspect(d, r.visit)
	}
	return nil
}

// visit takes what is a string and goes on into all else that may hold one.
func (r *reader) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		if counted(n) {
			r.count(n)
		}
		return !outside(n)
	case *ast.BinaryExpr:
		return r.sum(n)
	case *ast.CaseClause:
		for _, s := range n.Body {
			ast.Inspect(s, r.visit)
		}
		return false
	case *ast.ImportSpec:
		return false
	case *ast.Field: // its tag is no string of the program's
		return false
	case *ast.BasicLit:
		if n.Kind == token.STRING {
			text, _ := strconv.Unquote(n.Value) // the parser has read it
			r.take(n, text, n.Value[0] == '`')
		}
	}
	return true
}

// sum takes strings that are added up; a comparison is with what others said.
func (r *reader) sum(n *ast.BinaryExpr) bool {
	switch n.Op {
	case token.EQL, token.NEQ:
		return false
	case token.ADD:
		text, raw, literal := flat(n)
		if !literal {
			return true
		}
		r.take(n, text, raw)
		for _, e := range operands(n) {
			if _, is := e.(*ast.BasicLit); !is {
				ast.Inspect(e, r.visit)
			}
		}
		return false
	}
	return true
}

func operands(e ast.Expr) []ast.Expr {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return append(operands(e.X), operands(e.Y)...)
		}
	case *ast.ParenExpr:
		return operands(e.X)
	}
	return []ast.Expr{e}
}

// flat is a sum as one form. It is no string when no operand is a literal one.
func flat(n *ast.BinaryExpr) (text string, raw, literal bool) {
	for _, e := range operands(n) {
		lit, is := e.(*ast.BasicLit)
		if !is || lit.Kind != token.STRING {
			text += "%s"
			continue
		}
		one, _ := strconv.Unquote(lit.Value)
		text, raw, literal = text+one, raw || lit.Value[0] == '`', true
	}
	return text, raw, literal
}

// twoWords is what makes a string a sentence.
var twoWords = regexp.MustCompile(`[A-Za-z']{2,}[,;:.)]* \(?[a-z]+|[a-z] [A-Z]?[a-z]{2}|%[sdqv][,;:]? [a-z]{2,}|[a-z]{2,}:? %[sdqv]`)

func (r *reader) take(n ast.Node, text string, raw bool) {
	for _, form := range speech.Forms(text, raw) {
		if r.seen[form] || !twoWords.MatchString(form) || machine(form) {
			continue
		}
		r.seen[form] = true
		at := r.file + ":" + strconv.Itoa(r.set.Position(n.Pos()).Line)
		if _, out := exempt(r.file, form); !out {
			*r.all = append(*r.all, Sentence{Form: form, Room: r.room, At: at})
		}
	}
}

// counted reports a call that says how many of a thing there are.
func counted(n *ast.CallExpr) bool {
	name, is := n.Fun.(*ast.Ident)
	return is && slices.Contains([]string{"count", "counted", "plural"}, name.Name) && len(n.Args) == 2
}

// count takes both forms of such a call: 1 node, %d nodes.
func (r *reader) count(n *ast.CallExpr) {
	if lit, is := n.Args[1].(*ast.BasicLit); is && lit.Kind == token.STRING {
		thing, _ := strconv.Unquote(lit.Value)
		r.take(n, "1 "+thing, false)
		r.take(n, "%d "+thing+"s", false)
	}
}

// outside reports a call whose words are not for people: patterns and texts that
// are looked for in others' words, the log, what stops the program.
func outside(n *ast.CallExpr) bool {
	switch f := n.Fun.(type) {
	case *ast.Ident:
		return f.Name == "panic"
	case *ast.SelectorExpr:
		x, is := f.X.(*ast.Ident)
		switch {
		case !is:
			return logs(f)
		case x.Name == "strings":
			return !slices.Contains([]string{"Join", "ToUpper", "TrimRight", "TrimSuffix", "TrimSpace"}, f.Sel.Name)
		case x.Name == "regexp" || x.Name == "slog" || x.Name == "bytes":
			return true
		}
		return logs(f)
	}
	return false
}

// logs reports a method of a log: x.Log.Warn, log.Info.
func logs(f *ast.SelectorExpr) bool {
	if !slices.Contains([]string{"Debug", "Info", "Warn", "Error", "DebugContext", "InfoContext", "WarnContext", "ErrorContext", "LogAttrs"}, f.Sel.Name) {
		return false
	}
	switch x := f.X.(type) {
	case *ast.Ident:
		return strings.Contains(strings.ToLower(x.Name), "log")
	case *ast.SelectorExpr:
		return strings.Contains(strings.ToLower(x.Sel.Name), "log")
	case *ast.CallExpr:
		return strings.Contains(strings.ToLower(callee(x)), "log")
	}
	return false
}

func callee(n *ast.CallExpr) string {
	switch f := n.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
