package weave

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"vmqbot/answer"
)

// seed adds the standard output of every recorded run of one command.
func seed(f *testing.F, verb string) {
	f.Add("")
	for _, s := range samples {
		if a, _ := sample(f, s.file); s.verb == verb {
			f.Add(a.Stdout)
		}
	}
}

// again parses text and, if that went well, the text that render makes of the
// answer: both must say the same.
func again[T any](f *testing.F, parse func(answer.Answer) (T, error), render func(T) string, argv ...string) {
	f.Fuzz(func(t *testing.T, text string) {
		first, err := parse(answer.Answer{Argv: argv, Stdout: text})
		if err != nil {
			return
		}
		second, err := parse(answer.Answer{Argv: argv, Stdout: render(first)})
		if err != nil || !reflect.DeepEqual(first, second) {
			t.Errorf("%q\n first %+v\nsecond %+v %v", text, first, second, err)
		}
	})
}

func FuzzConnections(f *testing.F) {
	seed(f, "status connections")
	f.Add("-> 1.2.3.4:6783 established encrypted   fastdp 0a:0b:0c:0d:0e:0f(a) b) encrypted=truemtu=1376\n")
	again(f, ParseConnections, func(c Connections) string { return renderConnections(c.Connections) }, StatusConnections()...)
}

func FuzzPeers(f *testing.F) {
	seed(f, "status peers")
	again(f, ParsePeers, func(p Peers) string { return renderPeers(p.Peers) }, StatusPeers()...)
}

func FuzzIPAM(f *testing.F) {
	seed(f, "status ipam")
	f.Add("0a:0b:0c:0d:0e:0f(us-1)  16 IPs (100.0% of total) (3 active)\n")
	again(f, ParseIPAM, func(i IPAM) string { return renderIPAM(i.Owners) }, StatusIPAM()...)
}

func FuzzDNS(f *testing.F) {
	seed(f, "status dns")
	f.Add("web          10.40.0.1       5bf44378c480 0a:0b:0c:0d:0e:0f\n")
	again(f, ParseDNS, func(d DNSEntries) string { return renderDNS(d.Entries) }, StatusDNS()...)
}

func FuzzTargets(f *testing.F) {
	seed(f, "status targets")
	again(f, ParseTargets, func(t Targets) string { return strings.Join(append(t.Targets, ""), "\n") }, StatusTargets()...)
}

func FuzzPS(f *testing.F) {
	seed(f, "ps")
	again(f, ParsePS, func(l PSList) string { return renderPS(l.Entries) }, "weave", "ps")
}

func FuzzStatus(f *testing.F) {
	seed(f, "status")
	f.Add(statusPage)
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := ParseStatus(answer.Answer{Argv: Status(), Stdout: text}); err == nil && (!isMAC(s.Name) || s.Version == "") {
			t.Errorf("%q was understood as %+v", text, s)
		}
	})
}

func FuzzParseReport(f *testing.F) {
	seed(f, "report")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseReport([]byte(text))
		if err != nil {
			return
		}
		if !json.Valid([]byte(text)) {
			t.Errorf("%q is no JSON and was understood", text)
		}
		for _, c := range r.Connections {
			if line, ok := connectionLine(strings.TrimSuffix(renderConnections([]Connection{c}), "\n")); !strings.ContainsAny(c.Info, "\n\r") && c.tidy() && (!ok || line != c) {
				t.Errorf("JSON says %+v, its line %+v", c, line)
			}
		}
	})
}

// tidy excludes what JSON can carry and a router never says: spaces at an end
// of free text, an MTU of seven digits.
func (c Connection) tidy() bool {
	return c.Info == strings.TrimSpace(c.Info) && c.Error == strings.TrimSpace(c.Error) && c.MTU < 1e6 && c.Address == strings.TrimSpace(c.Address) && (c.measured() || c.MTU == 0)
}

// Explain reads every verb; whatever comes in, it does not panic, and what it
// recognizes has a sentence and can be written as JSON.
func FuzzExplain(f *testing.F) {
	for _, s := range samples {
		a, _ := sample(f, s.file)
		f.Add(a.Command(), a.Exit, a.Stdout, a.Stderr)
	}
	for _, s := range spoken {
		f.Add(s.command, s.exit, "", s.stderr)
	}
	f.Fuzz(func(t *testing.T, command string, exit int, stdout, stderr string) {
		m, ok := Explain(answer.Answer{Argv: strings.Fields(command), Exit: exit, Stdout: stdout, Stderr: stderr})
		if _, err := json.Marshal(m); ok && (m.Meaning == "" || m.Tool != "weave" || err != nil) {
			t.Errorf("%+v %v", m, err)
		}
	})
}
