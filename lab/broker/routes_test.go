package broker

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestTopicMatches(t *testing.T) {
	for _, c := range []struct {
		filter, topic string
		want          bool
	}{
		{"a/b", "a/b", true}, {"a/b", "a", false}, {"a", "a/b", false}, {"a/+", "a/b", true}, {"a/+", "a/b/c", false},
		{"a/+/c", "a/b/c", true}, {"#", "a/b", true}, {"a/#", "a", true}, {"a/#", "a/b/c", true}, {"+/b", "a/b", true},
		{"+", "/a", false}, {"/+", "/a", true}, {"#", "$SYS/x", false}, {"+/x", "$SYS/x", false}, {"$SYS/#", "$SYS/x", true}, {"", "a", false},
	} {
		if got := topicMatches(c.filter, c.topic); got != c.want {
			t.Errorf("%q on %q: %t", c.filter, c.topic, got)
		}
	}
}

// A client with several fitting subscriptions gets one message, with the best
// QoS and all identifiers.
func TestMatchesOncePerClient(t *testing.T) {
	r := newRoutes()
	put := func(id string, s subscriber) {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		r.apply(entry{Key: subPrefix + id, Val: b})
	}
	put("c", subscriber{Node: "n1", Subs: []sub{{Filter: "a/#", QoS: 0, ID: 3}, {Filter: "a/b", QoS: 1, ID: 4}}})
	put("d", subscriber{Node: "n2", Subs: []sub{{Filter: "$share/g/a/+"}}})
	direct, shared := r.matches("a/b")
	if len(direct) != 1 || direct[0].Sub.QoS != 1 || !slices.Equal(direct[0].IDs, []int{3, 4}) {
		t.Errorf("direct: %+v", direct)
	}
	if len(shared) != 1 || shared["g/a/+"][0].Client != "d" {
		t.Errorf("shared: %+v", shared)
	}
	r.apply(entry{Key: subPrefix + "c", Gone: true})
	if n := r.count(); n != 1 {
		t.Errorf("%d subscriptions are left", n)
	}
}

func TestSharedPrefersLocal(t *testing.T) {
	group := []match{{Client: "far", Node: "n2"}, {Client: "near", Node: "n1"}, {Client: "off", Node: "n3"}}
	for range 20 {
		if m := pickShared(group, "n1"); m.Client != "near" {
			t.Fatalf("picked %s", m.Client)
		}
	}
	if m := pickShared(group[:1], "n1"); m.Client != "far" {
		t.Errorf("picked %s", m.Client)
	}
}

// All nodes end with the same value whatever the order of the news.
func TestMetadataConverges(t *testing.T) {
	a, err := loadMetadata(disk{}, t.TempDir(), "a", newMetrics(false))
	if err != nil {
		t.Fatal(err)
	}
	b, err := loadMetadata(disk{}, t.TempDir(), "b", newMetrics(false))
	if err != nil {
		t.Fatal(err)
	}
	put := func(m *metadata, v any) entry {
		e, err := m.put("k", v)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	ea, eb := put(a, "of a"), put(b, "of b")
	for _, m := range []*metadata{a, b} {
		for _, e := range []entry{eb, ea, eb} {
			if _, err := m.accept(e); err != nil {
				t.Fatal(err)
			}
		}
		var v string
		if !m.get("k", &v) || v != "of b" {
			t.Errorf("%s has %q", m.self, v)
		}
	}
	gone := put(a, nil)
	differ := b.differ(a.sums())
	if !slices.Equal(differ, []int{part("k")}) {
		t.Errorf("a and b differ in %v", differ)
	}
	if send, want := b.newer(differ, a.digest(differ)); len(send) != 0 || !slices.Equal(want, []string{"k"}) {
		t.Errorf("b wants %v and sends %v", want, send)
	}
	if ok, err := b.accept(gone); err != nil || !ok || b.get("k", new(string)) || b.empty() {
		t.Errorf("the deletion is not there: %t %v", ok, err)
	}
	if differ := b.differ(a.sums()); differ != nil {
		t.Errorf("a and b still differ in %v", differ)
	}
	for i := range slack {
		put(b, i)
	}
	put(b, nil)
	if f, err := os.OpenFile(b.log, os.O_APPEND|os.O_WRONLY, 0); err != nil {
		t.Fatal(err)
	} else if _, err := f.WriteString(`{"key":"half`); err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	again, err := loadMetadata(disk{}, filepath.Dir(b.log), "b", newMetrics(false))
	if err != nil || again.empty() || again.differ(b.sums()) != nil || len(again.living("")) != 0 {
		t.Errorf("after a restart: %v %v", again.all, err)
	}
}

func TestTheLogIsKeptShort(t *testing.T) {
	dir := t.TempDir()
	m, err := loadMetadata(disk{}, dir, "a", newMetrics(false))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 * slack {
		if _, err := m.put("k", i); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		m, err = loadMetadata(disk{}, dir, "a", newMetrics(false))
		var v int
		if err != nil || !m.get("k", &v) || v != 2*slack-1 {
			t.Fatal(v, err)
		}
	}
	if text, err := os.ReadFile(m.log); err != nil || bytes.Count(text, []byte("\n")) != 1 {
		t.Errorf("%d lines, %v", bytes.Count(text, []byte("\n")), err)
	}
}

func TestMembersMerge(t *testing.T) {
	m, err := loadMembers(disk{}, t.TempDir(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.add("b"); err != nil {
		t.Fatal(err)
	}
	if changed, err := m.merge(map[string]member{"b": {Clock: 2, Gone: true}, "c": {Clock: 1}}); err != nil || !changed {
		t.Fatal(changed, err)
	}
	if got := m.names(); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("members %v", got)
	}
	if changed, _ := m.merge(map[string]member{"b": {Clock: 1}}); changed {
		t.Error("old news was taken")
	}
	if err := m.replace(map[string]member{"a": {Clock: 5, Gone: true}}); err != nil || !m.has("a") || m.has("c") {
		t.Errorf("after leaving: %v %v", m.names(), err)
	}
	again, err := loadMembers(disk{}, m.file[:len(m.file)-len("/peer_service/cluster_state.json")], "a")
	if err != nil || !slices.Equal(again.names(), []string{"a"}) {
		t.Errorf("after a restart: %v %v", again.names(), err)
	}
}
