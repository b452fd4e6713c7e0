package look

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"vmqbot/facts"
)

func TestReadSetup(t *testing.T) {
	const out = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
ID=debian
VERSION_ID="12"
@0 os 0
apt-get
@0 packages 0
0
ops docker sudo
systemd
@0 self 0
/usr/bin/docker
@0 docker 0
/usr/sbin/dockerd
-H
fd://
@0 flags 0
@0 validate 0
{"debug": true}
@0 conf 0
/usr/local/bin/weave
version 2.8.1
user weaveworks
5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9  /usr/local/bin/weave
@0 weave 0
10000:10000 /data/server/docker/vernemq/data
0:0 /etc/vernemq
@0 folders 0
@0 end 0
`
	said, whole := parts(out)
	if !whole {
		t.Fatal("not whole")
	}
	got := readSetup(said)
	want := facts.Setup{
		OS: "debian", Name: "Debian GNU/Linux 12 (bookworm)", Packages: "apt-get", Root: true, Systemd: true, InGroup: true, Docker: "/usr/bin/docker",
		Flags: []string{"/usr/sbin/dockerd", "-H", "fd://"}, Conf: facts.Saw("{\"debug\": true}\n"),
		Weave:   facts.Saw(facts.WeaveScript{Path: "/usr/local/bin/weave", Version: "2.8.1", User: "weaveworks", SHA256: "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"}),
		Folders: map[string]string{"/data/server/docker/vernemq/data": "10000:10000", "/etc/vernemq": "0:0"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for change, is := range map[string]func(facts.Setup) bool{
		"@0 conf 0=>@0 conf 9":                          func(s facts.Setup) bool { return s.Conf.Blind() == facts.Absent },
		"@0 conf 0=>@0 conf 1":                          func(s facts.Setup) bool { return s.Conf.Blind() == facts.Denied },
		"user weaveworks\n=>":                           func(s facts.Setup) bool { return s.Weave.Blind() == facts.Unreadable },
		"\n0\nops docker sudo=>\n1000\nops":             func(s facts.Setup) bool { return !s.Root && !s.InGroup },
		"systemd\n=>armed\n":                            func(s facts.Setup) bool { return !s.Systemd && s.Armed },
		"/usr/sbin/dockerd\n-H\nfd://\n=>":              func(s facts.Setup) bool { return len(s.Flags) == 0 },
		"ID=debian=>ID=\"ol\"\nID_LIKE=\"fedora rhel\"": func(s facts.Setup) bool { return s.OS == "ol" && len(s.Like) == 2 },
	} {
		old, next, _ := strings.Cut(change, "=>")
		if !strings.Contains(out, old) {
			t.Fatalf("%q is not there", old)
		}
		said, _ := parts(strings.Replace(out, old, next, 1))
		if s := readSetup(said); !is(s) {
			t.Errorf("%q: %+v", change, s)
		}
	}
}

func TestReadKit(t *testing.T) {
	dir := t.TempDir()
	if k := ReadKit(""); k.Blind() != facts.Absent {
		t.Error(k)
	}
	if k := ReadKit(dir); k.OK() {
		t.Error("an empty folder is no kit")
	}
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("weave", "#!/bin/sh\necho hello\n")
	if k := ReadKit(dir); k.Blind() != facts.Unreadable {
		t.Error(k)
	}
	put("weave", "#!/bin/sh\nSCRIPT_VERSION=\"2.8.3\"\nDOCKERHUB_USER=${DOCKERHUB_USER:-rajchaudhuri}\n")
	if k := ReadKit(dir); k.OK() || !strings.Contains(k.Why(), "docker save") {
		t.Errorf("without images: %s", k.Why())
	}
	put("images.tar", "12345")
	if k := ReadKit(dir); k.Blind() != facts.Unreadable || !strings.Contains(k.Why(), "no archive of docker save") {
		t.Errorf("what is no archive: %s", k.Why())
	}
	const config = `{"rootfs":{"diff_ids":[]}}`
	packed := archive(t, "ab.json", config, "manifest.json", `[{"Config":"ab.json","RepoTags":["rajchaudhuri/weave:2.8.3"],"Layers":[]}]`)
	put("images.tar", packed)
	k, ok := ReadKit(dir).Get()
	if !ok || k.Script.Version != "2.8.3" || k.Script.User != "rajchaudhuri" || len(k.Script.SHA256) != 64 || k.Size != int64(len(packed)) {
		t.Errorf("%+v", k)
	}
	if id := k.Images["rajchaudhuri/weave:2.8.3"]; id != fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(config))) {
		t.Errorf("%+v", k.Images)
	}
}

// archive packs names with their contents.
func archive(t *testing.T, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: pairs[i], Mode: 0o644, Size: int64(len(pairs[i+1]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
