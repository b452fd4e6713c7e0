package build

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"vmqbot/lab/world"
)

func TestEveryRecipeStartsFromTheBroker(t *testing.T) {
	made := map[string]bool{world.BrokerImage: true, world.ImportedBroker: true}
	for _, v := range variants {
		if made[v.tag] {
			t.Errorf("%s is made twice", v.tag)
		}
		made[v.tag] = true
		recipe := embedded("broker/" + v.recipe + ".dockerfile")
		if !strings.Contains("\n"+recipe, "\nFROM "+world.BrokerImage+"\n") {
			t.Errorf("%s shares no layer with %s:\n%s", v.tag, world.BrokerImage, recipe)
		}
		for _, name := range v.copies {
			if !strings.Contains(recipe, "COPY "+name+" /") {
				t.Errorf("%s does not use %s", v.tag, name)
			}
		}
	}
	for _, tag := range []string{world.OlderBroker, world.NewerBroker, world.BrokenBroker, world.BadConfBroker, world.NoBroker, world.NoShellBroker, world.ForeignBroker} {
		if !made[tag] {
			t.Errorf("nothing makes %s", tag)
		}
	}
	if base := embedded("broker/base.dockerfile"); !strings.Contains(base, "VERNEMQ_VERSION="+strings.TrimPrefix(world.BrokerImage, "airdroid/vernemq:")) {
		t.Errorf("%s speaks as another version:\n%s", world.BrokerImage, base)
	}
	if all := brokerRecipes(); !strings.Contains(all, "VERNEMQ_SCHEMA_LACKS") || !strings.Contains(all, embedded("broker/broken.sh")) {
		t.Error("a changed recipe would not be noticed")
	}
}

// What the broken image calls its virtual machine is a script that ends by itself.
func TestTheBrokenMachineDies(t *testing.T) {
	path := filepath.Join(t.TempDir(), "beam.smp")
	if err := os.WriteFile(path, []byte(embedded("broker/broken.sh")), 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, "-name", "VerneMQ@10.0.0.1").Output()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 1 || !strings.Contains(string(out), "Crash dump is being written to: /var/log/vernemq/erl_crash.dump...done") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestAForeignProgramCannotBeExecuted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte(foreignProgram), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command(path).Run(); !errors.Is(err, syscall.ENOEXEC) {
		t.Errorf("got %v, want %v", err, syscall.ENOEXEC)
	}
	if machine := binary.LittleEndian.Uint16([]byte(foreignProgram)[18:]); machine != 183 {
		t.Errorf("it is for the machine %d", machine)
	}
}

// saved is what docker save of 20.10 writes, without the old forms beside it.
func saved(t *testing.T, config, manifest string) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range [][2]string{{"0123.json", config}, {"abcd/layer.tar", "LAYER"}, {"manifest.json", manifest}} {
		if f[1] == "" {
			continue
		}
		if err := w.WriteHeader(&tar.Header{Name: f[0], Mode: 0o644, Size: int64(len(f[1]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &out
}

func TestRearchitect(t *testing.T) {
	const manifest = `[{"Config":"0123.json","RepoTags":["a:1"],"Layers":["abcd/layer.tar"]}]`
	in := saved(t, `{"architecture":"amd64","rootfs":{"diff_ids":["sha256:1"]},"os":"linux"}`, manifest)
	changed, err := rearchitect(in, "arm64")
	if err != nil {
		t.Fatal(err)
	}
	parts, err := unpack(changed)
	if err != nil || len(parts) != 3 {
		t.Fatalf("%d files, %v", len(parts), err)
	}
	if parts[0].head.Name != fmt.Sprintf("%x.json", sha256.Sum256(parts[0].body)) {
		t.Errorf("the configuration is %s, which is not its digest", parts[0].head.Name)
	}
	if want := `{"architecture":"arm64","os":"linux","rootfs":{"diff_ids":["sha256:1"]}}`; string(parts[0].body) != want {
		t.Errorf("the configuration is %s", parts[0].body)
	}
	var list []struct {
		Config           string
		RepoTags, Layers []string
	}
	if err := json.Unmarshal(parts[2].body, &list); err != nil || list[0].Config != parts[0].head.Name || list[0].RepoTags[0] != "a:1" {
		t.Errorf("%v: %s", err, parts[2].body)
	}
	if string(parts[1].body) != "LAYER" {
		t.Errorf("the layer is %q", parts[1].body)
	}
	for want, bad := range map[string]*bytes.Buffer{
		"no manifest.json":      saved(t, "{}", ""),
		"should hold one image": saved(t, "", manifest),
		"reading the saved":     bytes.NewBufferString("no tar"),
		"0123.json: ":           saved(t, "[]", manifest),
		"manifest.json: ":       saved(t, "{}", "{}"),
	} {
		if _, err := rearchitect(bad, "arm64"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
