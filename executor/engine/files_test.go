package engine_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/secret"
)

func file(name, content string, mode uint32) ops.File {
	return ops.File{Name: name, Content: secret.New(content), Mode: mode}
}

// TestFilesArePutAndRead puts them through a container in every state of its
// life; what lies on a volume lands on the host.
func TestFilesArePutAndRead(t *testing.T) {
	e := open(t, &enginetest.Host{})
	ctx, s, folder := t.Context(), made(t, "vernemq-cn-1"), filepath.Join(t.TempDir(), "conf")
	s.Mounts = []ops.Mount{{From: folder, To: "/etc/vernemq"}}
	do(t, "create", e.Create(ctx, s))
	for _, state := range []struct {
		name  string
		reach func() error
	}{
		{"created", func() error { return nil }},
		{"running", func() error { return e.Start(ctx, s.Name) }},
		{"stopped", func() error { return e.Stop(ctx, s.Name, 0) }},
	} {
		do(t, state.name, state.reach())
		big := strings.Repeat(state.name+"\n", 10_000)
		do(t, state.name, e.Put(ctx, s.Name, "/etc/vernemq", []ops.File{file("vernemq.conf", big, 0o644), file("secret", state.name, 0o600), file("empty", "", 0o640)}))
		do(t, state.name, e.Put(ctx, s.Name, "/bin", []ops.File{file("tool", state.name, 0o755)}))
		for path, want := range map[string]string{"/etc/vernemq/vernemq.conf": big, "/etc/vernemq/secret": state.name, "/etc/vernemq/empty": "", "/bin/tool": state.name} {
			if got, err := e.Get(ctx, s.Name, path); err != nil || string(got) != want {
				t.Errorf("%s: %s holds %d bytes, %v", state.name, path, len(got), err)
			}
		}
		for name, mode := range map[string]os.FileMode{"vernemq.conf": 0o644, "secret": 0o600, "empty": 0o640} {
			st, err := os.Stat(filepath.Join(folder, name))
			if err != nil || st.Mode() != mode {
				t.Fatalf("%s: %s on the host: %v %v", state.name, name, st, err)
			}
			if owner, ok := st.Sys().(*syscall.Stat_t); !ok || owner.Uid != 0 || owner.Gid != 0 {
				t.Errorf("%s: %s belongs to %+v", state.name, name, owner)
			}
		}
	}
}

func TestLinksAreFollowed(t *testing.T) {
	e := open(t, &enginetest.Host{})
	ctx, s, folder := t.Context(), made(t, "linked"), t.TempDir()
	s.Mounts = []ops.Mount{{From: folder, To: "/etc/vernemq"}}
	do(t, "create", e.Create(ctx, s))
	for name, to := range map[string]string{"one": "two", "two": "/etc/vernemq/real", "loop": "loop", "lost": "nowhere", "out": "/bin", "data": "/etc/vernemq/sub"} {
		do(t, name, os.Symlink(to, filepath.Join(folder, name)))
	}
	do(t, "real", os.WriteFile(filepath.Join(folder, "real"), []byte("found"), 0o600))
	do(t, "sub", os.Mkdir(filepath.Join(folder, "sub"), 0o700))
	if got, err := e.Get(ctx, s.Name, "/etc/vernemq/one"); err != nil || string(got) != "found" {
		t.Errorf("%q %v", got, err)
	}
	do(t, "into a linked folder", e.Put(ctx, s.Name, "/etc/vernemq/data", []ops.File{file("vernemq.conf", "a = b\n", 0o644)}))
	if got, err := os.ReadFile(filepath.Join(folder, "sub", "vernemq.conf")); err != nil || string(got) != "a = b\n" {
		t.Errorf("%q %v", got, err)
	}
	for path, want := range map[string]facts.Blind{"loop": facts.Failed, "lost": facts.Absent, "out": facts.Unreadable} {
		var own *engine.Error
		if _, err := e.Get(ctx, s.Name, "/etc/vernemq/"+path); !errors.As(err, &own) || own.Blind != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	for path, want := range map[string]string{"/etc/vernemq/data": "/etc/vernemq/sub", "/etc/vernemq": "/etc/vernemq", "/etc/vernemq/real": "no folder", "/etc/vernemq/none": "there is no /etc/vernemq/none", "/etc/vernemq/lost": "there is no"} {
		got, err := e.Folder(ctx, s.Name, path)
		if got != want && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %q %v, want %q", path, got, err, want)
		}
	}
}

