package vernemq

import (
	"strings"

	"vmqbot/answer"
)

// Help is a usage text that was asked for.
type Help struct {
	Usage string `json:"usage"`
}

// ParseHelp reads the answer to a command with --help, or to a tool without
// a command. Where nobody asked for help the same text is answer.Usage.
func ParseHelp(a answer.Answer) (Help, error) {
	if r := troubleOf(a); r != nil {
		return Help{}, r
	}
	out := clean(a.Stdout)
	if !usage.MatchString(out) {
		return Help{}, garbled(a, out)
	}
	return Help{out}, nil
}

func explainUsage(a answer.Answer) (any, string, error) {
	h, err := ParseHelp(a)
	return h, "The usage of this command; nothing was done.", err
}

// ParseRows reads any other table of vmq-admin, as rows by column names.
func ParseRows(a answer.Answer) ([]map[string]string, error) {
	t, err := readTable(a, false)
	if err != nil {
		return nil, err
	}
	rows := []map[string]string{}
	for _, row := range t.rows {
		m := map[string]string{}
		for i, c := range t.columns {
			m[c] = row[i]
		}
		rows = append(rows, m)
	}
	return rows, nil
}

func explainOther(a answer.Answer) (any, string, error) {
	if done(a) == nil {
		return Done{true}, "VerneMQ said Done, which for several commands it says whatever happened: look at what was to change.", nil
	}
	rows, err := ParseRows(a)
	return map[string]any{"rows": rows}, "A table of " + counted(len(rows), "row", "rows") + ", of this node unless a column names another.", err
}

// explainAPI reads the body of /api/v1/... as the answer of the vmq-admin
// command that the path names.
func explainAPI(a answer.Answer) (any, string, error) {
	r, err := ParseHTTP(a)
	if err != nil {
		return nil, "", err
	}
	u, _ := curlTarget(a.Argv)
	inner := answer.Answer{Argv: apiCommand(u), Stdout: r.Body}
	v, _ := findVerb(inner.Argv)
	if r.Status == 503 || v == nil || !strings.HasPrefix(r.Body, "{") && !strings.HasPrefix(r.Body, "[") {
		return nil, "", garbled(a, r.Body)
	}
	return v.read(inner)
}

// explainPath reads the answer of a path that VerneMQ may or may not have.
func explainPath(a answer.Answer) (any, string, error) {
	r, err := ParseHTTP(a)
	if err == nil {
		err = garbled(a, firstLine(r.Body))
	}
	return nil, "", err
}
