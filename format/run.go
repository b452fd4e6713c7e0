package format

import (
	"io"
	"reflect"
	"slices"
	"text/template/parse"
)

// run is one execution.
type run struct {
	t    *Template
	w    io.Writer
	vars []variable // the last of a name is meant
}

type variable struct {
	name  string
	value any
}

func (r *run) walk(dot any, n parse.Node) {
	switch n := n.(type) {
	case *parse.ListNode:
		for _, one := range n.Nodes {
			r.walk(dot, one)
		}
	case *parse.TextNode:
		r.write(string(n.Text))
	case *parse.CommentNode:
	case *parse.ActionNode:
		if v := r.pipe(dot, n.Pipe); len(n.Pipe.Decl) == 0 {
			r.fill(plain(v))
		}
	case *parse.IfNode:
		r.branch(dot, &n.BranchNode, false)
	case *parse.WithNode:
		r.branch(dot, &n.BranchNode, true)
	case *parse.RangeNode:
		r.each(dot, n)
	default:
		r.fail(n, "%s is not known here", n)
	}
}

func (r *run) branch(dot any, b *parse.BranchNode, turns bool) {
	defer r.forget(len(r.vars))
	v := r.pipe(dot, b.Pipe)
	switch {
	case truth(v):
		if turns {
			dot = v
		}
		r.walk(dot, b.List)
	case b.ElseList != nil:
		r.walk(dot, b.ElseList)
	}
}

// forget drops the variables of an inner part.
func (r *run) forget(kept int) { r.vars = r.vars[:kept] }

func (r *run) each(dot any, n *parse.RangeNode) {
	defer r.forget(len(r.vars))
	decl := n.Pipe.Decl
	bare := *n.Pipe
	bare.Decl = nil
	list := reflect.ValueOf(plain(r.pipe(dot, &bare)))
	one := func(key, value any) {
		defer r.forget(len(r.vars))
		switch len(decl) {
		case 1:
			r.vars = append(r.vars, variable{decl[0].Ident[0], value})
		case 2:
			r.vars = append(r.vars, variable{decl[0].Ident[0], key}, variable{decl[1].Ident[0], value})
		}
		r.walk(value, n.List)
	}
	length := 0
	switch list.Kind() {
	case reflect.Slice, reflect.Array:
		length = list.Len()
		for i := range length {
			one(i, list.Index(i).Interface())
		}
	case reflect.Map:
		length = list.Len()
		keys := slices.SortedFunc(slices.Values(list.MapKeys()), func(a, b reflect.Value) int { return compareKeys(a, b) })
		for _, k := range keys {
			one(k.Interface(), list.MapIndex(k).Interface())
		}
	case reflect.Int:
		length = int(list.Int())
		for i := range length {
			one(i, i)
		}
	case reflect.Invalid:
	default:
		r.fail(n.Pipe, "range can't iterate over %v", list.Interface())
	}
	if length == 0 && n.ElseList != nil {
		r.walk(dot, n.ElseList)
	}
}

// pipe is the value of commands, each the last argument of the next.
func (r *run) pipe(dot any, p *parse.PipeNode) any {
	var v any
	for i, c := range p.Cmds {
		v = r.command(dot, c, v, i > 0)
	}
	for _, d := range p.Decl {
		r.vars = append(r.vars, variable{d.Ident[0], v})
	}
	return v
}

func (r *run) command(dot any, c *parse.CommandNode, last any, piped bool) any {
	first := c.Args[0]
	f, isCall := first.(*parse.IdentifierNode)
	if !isCall {
		if len(c.Args) > 1 || piped {
			r.fail(first, "can't give argument to non-function %s", first)
		}
		return r.value(dot, first)
	}
	if f.Ident == "and" || f.Ident == "or" {
		return r.decided(dot, c, last, piped)
	}
	var args []any
	for _, a := range c.Args[1:] {
		args = append(args, r.value(dot, a))
	}
	if piped {
		args = append(args, last)
	}
	v, err := r.t.funcs[f.Ident](args...)
	if err != nil {
		r.fail(c, "error calling %s: %w", f.Ident, err)
	}
	return v
}

// decided evaluates no argument of and, or behind the one that decides.
func (r *run) decided(dot any, c *parse.CommandNode, last any, piped bool) any {
	isOr := c.Args[0].(*parse.IdentifierNode).Ident == "or"
	var v any
	for _, a := range c.Args[1:] {
		if v = r.value(dot, a); truth(v) == isOr {
			return v
		}
	}
	if piped {
		return last
	}
	return v
}

// value is one operand.
func (r *run) value(dot any, n parse.Node) any {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.NilNode:
		return nil
	case *parse.BoolNode:
		return n.True
	case *parse.StringNode:
		return n.Text
	case *parse.NumberNode:
		if n.IsInt {
			return int(n.Int64)
		}
		return n.Float64
	case *parse.FieldNode:
		return r.fields(n, dot, n.Ident)
	case *parse.ChainNode:
		return r.fields(n, r.value(dot, n.Node), n.Field)
	case *parse.PipeNode:
		return r.pipe(dot, n)
	case *parse.VariableNode:
		for _, v := range slices.Backward(r.vars) {
			if v.name == n.Ident[0] {
				return r.fields(n, v.value, n.Ident[1:])
			}
		}
	case *parse.IdentifierNode:
		return r.command(dot, &parse.CommandNode{Args: []parse.Node{n}}, nil, false)
	}
	r.fail(n, "%s is not known here", n)
	return nil
}
