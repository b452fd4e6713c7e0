package build

import (
	"strings"
	"testing"
)

func TestMirrorIsTheReleasesOwnArchive(t *testing.T) {
	for targets, want := range map[string]string{
		"http://mirror.example/debian-security/ bookworm-security main\nhttp://mirror.example/debian/ bookworm main\n": "http://mirror.example/debian",
		"http://mirror.example/debian/ trixie main\n":                                                                  "",
		"http://mirror.example/debian/ bookworm contrib\n":                                                             "",
		"": "",
		"http://mirror.example/debian/ bookworm-updates main\n":    "",
		"W: some warning\nhttp://a.example/debian bookworm main\n": "http://a.example/debian",
	} {
		if got := strings.Join(mirrorIn(targets), " "); got != want {
			t.Errorf("%q: %q, want %q", targets, got, want)
		}
	}
}
