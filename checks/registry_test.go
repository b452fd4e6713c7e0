package checks

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"vmqbot/regions"
)

func panics(f func()) (said string) {
	defer func() {
		if r := recover(); r != nil {
			said = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}

func TestRegisterRefusesHalfACheck(t *testing.T) {
	node := func(Subject) Observation { return ok("") }
	link := func(Subject, regions.Node) Observation { return ok("") }
	for _, c := range []struct {
		name  string
		check Check
		want  string
	}{
		{"no name", Check{Summary: "is it?", Severity: Info, node: node}, "lacks its name"},
		{"no summary", Check{Name: "new", Severity: Info, node: node}, "lacks its name, summary"},
		{"no severity", Check{Name: "new", Summary: "is it?", node: node}, "severity"},
		{"no judge", Check{Name: "new", Summary: "is it?", Severity: Info}, "either nodes or links"},
		{"two judges", Check{Name: "new", Summary: "is it?", Severity: Info, node: node, link: link}, "either nodes or links"},
		{"a second one of a name", Check{Name: "ip", Summary: "is it?", Severity: Info, node: node}, "registered twice"},
	} {
		if said := panics(func() { register(c.check) }); !strings.Contains(said, c.want) {
			t.Errorf("%s: panicked with %q, want ...%s...", c.name, said, c.want)
		}
	}
}

func TestAGraphWithACircleOrAHoleDoesNotStart(t *testing.T) {
	before := maps.Clone(registered)
	defer func() { registered = before }()
	registered = map[string]*Check{
		"hen": {Name: "hen", Needs: []string{"egg"}}, "egg": {Name: "egg", Needs: []string{"hen"}},
		"one": {Name: "one", Needs: []string{"none"}}, "two": {Name: "two", Needs: []string{"wire"}},
		"wire": {Name: "wire", link: func(Subject, regions.Node) Observation { return ok("") }},
	}
	if said := panics(func() { depth(registered["hen"], nil) }); !strings.Contains(said, "needs itself") {
		t.Errorf("a circle: %q", said)
	}
	if said := panics(func() { depth(registered["one"], nil) }); !strings.Contains(said, `"none", which is no check`) {
		t.Errorf("a need that is no check: %q", said)
	}
	if said := panics(func() { depth(registered["two"], nil) }); !strings.Contains(said, `"wire", which judges links`) {
		t.Errorf("a need that judges links: %q", said)
	}
}
