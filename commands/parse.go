package commands

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"vmqbot/ops"
	"vmqbot/regions"
)

// Parse reads the words of one line against the registry and the fleet. It is
// the one parser of every door. Its errors have code Invalid and say what to
// type.
func Parse(words []string, fleet *regions.Fleet) (*Command, ops.Request, error) {
	req := ops.Request{Args: map[string]string{}}
	for _, w := range words {
		if strings.ContainsFunc(w, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			return nil, req, ops.Errorf(ops.Invalid, "help", "%q holds an invisible character, so it was not read.", w)
		}
	}
	if len(words) == 0 {
		words = []string{"help"}
	}
	for i := 1; i < len(words); i++ { // a line is read again as single words
		if words[i-1] == "--every" || strings.HasPrefix(words[i], "--every=") {
			words[i] = strings.ReplaceAll(words[i], " ", "+")
		}
	}
	req.Line = strings.Join(words, " ")
	c, rest := findVerb(words)
	if c == nil {
		return nil, req, noVerb(words[0])
	}
	req.Verb = c.Name
	if c.Carries == nil {
		var err error
		if rest, err = c.parseFlags(rest, &req); err != nil {
			return c, req, err
		}
	}
	var err error
	if rest, err = c.parseTarget(rest, fleet, &req); err != nil {
		return c, req, err
	}
	if err := c.parseWords(rest, &req); err != nil {
		return c, req, err
	}
	if c.Refuse != nil {
		return c, req, c.Refuse(req)
	}
	if c.Carries != nil {
		_, inner, err := c.Carries(req, fleet)
		req.Nodes = inner.Nodes // so policies and rights of its regions hold
		return c, req, err
	}
	return c, req, nil
}

// findVerb takes the verb from the words: "conf diff" is one verb of two.
func findVerb(words []string) (c *Command, rest []string) {
	if len(words) > 1 && registry[words[0]+" "+words[1]] != nil {
		return registry[words[0]+" "+words[1]], words[2:]
	}
	return registry[words[0]], words[1:]
}

// noVerb names the verbs that begin with the word, or that were probably meant.
func noVerb(word string) error {
	var longer []string
	for _, name := range names() {
		if strings.HasPrefix(name, word+" ") {
			longer = append(longer, name)
		}
	}
	if len(longer) > 0 {
		return ops.Errorf(ops.Invalid, "help", "%q is the first word of %s.", word, strings.Join(longer, ", "))
	}
	return ops.Errorf(ops.Invalid, "help", "There is no verb %q.%s", word, maybe(word, names()))
}

func names() []string {
	var ns []string
	for _, c := range All() {
		ns = append(ns, c.Name)
	}
	return ns
}

// parseFlags takes the options out of the words, wherever they stand.
func (c *Command) parseFlags(words []string, req *ops.Request) (rest []string, err error) {
	for _, f := range c.Flags {
		if f.Number {
			req.Args[f.Name] = strconv.Itoa(f.Default)
		}
	}
	for i := 0; i < len(words); i++ {
		if words[i] == "--" && c.takesRest() { // what follows is somebody else's, options and all
			return append(rest, words[i+1:]...), nil
		}
		name, isFlag := strings.CutPrefix(words[i], "-")
		if !isFlag {
			rest = append(rest, words[i])
			continue
		}
		name, value, hasValue := strings.Cut(strings.TrimPrefix(name, "-"), "=")
		at := slices.IndexFunc(c.Flags, func(f Flag) bool { return f.Name == name })
		if at < 0 {
			return nil, ops.Errorf(ops.Invalid, c.Usage(), "%s does not know the option %q.", c.Name, words[i])
		}
		f := c.Flags[at]
		switch {
		case f.isSwitch() && hasValue:
			return nil, ops.Errorf(ops.Invalid, c.Usage(), "The option %s takes no value.", f.Usage())
		case f.isSwitch():
			value = "true"
		case !hasValue && i+1 == len(words):
			return nil, ops.Errorf(ops.Invalid, c.Usage(), "The option %s wants a %s after it.", strings.Fields(f.Usage())[0], map[bool]string{true: "number", false: "value"}[f.Number])
		case !hasValue:
			i++
			value = words[i]
		}
		if n, err := strconv.Atoi(value); f.Number && (err != nil || n < f.Min || n > f.Max) {
			return nil, ops.Errorf(ops.Invalid, c.Usage(), "The option -%s wants a number from %d to %d, not %q.", f.Name, f.Min, f.Max, value)
		}
		if f.Form != nil {
			if wrong := f.Form(value); wrong != "" {
				return nil, ops.Errorf(ops.Invalid, c.Usage(), "%s: %q %s.", f.Usage(), value, wrong)
			}
		}
		req.Args[f.Name] = value
	}
	return rest, nil
}

// takesRest reports a verb whose last word is all that is left.
func (c *Command) takesRest() bool {
	return slices.ContainsFunc(c.Words, func(w Word) bool { return w.Rest })
}

func (f Flag) isSwitch() bool { return !f.Number && f.Text == "" }

// parseTarget resolves the first word to nodes.
func (c *Command) parseTarget(words []string, fleet *regions.Fleet, req *ops.Request) ([]string, error) {
	if c.Target == NoTarget {
		return words, nil
	}
	if len(words) == 0 {
		if c.Target == NeedsTarget {
			return nil, ops.Errorf(ops.Invalid, c.Usage(), "Which region or node should %s act on? There is %s.", c.Name, strings.Join(targets(fleet), ", "))
		}
		words = []string{"all"}
	}
	req.Target = words[0]
	if req.Target == "all" {
		req.Nodes = fleet.Nodes()
	} else if r, ok := fleet.Region(req.Target); ok {
		req.Nodes = r.Nodes
	} else if n, ok := fleet.Node(req.Target); ok {
		req.Nodes = []regions.Node{n}
	} else {
		return nil, ops.Errorf(ops.Invalid, c.Usage(), "There is no region or node %q.%s There is %s.",
			req.Target, maybe(req.Target, targets(fleet)), strings.Join(targets(fleet), ", "))
	}
	return words[1:], nil
}

func targets(fleet *regions.Fleet) []string {
	ts := []string{"all"}
	for _, r := range fleet.Regions {
		ts = append(ts, r.Name)
		for _, n := range r.Nodes {
			ts = append(ts, n.Name)
		}
	}
	return ts
}

func (c *Command) parseWords(words []string, req *ops.Request) error {
	for _, w := range c.Words {
		if len(words) == 0 {
			if w.Optional {
				return nil
			}
			return ops.Errorf(ops.Invalid, c.Usage(), "%s wants %s: %s.", c.Name, w.Name, w.Help)
		}
		if verb, rest := findVerb(words); w.Verb && verb == nil {
			return noVerb(words[0])
		} else if w.Verb {
			words = append([]string{verb.Name}, rest...)
		}
		if w.Rest {
			words = []string{strings.Join(words, " ")}
		}
		if w.Form != nil {
			if wrong := w.Form(words[0]); wrong != "" {
				return ops.Errorf(ops.Invalid, c.Usage(), "%s: %q %s.", c.Name, words[0], wrong)
			}
		}
		req.Args[w.Name] = words[0]
		words = words[1:]
	}
	if len(words) > 0 {
		return ops.Errorf(ops.Invalid, c.Usage(), "%s does not know what to do with %q.", c.Name, words[0])
	}
	return nil
}
