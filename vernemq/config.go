package vernemq

import (
	"regexp"
	"slices"
	"strings"

	"vmqbot/answer"
)

// Generated are the files that the configuration was written to.
type Generated struct {
	AppConfig string `json:"app_config"`
	VMArgs    string `json:"vm_args"`
}

var (
	generated   = regexp.MustCompile(`\A-config (\S+\.config) -args_file (\S+\.args) -vm_args (\S+\.args)\z`)
	errorLine   = regexp.MustCompile(`\A(?:\d{4}-\d\d-\d\dT\S+ |\d\d:\d\d:\d\d\.\d+ )\[(\w+)\] ?(.*)\z`)
	wholeCauses = regexp.MustCompile(`(?:unknown variable: \S+|is not a valid .*|cannot be converted to .*|parsing incomplete|there is no setting with that name\.)\z`)
)

const (
	generatorFailed = "Error generating config with cuttlefish\n  run `vernemq config generate -l debug` for more information."
	noName          = "vm.args needs to have a -name parameter.\n  -sname is not supported."
)

// ParseChkconfig reads `vernemq chkconfig`. BadConfig names no cause:
// ParseConfigGenerate does. It passes a port above 65535, a key that is there twice
// (the last wins) and an address that the host does not have.
func ParseChkconfig(a answer.Answer) (Generated, error) {
	out, errs := clean(a.Stdout), clean(a.Stderr)
	switch {
	case a.Exit != 0 && (errs == generatorFailed || out == generatorFailed):
		return Generated{}, answer.Refuse(BadConfig, generatorFailed, "vernemq.conf does not pass. The cause is in the output of `vernemq config generate` (which exits with 0 all the same). Do not restart the broker now: it would stop and stay down.")
	case a.Exit != 0 && (errs == noName || out == noName):
		return Generated{}, answer.Refuse(BadConfig, noName, "vernemq.conf is missing or has no nodename: put it back before anything else, the scripts read it at each call.")
	}
	if r := troubleOf(a); r != nil {
		return Generated{}, r
	}
	files, ok := strings.CutPrefix(out, "config is OK\n")
	m := generated.FindStringSubmatch(files)
	if !ok || m == nil || m[2] != m[3] || a.Exit != 0 {
		return Generated{}, garbled(a, out)
	}
	return Generated{m[1], m[2]}, nil
}

func explainCheckConfig(a answer.Answer) (any, string, error) {
	g, err := ParseChkconfig(a)
	return g, "The configuration passes. That does not find an address that the host does not have, a port above 65535, or a key that is there twice (the last one wins).", err
}

// ParseConfigGenerate reads `vernemq config generate`, whose exit status is 0 also
// when it failed. The reason of BadConfig is the cause in VerneMQ's words.
func ParseConfigGenerate(a answer.Answer) (Generated, error) {
	if r := troubleOf(a); r != nil {
		return Generated{}, r
	}
	out := clean(a.Stdout)
	lines := strings.Split(out, "\n")
	last := len(lines) - 1
	if strange := slices.IndexFunc(lines[:last], func(l string) bool { return !errorLine.MatchString(l) }); strange >= 0 {
		return Generated{}, garbled(a, lines[strange])
	}
	if m := generated.FindStringSubmatch(strings.TrimSpace(lines[last])); m != nil && m[2] == m[3] && a.Exit == 0 {
		return Generated{m[1], m[2]}, nil
	}
	var causes []string
	for _, line := range lines {
		m := errorLine.FindStringSubmatch(line)
		if m == nil {
			return Generated{}, garbled(a, out)
		}
		if m[1] == "error" && !strings.HasPrefix(m[2], "Error generating configuration") {
			causes = append(causes, m[2])
		}
	}
	if causes == nil || !wholeCauses.MatchString(causes[len(causes)-1]) && !strings.HasSuffix(a.Stdout, "\n") {
		return Generated{}, garbled(a, out)
	}
	return Generated{}, answer.Refuse(BadConfig, out, "vernemq.conf does not pass: %s. Mend it before the next start; a running broker is not touched by it.", strings.TrimRight(strings.Join(causes, "; "), "."))
}

func explainGenerate(a answer.Answer) (any, string, error) {
	g, err := ParseConfigGenerate(a)
	return g, "The configuration was generated; it takes effect at the next start of the process, not at `vmq-admin node start`.", err
}

var (
	effectiveLine = regexp.MustCompile(`\A([A-Za-z_][\w.$-]*) =(?: (.*))?\z`)
	described     = regexp.MustCompile(`(?s)\ADocumentation for (\S+)\n.+\z`)
	notDescribed  = regexp.MustCompile(`\AVariable '(.+)' not found\z`)
)

// ParseEffective reads `vernemq config effective`: what vernemq.conf and the
// defaults amount to at the next start. It lists an unknown key as if it were
// fine. The values of secrets are in it: never print them as they are.
func ParseEffective(a answer.Answer) (map[string]string, error) {
	if r := troubleOf(a); r != nil {
		return nil, r
	}
	values, last := map[string]string{}, ""
	for line := range strings.SplitSeq(clean(a.Stdout), "\n") {
		m := effectiveLine.FindStringSubmatch(line)
		switch {
		case m != nil:
			last = m[1]
			values[last] = m[2]
		case last != "" && line == "":
		case last != "" && strings.HasPrefix(line, " "): // a long value goes on
			values[last] += " " + strings.TrimSpace(line)
		default:
			return nil, garbled(a, "")
		}
	}
	if last == "" || a.Exit != 0 || !strings.HasSuffix(a.Stdout, "\n") {
		return nil, garbled(a, "")
	}
	return values, nil
}

func explainEffective(a answer.Answer) (any, string, error) {
	values, err := ParseEffective(a)
	return map[string]any{"settings": hideSecrets(values)}, counted(len(values), "setting", "settings") + " as the next start will see them. An unknown key is listed here as if it were fine: only `vernemq chkconfig` finds it.", err
}

// Described is what `vernemq config describe` knows of a setting.
type Described struct {
	Setting string `json:"setting"`
	Text    string `json:"text"`
}

// ParseDescribe reads `vernemq config describe KEY`; an unknown key, which
// has exit status 0, is answer.NotFound.
func ParseDescribe(a answer.Answer) (Described, error) {
	if r := troubleOf(a); r != nil {
		return Described{}, r
	}
	out := clean(a.Stdout)
	if m := notDescribed.FindStringSubmatch(out); m != nil {
		return Described{}, answer.Refuse(answer.NotFound, out, "VerneMQ has no setting %s: `vernemq config effective` lists all that there are.", m[1])
	}
	m := described.FindStringSubmatch(out)
	if m == nil || a.Exit != 0 {
		return Described{}, garbled(a, out)
	}
	return Described{m[1], out}, nil
}

func explainDescribe(a answer.Answer) (any, string, error) {
	d, err := ParseDescribe(a)
	return d, "What the schema says of " + d.Setting + ".", err
}