func TestFilesThatCannotBe(t *testing.T) {
	e := open(t, &enginetest.Host{})
	ctx, s := t.Context(), made(t, "vernemq-cn-1")
	do(t, "create", e.Create(ctx, s))
	do(t, "put", e.Put(ctx, s.Name, "/bin", []ops.File{file("most", strings.Repeat("x", engine.MostFile), 0o644), file("more", strings.Repeat("x", engine.MostFile+1), 0o644)}))
	if got, err := e.Get(ctx, s.Name, "/bin/most"); err != nil || len(got) != engine.MostFile {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	get := func(name, path string) error { _, err := e.Get(ctx, name, path); return err }
	put := func(name, dir, file string) error {
		return e.Put(ctx, name, dir, []ops.File{{Name: file, Content: secret.New("hunter2")}})
	}
	for _, c := range []struct {
		what string
		err  error
		want facts.Blind
		says string
	}{
		{"no such file", get(s.Name, "/etc/vernemq.conf"), facts.Absent, "there is no /etc/vernemq.conf in it"},
		{"no such container", get("nobody", "/etc/vernemq.conf"), facts.Absent, "No such container: nobody"},
		{"a folder", get(s.Name, "/bin"), facts.Unreadable, "is no file"},
		{"too large", get(s.Name, "/bin/more"), facts.Unreadable, "holds 1048577 bytes"},
		{"no such folder", put(s.Name, "/no/such", "x"), facts.Absent, "put files into vernemq-cn-1:/no/such: there is no /no/such in it"},
		{"no container to put into", put("nobody", "/bin", "x"), facts.Absent, "No such container: nobody"},
		{"a path for a name", put(s.Name, "/bin", "../x"), facts.Failed, `"../x" is no name of a file`},
		{"no name", put(s.Name, "/bin", ""), facts.Failed, `"" is no name of a file`},
		{"the folder above", put(s.Name, "/bin", ".."), facts.Failed, `".." is no name of a file`},
	} {
		var own *engine.Error
		if !errors.As(c.err, &own) || own.Blind != c.want || !strings.Contains(own.Msg, c.says) || strings.Contains(own.Msg, "hunter2") {
			t.Errorf("%s: %v", c.what, c.err)
		}
	}
}

func TestAnImageIsDescribed(t *testing.T) {
	e := open(t, &enginetest.Host{})
	docker.Variant(t, "guest:described", `CMD ["console"]`, `ENTRYPOINT ["/bin/vernemq"]`, "USER 10000", `LABEL version=1`)
	arch, err := e.Arch(t.Context())
	plain, errPlain := e.Image(t.Context(), enginetest.Image)
	if err != nil || errPlain != nil || arch != plain.Arch || plain.OS != "linux" || plain.Comment != "Imported from -" || plain.Size == 0 || plain.Created.IsZero() {
		t.Errorf("%q %+v %v %v", arch, plain, err, errPlain)
	}
	d, err := e.Image(t.Context(), "guest:described")
	if err != nil || d.User != "10000" || d.Cmd[0] != "console" || d.Entrypoint[0] != "/bin/vernemq" || d.Labels["version"] != "1" || d.ID == plain.ID {
		t.Errorf("%+v %v", d, err)
	}
	if again, err := e.Image(t.Context(), d.ID); err != nil || again.ID != d.ID {
		t.Errorf("by id: %+v %v", again, err)
	}
	var own *engine.Error
	if _, err := e.Image(t.Context(), "nosuch:1"); !errors.As(err, &own) || own.Blind != facts.Absent || !strings.Contains(own.Msg, "docker pull nosuch:1`") {
		t.Errorf("%v", err)
	}
}

func TestTheSizeOfALayer(t *testing.T) {
	e := open(t, &enginetest.Host{})
	s := made(t, "layered")
	s.Mounts = []ops.Mount{{From: t.TempDir(), To: "/data"}}
	do(t, "create", e.Create(t.Context(), s))
	do(t, "into the layer", e.Put(t.Context(), s.Name, "/bin", []ops.File{file("x", strings.Repeat("x", 5000), 0o644)}))
	do(t, "onto the volume", e.Put(t.Context(), s.Name, "/data", []ops.File{file("x", strings.Repeat("x", 90_000), 0o644)}))
	if n, err := e.LayerSize(t.Context(), s.Name); err != nil || n < 5000 || n > 20_000 {
		t.Errorf("%d bytes, %v", n, err)
	}
	if _, err := e.LayerSize(t.Context(), "nobody"); err == nil {
		t.Error("a container that is not there was measured")
	}
}
