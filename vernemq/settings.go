package vernemq

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"vmqbot/answer"
)

// NodeSettings are the running values of settings on one node.
type NodeSettings struct {
	Node   string            `json:"node"`
	Values map[string]string `json:"values"`
}

var noAnswerFrom = regexp.MustCompile(`\AFailed to (?:get|set) config for: \[(.*)\]\z`)

// ParseShow reads `vmq-admin show KEY... [--all]`. A node that could not be
// reached is simply missing (2.x), or named in unreached (1.x).
func ParseShow(a answer.Answer) (nodes []NodeSettings, unreached []string, err error) {
	t, words, err := tableAndWords(a, false, "node")
	if err != nil {
		return nil, nil, err
	}
	if words != "" {
		m := noAnswerFrom.FindStringSubmatch(words)
		if m == nil {
			return nil, nil, garbled(a, words)
		}
		for n := range strings.SplitSeq(m[1], ",") {
			unreached = append(unreached, strings.Trim(strings.TrimSpace(n), "'"))
		}
	}
	if _, twice := t.twice("node"); twice || len(t.rows) == 0 || len(t.columns) < 2 {
		return nil, nil, garbled(a, a.Stdout)
	}
	for _, row := range t.rows {
		s := NodeSettings{t.cell(row, "node"), map[string]string{}}
		if !memberName.MatchString(s.Node) {
			return nil, nil, garbled(a, s.Node)
		}
		for i, c := range t.columns {
			if i != t.column("node") {
				s.Values[c] = row[i]
			}
		}
		nodes = append(nodes, s)
	}
	return nodes, unreached, nil
}

type settingFacts struct {
	Nodes     []NodeSettings `json:"nodes"`
	Unreached []string       `json:"unreached,omitempty"`
}

func explainShow(a answer.Answer) (any, string, error) {
	nodes, unreached, err := ParseShow(a)
	differ := ""
	for _, n := range nodes {
		for k, v := range n.Values {
			if first := nodes[0].Values[k]; first != v {
				differ = fmt.Sprintf(" %s differs between the nodes.", k)
			}
		}
	}
	for _, n := range nodes {
		n.Values = hideSecrets(n.Values)
	}
	return settingFacts{nodes, unreached}, fmt.Sprintf("The running values on %s.%s A node that is down is missing from this list, and `set` lasts only until the next restart: the permanent place is vernemq.conf.", counted(len(nodes), "node", "nodes"), differ), err
}

// hideSecrets blanks, in place, the values of settings that are secrets.
func hideSecrets(values map[string]string) map[string]string {
	for k, v := range values {
		if v != "" && secretSetting.MatchString(k) {
			values[k] = "[redacted]"
		}
	}
	return values
}

var secretSetting = regexp.MustCompile(`(?i)(?:cookie|passw(?:or)?d|secret|api_?key|\.key|\.auth|token)\z`)

// SettingChange is what `set` did on one node.
type SettingChange struct {
	Node    string            `json:"node,omitempty"` // "" is the node that was asked
	Reached bool              `json:"reached"`        // false: it is down, and nothing changed there
	Values  map[string]string `json:"values,omitempty"`
}

var (
	setTo     = regexp.MustCompile(`\A(?:10|\n)?([A-Za-z_][\w.$-]*) set to "([^"]*)"`)
	setLitter = regexp.MustCompile(`\A(?:10)?(?:ok)*\z`)
)

// ParseSet reads `vmq-admin set KEY=VALUE [--all|--node=]`. With --all a node
// that is down is missing. The refusals are InvalidValue, UnknownSetting,
// Unconfirmed and those of every command.
func ParseSet(a answer.Answer) ([]SettingChange, error) {
	r, err := read(a)
	if err != nil {
		return nil, err
	}
	words := strings.TrimSpace(r.words)
	switch {
	case badValue.MatchString(words):
		return nil, answer.Refuse(InvalidValue, words, "VerneMQ does not take this value: %s. Nothing was changed.", lastLine(words))
	case a.Exit != 0:
		return nil, garbled(a, words)
	case r.tabled:
		return setTable(a, r)
	case words == "" && strings.TrimSpace(a.Stderr) == "":
		return nil, answer.Refuse(Unconfirmed, a.Stdout, "VerneMQ said nothing, which old versions do when all went well: see the value with `vmq-admin show KEY --all`.")
	}
	values, ok := setValues(words)
	if !ok || !asked(a.Argv, values) {
		return nil, garbled(a, words)
	}
	return []SettingChange{{keyArg(a.Argv, "node"), true, values}}, nil
}

var badValue = regexp.MustCompile(`(?s)\A(?:Error transforming datatype for: \S+\n".*" .*[^\n]|".*" (?:cannot be converted|is not a valid).*)\z`)

func lastLine(s string) string { return s[strings.LastIndex(s, "\n")+1:] }

// setValues reads KEY set to "VALUE", once for each key. With --all, 2.x
// leaves the character code of the newline and a few "ok" behind.
func setValues(s string) (map[string]string, bool) {
	values := map[string]string{}
	for {
		m := setTo.FindStringSubmatch(s)
		if m == nil {
			return values, len(values) > 0 && setLitter.MatchString(s)
		}
		values[m[1]] = m[2]
		s = s[len(m[0]):]
	}
}

// asked reports that only keys that stand in the command were set: of another
// one the answer lost a part.
func asked(argv []string, values map[string]string) bool {
	for key := range values {
		if !slices.ContainsFunc(argv, func(w string) bool { return strings.HasPrefix(w, key+"=") }) {
			return false
		}
	}
	return true
}

func setTable(a answer.Answer, r reply) ([]SettingChange, error) {
	words := strings.TrimSpace(r.words)
	if words != "" && words != "Setting config across the cluster" || !r.table.has([]string{"node", "result", "node down/unreachable"}) || r.table.columnTwice() {
		return nil, garbled(a, words)
	}
	if name, twice := r.table.twice("node"); twice {
		return nil, garbled(a, name)
	}
	var changes []SettingChange
	for _, row := range r.table.rows {
		c := SettingChange{Node: r.table.cell(row, "node")}
		down, ok := r.table.cell(row, "node down/unreachable"), true
		if c.Reached = down == "false"; c.Reached {
			c.Values, ok = setValues(r.table.cell(row, "result"))
			ok = ok && asked(a.Argv, c.Values)
		}
		if !ok || !memberName.MatchString(c.Node) || !c.Reached && down != "true" {
			return nil, garbled(a, strings.Join(row, " "))
		}
		changes = append(changes, c)
	}
	return changes, nil
}

type setFacts struct {
	Nodes []SettingChange `json:"nodes"`
}

func explainSet(a answer.Answer) (any, string, error) {
	cs, err := ParseSet(a)
	for _, c := range cs {
		c.Values = hideSecrets(c.Values)
	}
	return setFacts{cs}, "Changed on " + counted(len(cs), "node", "nodes") + ", until each restarts: write it into vernemq.conf too. A node that was down is missing from the answer and keeps its old value.", err
}
