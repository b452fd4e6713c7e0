package shell

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// arithmetic computes $((...)) in 64 bits.
func (s *shell) arithmetic(x syntax.ArithmExpr) (string, bool) {
	if x == nil {
		return "0", true
	}
	n, ok := s.compute(x)
	return strconv.FormatInt(n, 10), ok
}

func (s *shell) compute(x syntax.ArithmExpr) (int64, bool) {
	switch e := x.(type) {
	case *syntax.Word:
		return s.number(e)
	case *syntax.ParenArithm:
		return s.compute(e.X)
	case *syntax.UnaryArithm:
		n, ok := s.compute(e.X)
		switch e.Op {
		case syntax.Not:
			return truth(n == 0), ok
		case syntax.BitNegation:
			return ^n, ok
		case syntax.Minus:
			return -n, ok
		case syntax.Plus:
			return n, ok
		}
	case *syntax.BinaryArithm:
		return s.computeTwo(e)
	}
	s.fatal("arithmetic expression: expecting primary")
	return 0, false
}

// number is a constant, or the value of a variable.
func (s *shell) number(w *syntax.Word) (int64, bool) {
	text := strings.TrimSpace(s.literal(w))
	if s.stopped() {
		return 0, false
	}
	if syntax.ValidName(text) {
		value, set := s.get(text)
		if !set && s.flags['u'] {
			s.fatal("%s: parameter not set", text)
			return 0, false
		}
		if text = strings.TrimSpace(value); text == "" {
			text = "0"
		}
	}
	if n, err := strconv.ParseInt(text, 0, 64); err == nil && !strings.ContainsAny(text, "_bBoO") || err == nil && strings.HasPrefix(strings.ToLower(text), "0x") {
		return n, true
	}
	// A value may be an expression, where a word was $name.
	if e, err := parser().Arithmetic(strings.NewReader(text)); err == nil {
		if word, plain := e.(*syntax.Word); !plain || word.Lit() == "" {
			return s.compute(e)
		}
	}
	s.fatal("Illegal number: %s", text)
	return 0, false
}

func truth(ok bool) int64 {
	if ok {
		return 1
	}
	return 0
}

// assigning are the operators that assign what another one computes.
var assigning = map[syntax.BinAritOperator]syntax.BinAritOperator{
	syntax.AddAssgn: syntax.Add, syntax.SubAssgn: syntax.Sub, syntax.MulAssgn: syntax.Mul, syntax.QuoAssgn: syntax.Quo, syntax.RemAssgn: syntax.Rem,
	syntax.AndAssgn: syntax.And, syntax.OrAssgn: syntax.Or, syntax.XorAssgn: syntax.Xor, syntax.ShlAssgn: syntax.Shl, syntax.ShrAssgn: syntax.Shr,
}

func (s *shell) computeTwo(e *syntax.BinaryArithm) (int64, bool) {
	op, compound := assigning[e.Op]
	if compound || e.Op == syntax.Assgn {
		name, ok := e.X.(*syntax.Word)
		y, fine := s.compute(e.Y)
		if !ok || !fine {
			return 0, false
		}
		if compound {
			x, fine := s.compute(e.X)
			if y, fine = s.apply(op, x, y, fine); !fine {
				return 0, false
			}
		}
		return y, s.set(name.Lit(), strconv.FormatInt(y, 10))
	}
	x, ok := s.compute(e.X)
	if !ok {
		return 0, false
	}
	switch e.Op {
	case syntax.AndArit:
		if x == 0 {
			return 0, true
		}
		y, ok := s.compute(e.Y)
		return truth(y != 0), ok
	case syntax.OrArit:
		if x != 0 {
			return 1, true
		}
		y, ok := s.compute(e.Y)
		return truth(y != 0), ok
	case syntax.TernQuest:
		either, ok := e.Y.(*syntax.BinaryArithm)
		if !ok {
			return 0, false
		}
		if x != 0 {
			return s.compute(either.X)
		}
		return s.compute(either.Y)
	}
	y, ok := s.compute(e.Y)
	return s.apply(e.Op, x, y, ok)
}

func (s *shell) apply(op syntax.BinAritOperator, x, y int64, ok bool) (int64, bool) {
	if !ok {
		return 0, false
	}
	switch op {
	case syntax.Add:
		return x + y, true
	case syntax.Sub:
		return x - y, true
	case syntax.Mul:
		return x * y, true
	case syntax.Quo, syntax.Rem:
		if y == 0 {
			s.fatal("arithmetic expression: division by zero")
			return 0, false
		}
		if op == syntax.Quo {
			return x / y, true
		}
		return x % y, true
	case syntax.Eql:
		return truth(x == y), true
	case syntax.Neq:
		return truth(x != y), true
	case syntax.Lss:
		return truth(x < y), true
	case syntax.Gtr:
		return truth(x > y), true
	case syntax.Leq:
		return truth(x <= y), true
	case syntax.Geq:
		return truth(x >= y), true
	case syntax.And:
		return x & y, true
	case syntax.Or:
		return x | y, true
	case syntax.Xor:
		return x ^ y, true
	case syntax.Shl:
		return x << (uint64(y) & 63), true
	case syntax.Shr:
		return x >> (uint64(y) & 63), true
	}
	s.fatal("arithmetic expression: expecting EOF")
	return 0, false
}
