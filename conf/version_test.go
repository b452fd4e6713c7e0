package conf_test

import (
	"testing"

	"vmqbot/conf"
)

func TestParseVersion(t *testing.T) {
	for text, want := range map[string]string{
		"airdroid/vernemq:1.6.1":                      "1.6.1",
		"vernemq/vernemq:2.1.2-alpine":                "2.1.2",
		"registry.example.net:5000/vernemq:1.12.6.2":  "an unknown version",
		"registry.example.net:5000/vernemq:v1.13":     "1.13.0",
		"registry.example.net:5000/vernemq":           "an unknown version",
		"vernemq:2.2.0@sha256:" + "0123456789abcdef":  "2.2.0",
		"airdroid/vernemq@sha256:" + "01234567890123": "an unknown version",
		"airdroid/vernemq:latest":                     "an unknown version",
		"airdroid/vernemq:24.11.3":                    "an unknown version",
		"airdroid/vernemq:1700000000":                 "an unknown version",
		"2.1.2\n":                                     "2.1.2",
		"2.0.0-rc1\n":                                 "2.0.0",
		"1.6.1-3-gdeadbee":                            "1.6.1",
		"":                                            "an unknown version",
		"Error: no such command":                      "an unknown version",
	} {
		if got := conf.ParseVersion(text); got.String() != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestVersionOrder(t *testing.T) {
	for _, row := range []struct {
		v               conf.Version
		since2, before2 bool
	}{{v161, false, true}, {v212, true, false}, {v220, true, false}, {none, false, false}, {conf.Version{Major: 1, Minor: 13}, false, true}} {
		if row.v.AtLeast(2, 0) != row.since2 || row.v.Before(2, 0) != row.before2 {
			t.Errorf("%s: at least 2.0 %v, before it %v", row.v, row.v.AtLeast(2, 0), row.v.Before(2, 0))
		}
	}
}

func TestWhatDiffersByVersion(t *testing.T) {
	for _, row := range []struct {
		v        conf.Version
		metadata string
		buffer   int
	}{
		{v161, "vmq_plumtree", 10_000},
		{conf.Version{Major: 1, Minor: 11}, "vmq_plumtree", 10_000},
		{conf.Version{Major: 1, Minor: 12, Patch: 3}, "vmq_swc", 10_000},
		{v212, "vmq_swc", 10_000},
		{v220, "vmq_swc", 64 << 20},
		{none, "", 0},
	} {
		if row.v.Metadata() != row.metadata || row.v.Buffer() != row.buffer {
			t.Errorf("%s: %q and %d bytes, want %q and %d", row.v, row.v.Metadata(), row.v.Buffer(), row.metadata, row.buffer)
		}
	}
}
