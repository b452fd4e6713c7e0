package vernemq_test

import (
	"strings"
	"testing"

	"vmqbot/images/vernemq"
	"vmqbot/walls"
)

func TestWalls(t *testing.T) { walls.Pure(t) }

// TestTheDockerfile holds it against what the house relies on.
func TestTheDockerfile(t *testing.T) {
	for _, want := range []string{"ARG BASE=" + vernemq.Base + "\n", "CMD [\"start_vernemq\"]", "SOURCE_DATE_EPOCH"} {
		if !strings.Contains(vernemq.Dockerfile, want) {
			t.Errorf("it lacks %q", want)
		}
	}
	if _, final, _ := strings.Cut(vernemq.Dockerfile, "\nFROM ${BASE}\n"); strings.Count(final, "\nRUN ")+strings.Count(final, "\nCOPY ") != 3 {
		t.Error("three layers lie on the base: dependencies, release, configuration")
	}
	if strings.Contains(vernemq.Start, "cluster leave") {
		t.Error("a container that is stopped leaves its cluster (F27)")
	}
}

func TestArgv(t *testing.T) {
	b := vernemq.Build{Folder: ".vmqbot-build", Ref: "vmqbot-build:1", Base: "debian:bookworm-slim"}
	if got := strings.Join(b.Argv(), " "); !strings.Contains(got, "--build-arg BASE=debian:bookworm-slim") || !strings.Contains(got, "PACKAGES=libncurses6") || !strings.HasSuffix(got, " .vmqbot-build") {
		t.Error(got)
	}
	b.Bare = true
	if got := b.Argv(); !strings.Contains(strings.Join(got, "|"), "|PACKAGES=|") {
		t.Error(got)
	}
}
