package shell_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"
)

// source reads string constants of a file of this repository: the scripts that
// run on hosts are not exported, and must run here as they are.
func source(t testing.TB, file string) func(name string) string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../..", file), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	consts := map[string]ast.Expr{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == len(spec.Names) {
			for i, name := range spec.Names {
				consts[name.Name] = spec.Values[i]
			}
		}
		return true
	})
	var value func(ast.Expr) string
	value = func(e ast.Expr) string {
		switch x := e.(type) {
		case *ast.BasicLit:
			text, err := strconv.Unquote(x.Value)
			if err != nil {
				t.Fatal(err)
			}
			return text
		case *ast.BinaryExpr:
			return value(x.X) + value(x.Y)
		case *ast.Ident:
			if of := consts[x.Name]; of != nil {
				return value(of)
			}
		}
		t.Fatalf("%s: this is no string constant: %T", file, e)
		return ""
	}
	return func(name string) string {
		t.Helper()
		if consts[name] == nil {
			t.Fatalf("%s has no constant %s any more", file, name)
		}
		return value(consts[name])
	}
}
