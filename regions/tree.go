package regions

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// A fleet of hundreds of nodes stays far below these; beyond them the YAML
// library needs minutes, or all of the stack.
const (
	maxBytes = 256 << 10
	maxDepth = 100
)

// value is one place in the file: its node, its line and the words by which
// a message names it, as "ssh.port" or "node cn-1: address".
type value struct {
	node ast.Node
	line int
	name string
}

// child names the place below v at key.
func (v value) child(key string, n ast.Node, line int) value {
	name := key
	switch {
	case strings.HasSuffix(v.name, ":"):
		name = v.name + " " + key
	case v.name != "":
		name = v.name + "." + key
	}
	return value{node: n, line: line, name: name}
}

// text is the value as typed, without its quotes: off stays the word off, and
// 0x1F is not counted. It reports false for a map, a list and nothing.
func (v value) text() (string, bool) {
	switch n := v.node.(type) {
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.StringNode, *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// refuse notes a problem at v.
func (r *reader) refuse(v value, fix, format string, args ...any) {
	r.problems = append(r.problems, &Problem{
		File: r.file, Line: max(v.line, 1), Msg: fmt.Sprintf(format, args...), Fix: fix,
	})
}

// parse reads YAML into a tree; it reports false after a refusal.
func (r *reader) parse(src []byte) (root value, ok bool) {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	top := value{line: 1, name: "the fleet file"}
	switch {
	case len(src) > maxBytes:
		r.refuse(top, "Write one file per cluster.", "the fleet file is larger than %d KiB.", maxBytes>>10)
		return top, false
	case !utf8.Valid(src) || bytes.ContainsRune(src, 0):
		top.line = 1 + bytes.Count(src[:firstBad(src)], []byte("\n"))
		r.refuse(top, "Save the file as UTF-8 text.", "the fleet file is not UTF-8 text.")
		return top, false
	case tooDeep(src):
		r.refuse(top, "Write the file as the example does.", "the fleet file has more than %d brackets inside each other.", maxDepth)
		return top, false
	}
	file, err := parseYAML(src)
	if err != nil {
		r.refuseSyntax(src, err)
		return top, false
	}
	return r.root(file, top)
}

// root finds the one map that the file must be.
func (r *reader) root(file *ast.File, top value) (value, bool) {
	const fix = "Start from the example: cluster, image, network and regions are required."
	var docs []ast.Node
	for _, d := range file.Docs {
		if _, comment := d.Body.(*ast.CommentGroupNode); d.Body != nil && !comment {
			docs = append(docs, d.Body)
		}
	}
	if len(docs) == 0 {
		r.refuse(top, fix, "the fleet file is empty.")
		return top, false
	}
	if len(docs) > 1 {
		top.line = lineOf(docs[1])
		r.refuse(top, "Write one file per cluster.", "a second YAML document starts here.")
		return top, false
	}
	if _, ok := entriesOf(docs[0]); !ok {
		top.line = lineOf(docs[0])
		r.refuse(top, fix, "the fleet file is not a map of keys.")
		return top, false
	}
	return value{node: docs[0], line: lineOf(docs[0])}, true
}

// parseYAML keeps a defect of the library from ending the program.
func parseYAML(src []byte) (f *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the YAML library gave up: %v", p)
		}
	}()
	return parser.ParseBytes(src, 0, parser.AllowDuplicateMapKey())
}

// refuseSyntax takes the bare message: the library's own rendering quotes the
// lines around it, and those may hold a secret.
func (r *reader) refuseSyntax(src []byte, err error) {
	at, msg := value{line: 1}, err.Error()
	if e := yaml.Error(nil); errors.As(err, &e) {
		msg = e.GetMessage()
		if tk := e.GetToken(); tk != nil && tk.Position != nil {
			at.line = tk.Position.Line
		}
	}
	fix := "Look at the indentation, colons and quotes of this line and the one above."
	if lines := strings.Split(string(src), "\n"); at.line <= len(lines) && strings.Contains(lines[at.line-1], "${") {
		fix = `Inside braces, put a reference into quotes: "${env:NAME}".`
	}
	r.refuse(at, fix, "this is not YAML: %s.", msg)
}

func firstBad(src []byte) int {
	for i := 0; i < len(src); {
		c, size := utf8.DecodeRune(src[i:])
		if c == 0 || c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(src)
}

func tooDeep(src []byte) bool {
	depth := 0
	for _, c := range src {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(depth-1, 0)
		}
		if depth > maxDepth {
			return true
		}
	}
	return false
}
