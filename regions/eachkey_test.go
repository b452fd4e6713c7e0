package regions_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"vmqbot/regions"
)

// free are the maps of the example whose keys are names that people choose.
var free = []string{"conf", "regions", "nodes", "approval", "rights", "heal", "receivers"}

// eachKey breaks the example at every key in turn: edit returns what should
// stand there, or false to leave the key out; see gets the file and the
// answer of Load.
func eachKey(
	t *testing.T,
	edit func(path []string, item yaml.MapItem) (yaml.MapItem, bool),
	see func(path []string, src string, err error),
) {
	t.Helper()
	var top yaml.MapSlice
	if err := yaml.UnmarshalWithOptions([]byte(regions.Example), &top, yaml.UseOrderedMap()); err != nil {
		t.Fatal(err)
	}
	paths := pathsOf(nil, top)
	if len(paths) < 60 {
		t.Fatalf("the example has only %d keys", len(paths))
	}
	for _, path := range paths {
		out, err := yaml.Marshal(edited(top, path, func(i yaml.MapItem) (yaml.MapItem, bool) { return edit(path, i) }))
		if err != nil {
			t.Fatal(err)
		}
		_, err = regions.Load("f", out, resolve)
		see(path, string(out), err)
	}
}

func pathsOf(above []string, m yaml.MapSlice) [][]string {
	var all [][]string
	for _, item := range m {
		here := append(slices.Clone(above), item.Key.(string))
		all = append(all, here)
		if below, ok := item.Value.(yaml.MapSlice); ok {
			all = append(all, pathsOf(here, below)...)
		}
	}
	return all
}

// edited copies the maps on the way to path and changes one item.
func edited(m yaml.MapSlice, path []string, edit func(yaml.MapItem) (yaml.MapItem, bool)) yaml.MapSlice {
	var out yaml.MapSlice
	for _, item := range m {
		keep := true
		switch {
		case item.Key != path[0]:
		case len(path) == 1:
			item, keep = edit(item)
		default:
			item.Value = edited(item.Value.(yaml.MapSlice), path[1:], edit)
		}
		if keep {
			out = append(out, item)
		}
	}
	return out
}

func TestEachKeyMisspelt(t *testing.T) {
	eachKey(t, func(_ []string, item yaml.MapItem) (yaml.MapItem, bool) {
		item.Key = item.Key.(string) + "x"
		return item, true
	}, func(path []string, _ string, err error) {
		key := path[len(path)-1]
		switch {
		case strings.Contains(said(err), " is not a region.") && slices.Contains([]string{"cn", "eu"}, strings.TrimSuffix(key, "x")):
			return // a region, or what names one elsewhere
		case len(path) > 1 && slices.Contains(free, path[len(path)-2]):
			if err != nil {
				t.Errorf("%v may be named otherwise, and it is refused: %v", path, err)
			}
		case err == nil:
			t.Errorf("%v misspelled is accepted", path)
		case !strings.Contains(err.Error(), key+"x is not a "):
			t.Errorf("%v misspelled: %v", path, err)
		}
	})
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestEachValueOfAnotherShape(t *testing.T) {
	eachKey(t, func(_ []string, item yaml.MapItem) (yaml.MapItem, bool) {
		if _, isMap := item.Value.(yaml.MapSlice); isMap {
			item.Value = "word"
		} else {
			item.Value = yaml.MapSlice{{Key: "zz", Value: 1}}
		}
		return item, true
	}, func(path []string, src string, err error) {
		key := path[len(path)-1]
		ps := regions.Problems(err)
		if len(ps) == 0 {
			t.Errorf("%v of another shape is accepted", path)
			return
		}
		line := strings.Split(src, "\n")[ps[0].Line-1]
		if !strings.Contains(ps[0].Msg, key) || !strings.Contains(line, key) {
			t.Errorf("%v of another shape: %v, on line %q", path, ps[0], line)
		}
	})
}

func TestEachKeyWithoutValue(t *testing.T) {
	eachKey(t, func(_ []string, item yaml.MapItem) (yaml.MapItem, bool) {
		item.Value = nil
		return item, true
	}, func(path []string, _ string, err error) {
		ps := regions.Problems(err)
		if len(ps) == 0 || !strings.HasSuffix(ps[0].Msg, path[len(path)-1]+" has no value.") {
			t.Errorf("%v without a value: %v", path, err)
		}
	})
}

func TestEachKeyLeftOut(t *testing.T) {
	required := []string{"cluster", "image", "network", "subnet", "regions", "nodes", "host", "container", "address", "approvers", "kind", "url", "routing_key", "secret"}
	eachKey(t, func(_ []string, item yaml.MapItem) (yaml.MapItem, bool) {
		return item, false
	}, func(path []string, _ string, err error) {
		key := path[len(path)-1]
		// The top level's container holds defaults, and a node's image is one over the fleet's.
		optional := slices.Equal(path, []string{"container"}) || key == "image" && len(path) > 1 ||
			len(path) > 3 && path[2] == "in" // one region says only what differs
		needed := slices.Contains(required, key) && !optional
		missing := err != nil && strings.Contains(err.Error(), key+" is missing.")
		if missing != needed {
			t.Errorf("%v left out: missing %v, want %v: %v", path, missing, needed, err)
		}
	})
}
