package regions

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// field is one key of a map whose keys are known.
type field struct {
	key  string
	must bool
	read func(value)
}

func must(key string, read func(value)) field { return field{key, true, read} }
func may(key string, read func(value)) field  { return field{key, false, read} }

// object reads a map of known keys. Fields are read in the order of the
// table, not of the file, so that defaults are known before what uses them.
func (r *reader) object(v value, fields ...field) {
	found := map[string]value{}
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = f.key
	}
	before := len(r.problems)
	isMap := r.entries(v, func(key string, at value) {
		if !slices.Contains(known, key) {
			r.refuse(at, didYouMean(key, known), "%s is not a key of the fleet file.", at.name)
			return
		}
		found[key] = at
	})
	// A key that was refused above, or is misspelled, is not missing as well.
	complete := isMap && len(r.problems) == before
	for _, f := range fields {
		at, ok := found[f.key]
		switch {
		case ok:
			f.read(at)
		case f.must && complete:
			r.refuse(v, "Add it; the example shows how.", "%s is missing.", v.child(f.key, nil, 0).name)
		}
	}
}

// entries calls each for every key of a map, in the order of the file, and
// refuses what every map must not have: a key twice, a key without a value.
// It reports false when v is no map.
func (r *reader) entries(v value, each func(key string, at value)) bool {
	list, ok := entriesOf(v.node)
	if !ok {
		r.refuse(v, "Write keys and values below it, indented or in braces.", "%s is not a map.", v.title())
		return false
	}
	lines := map[string]int{}
	for _, e := range list {
		key, keyOK := value{node: e.Key}.text()
		at := v.child(shown(key), e.Value, lineOf(e.Key))
		switch {
		case !keyOK:
			r.refuse(at, "Write a plain word before the colon.", "%s has a key that is not a word.", v.title())
		case lines[key] > 0:
			r.refuse(at, "Keep one of them.", "%s stands twice, first in line %d.", at.name, lines[key])
		case isEmpty(e.Value):
			lines[key] = at.line
			r.refuse(at, "Write a value or remove the line.", "%s has no value.", at.name)
		case isFancy(e.Value):
			lines[key] = at.line
			r.refuse(at, "Write the value out.", "%s uses an anchor, an alias, a merge or a tag.", at.name)
		default:
			lines[key] = at.line
			each(key, at)
		}
	}
	return true
}

// list reads a list of plain values, or one plain value as a list of one.
func (r *reader) list(v value, each func(value)) {
	seq, ok := v.node.(*ast.SequenceNode)
	if !ok {
		if _, plain := v.text(); plain {
			each(v)
			return
		}
		r.refuse(v, "Write [one, two] or one value.", "%s is not a list.", v.name)
		return
	}
	for _, n := range seq.Values {
		each(value{node: n, line: lineOf(n), name: v.name})
	}
}

func entriesOf(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

func isEmpty(n ast.Node) bool {
	_, null := n.(*ast.NullNode)
	return n == nil || null
}

func isFancy(n ast.Node) bool {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		return true
	}
	return false
}

// lineOf is the line on which a node starts.
func lineOf(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		n = m.Values[0].Key
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 1
	}
	return n.GetToken().Position.Line
}

// title is the name of a place when it stands alone in a sentence.
func (v value) title() string {
	if v.name == "" {
		return "the fleet file"
	}
	return strings.TrimSuffix(v.name, ":")
}
