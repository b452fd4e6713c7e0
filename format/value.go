package format

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"text/template/parse"
)

// plain is what a value is behind pointers, for printing and ranging.
func plain(v any) any {
	if _, says := v.(fmt.Stringer); says {
		return v
	}
	if _, says := v.(error); says {
		return v
	}
	for at := reflect.ValueOf(v); at.Kind() == reflect.Pointer; at = at.Elem() {
		if at.IsNil() {
			return v
		}
		v = at.Elem().Interface()
	}
	return v
}

// fields goes from a value through names.
func (r *run) fields(n parse.Node, v any, names []string) any {
	for _, name := range names {
		v = r.field(n, v, name)
	}
	return v
}

func (r *run) field(n parse.Node, v any, name string) any {
	at := reflect.ValueOf(v)
	for at.Kind() == reflect.Pointer {
		if at.IsNil() {
			r.fail(n, "nil pointer evaluating %s.%s", at.Type(), name)
		}
		at = at.Elem()
	}
	switch at.Kind() {
	case reflect.Struct:
		if f := at.FieldByName(name); f.IsValid() && f.CanInterface() {
			return f.Interface()
		}
	case reflect.Map:
		if at.Type().Key().Kind() != reflect.String {
			break
		}
		found := at.MapIndex(reflect.ValueOf(name).Convert(at.Type().Key()))
		switch {
		case found.IsValid():
			return found.Interface()
		case r.t.strict:
			r.fail(n, "map has no entry for key %q", name)
		case at.Type().Elem().Kind() != reflect.Interface:
			return reflect.Zero(at.Type().Elem()).Interface()
		default:
			return nil
		}
	case reflect.Invalid:
		r.fail(n, "nil data; no entry for key %q", name)
	}
	r.fail(n, "can't evaluate field %s in type %s", name, at.Type())
	return nil
}

// truth is whether a value is not the zero of its type, nor empty.
func truth(v any) bool {
	at := reflect.ValueOf(v)
	switch at.Kind() {
	case reflect.Invalid:
		return false
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return at.Len() > 0
	case reflect.Struct:
		return true
	default:
		return !at.IsZero()
	}
}

func compareKeys(a, b reflect.Value) int {
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	default:
		return cmp.Compare(a.String(), b.String())
	}
}

var errMissing = errors.New("missing argument for comparison")

// builtins are the functions of the language; and, or are no functions, because they may leave
// arguments alone.
var builtins = map[string]Func{
	"and": nil, "or": nil,
	"not":     func(args ...any) (any, error) { return len(args) == 1 && !truth(args[0]), nil },
	"print":   func(args ...any) (any, error) { return fmt.Sprint(args...), nil },
	"println": func(args ...any) (any, error) { return fmt.Sprintln(args...), nil },
	"printf":  printf, "len": length, "index": index,
	"eq": func(args ...any) (any, error) {
		if len(args) < 2 {
			return nil, errMissing
		}
		for _, other := range args[1:] {
			if c, err := compare(args[0], other); err != nil || c == 0 {
				return err == nil, err
			}
		}
		return false, nil
	},
	"ne": comparing(func(c int) bool { return c != 0 }),
	"lt": comparing(func(c int) bool { return c < 0 }),
	"le": comparing(func(c int) bool { return c <= 0 }),
	"gt": comparing(func(c int) bool { return c > 0 }),
	"ge": comparing(func(c int) bool { return c >= 0 }),
}

func printf(args ...any) (any, error) {
	if len(args) > 0 {
		if form, ok := args[0].(string); ok {
			return fmt.Sprintf(form, args[1:]...), nil
		}
	}
	return nil, errors.New("wants a form first")
}

func length(args ...any) (any, error) {
	if len(args) == 1 {
		switch at := reflect.ValueOf(plain(args[0])); at.Kind() {
		case reflect.Array, reflect.Map, reflect.Slice, reflect.String, reflect.Chan:
			return at.Len(), nil
		}
	}
	return nil, fmt.Errorf("len of type %T", args)
}

// index goes into lists by numbers and into maps by keys.
func index(args ...any) (any, error) {
	if len(args) == 0 {
		return nil, errors.New("index of untyped nil")
	}
	v := args[0]
	for _, key := range args[1:] {
		at, by := reflect.ValueOf(plain(v)), reflect.ValueOf(key)
		switch at.Kind() {
		case reflect.Slice, reflect.Array, reflect.String:
			if !by.CanInt() {
				return nil, fmt.Errorf("cannot index slice/array with type %T", key)
			}
			if i := int(by.Int()); i < 0 || i >= at.Len() {
				return nil, fmt.Errorf("index out of range: %d", i)
			}
			v = at.Index(int(by.Int())).Interface()
		case reflect.Map:
			if !by.IsValid() || !by.Type().AssignableTo(at.Type().Key()) {
				return nil, fmt.Errorf("value has type %T; should be %s", key, at.Type().Key())
			}
			if found := at.MapIndex(by); found.IsValid() {
				v = found.Interface()
			} else {
				v = reflect.Zero(at.Type().Elem()).Interface()
			}
		default:
			return nil, fmt.Errorf("can't index item of type %T", v)
		}
	}
	return v, nil
}

func comparing(is func(int) bool) Func {
	return func(args ...any) (any, error) {
		if len(args) != 2 {
			return nil, errMissing
		}
		c, err := compare(args[0], args[1])
		return err == nil && is(c), err
	}
}

// compare orders two values of one kind; of booleans and nothing it knows only
// whether they are the same.
func compare(a, b any) (int, error) {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	switch {
	case !x.IsValid() || !y.IsValid():
		if x.IsValid() == y.IsValid() {
			return 0, nil
		}
		return 1, nil
	case x.Kind() == reflect.String && y.Kind() == reflect.String:
		return cmp.Compare(x.String(), y.String()), nil
	case x.CanInt() && y.CanInt():
		return cmp.Compare(x.Int(), y.Int()), nil
	case x.CanUint() && y.CanUint():
		return cmp.Compare(x.Uint(), y.Uint()), nil
	case x.CanFloat() && y.CanFloat():
		return cmp.Compare(x.Float(), y.Float()), nil
	case x.Kind() == reflect.Bool && y.Kind() == reflect.Bool:
		if x.Bool() == y.Bool() {
			return 0, nil
		}
		return 1, nil
	}
	return 0, errors.New("incompatible types for comparison")
}
