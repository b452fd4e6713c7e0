package look

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vmqbot/answer"
	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/secret"
)

// login runs commands of a host as a user of this machine.
type login struct {
	uid    uint32
	failed error
	said   string // instead of what the command prints
}

func (l login) Run(ctx context.Context, argv []secret.Word, _ func(string)) (answer.Answer, error) {
	words := secret.Reveal(argv)
	c := exec.CommandContext(ctx, words[0], words[1:]...)
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: l.uid, Gid: l.uid}}
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr, c.Dir = &out, &errs, "/"
	_ = c.Run()
	if l.said != "" {
		out.Reset()
		out.WriteString(l.said)
	}
	return answer.Answer{Stdout: out.String(), Stderr: errs.String(), Exit: c.ProcessState.ExitCode()}, l.failed
}

func (login) Dial(context.Context, string, string) (net.Conn, error) {
	return nil, errors.ErrUnsupported
}
func (login) Pipe(context.Context, []secret.Word) (io.ReadWriteCloser, error) {
	return nil, errors.ErrUnsupported
}
func (login) Ping(context.Context) (time.Duration, bool, error) { return 0, false, nil }

func on(l login, v regions.Volumes) view {
	return view{seat: &seat{name: "cn.example.net", host: l}, node: regions.Node{Name: "cn-1", Volumes: v}}
}

// TestWhatLiesBeneath reads this machine: a folder that is there, those that
// are not, and what the login user may not see.
func TestWhatLiesBeneath(t *testing.T) {
	if os.Getuid() != 0 {
		t.Fatal("it logs in as another user: run the tests as root, as the others of them need too")
	}
	root, err := os.MkdirTemp("", "ground it's ")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	at := func(path string, mode os.FileMode) string {
		p := filepath.Join(root, path)
		if err := errors.Join(os.MkdirAll(p, 0o755), os.Chmod(p, mode)); err != nil {
			t.Fatal(err)
		}
		return p
	}
	write := func(path string, size int) {
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	full, closed := at("full", 0o755), at("closed", 0o700)
	write(filepath.Join(full, ".hidden"), 300_000)
	write(filepath.Join(closed, "x"), 10)
	at("disk/lost+found", 0o700)
	at("half/closed", 0o700)
	at(".", 0o755)
	const nobody = 65534
	for _, c := range []struct {
		what, data string
		uid        uint32
		blind      facts.Blind
		least      int64
		most       int64
	}{
		{"files", full, nobody, "", 300_000, 330_000},
		{"nothing", at("empty", 0o755), nobody, "", 0, 0},
		{"a fresh disk", filepath.Join(root, "disk"), nobody, "", 0, 0},
		{"no folder", filepath.Join(root, "new/er/est"), nobody, "", 0, 0},
		{"no folder at all", "/nosuch/folder", nobody, "", 0, 0},
		{"a folder that is closed", closed, nobody, facts.Denied, 0, 0},
		{"the same for root", closed, 0, "", 10, 20_000},
		{"behind one that is closed", filepath.Join(closed, "x/data"), nobody, facts.Denied, 0, 0},
		{"closed within", filepath.Join(root, "half"), nobody, facts.Denied, 0, 0},
	} {
		v := regions.Volumes{Conf: "/", Log: c.data, Data: c.data}
		g, err := on(login{uid: c.uid}, v).beneath(t.Context())
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		size, ok := g.data.Get()
		if g.data.Blind() != c.blind || ok && (size < c.least || size > c.most) {
			t.Errorf("%s: %d bytes, %s", c.what, size, g.data.Why())
		}
		if c.blind == facts.Denied && (!strings.Contains(g.data.Why(), "sudo du -sk "+c.data) || strings.Contains(g.data.Why(), "\n")) {
			t.Errorf("%s: %s", c.what, g.data.Why())
		}
		var fs syscall.Statfs_t
		if err := syscall.Statfs(root, &fs); err != nil {
			t.Fatal(err)
		}
		if d := g.disks["/"]; len(g.disks) != 2 || d.Total < d.Free || d.Free <= 0 {
			t.Errorf("%s: %+v", c.what, g.disks)
		}
		if total := int64(fs.Blocks) * fs.Bsize; strings.HasPrefix(c.data, root) && g.disks[c.data].Total != total { //nolint:gosec // a disk's size
			t.Errorf("%s: %+v, the disk has %d bytes", c.what, g.disks[c.data], total)
		}
		if g.nofile <= 0 {
			t.Errorf("%s: a limit of %d files", c.what, g.nofile)
		}
	}
}

func TestAHostThatDoesNotTell(t *testing.T) {
	data := regions.Volumes{Data: "/data"}
	limits := "hard 1024\n@0 limits 0\n"
	df := "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 100 40 60 40% /data\n"
	if _, err := on(login{failed: context.DeadlineExceeded}, data).beneath(t.Context()); blind(err) != facts.TooLate {
		t.Errorf("%v", err)
	}
	for said, want := range map[string]string{
		"sh: not found":                       "the answer ends in the middle of limits",
		limits:                                "the answer ends in the middle of data",
		limits + "4\t/data\n@0 data 0\n" + df: "the answer ends in the middle of df",
		limits + "4\t/data\n@0 data 0\n" + df + "@1 df 0\n":                                         "the answer ends in the middle of end",
		limits + "4\t/data\n@0 data 0\n" + "df: /data: Stale file handle\n" + "@1 df 1\n@0 end 0\n": "/data: df: /data: Stale file handle",
		limits + "4\t/data\n@0 data 0\n" + df + "@1 df 1\n@0 end 0\n":                               "/data: Filesystem",
		limits + "4\t/data\n@0 data 0\n" + "nothing\n" + "@1 df 0\n@0 end 0\n":                      "/data: nothing",
	} {
		if _, err := on(login{said: said}, data).beneath(t.Context()); blind(err) != facts.Unreadable || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", said, err)
		}
	}
	for size, want := range map[string]facts.Blind{"4\t/data\n@0 data 0": "", "4\t/data\n@0 data 1": facts.Unreadable, "many\n@0 data 0": facts.Unreadable, "-4 /data\n@0 data 0": facts.Unreadable,
		"du: x: Permission denied\n4\t/data\n@0 data 1": facts.Denied} {
		g, err := on(login{said: limits + size + "\n" + df + "@1 df 0\n@0 end 0\n"}, data).beneath(t.Context())
		if err != nil || g.data.Blind() != want || g.disks["/data"] != (facts.Disk{Free: 60 << 10, Total: 100 << 10}) || g.nofile != 0 {
			t.Errorf("%q: %+v %s %v", size, g, g.data.Why(), err)
		}
	}
	g, err := on(login{said: "@0 limits 0\n@0 end 0\n"}, regions.Volumes{}).beneath(t.Context())
	if err != nil || g.data.OK() || !strings.Contains(g.data.Why(), "names no data folder for cn-1") || len(g.disks) != 0 {
		t.Errorf("%+v %v", g, err)
	}
}

func TestDiskOf(t *testing.T) {
	const head = "Filesystem     1024-blocks      Used Available Capacity Mounted on\n"
	for row, want := range map[string]facts.Disk{
		"/dev/mapper/vg-root   41152832  9000000  30000000      24% /\n":        {Free: 30_000_000 << 10, Total: 41_152_832 << 10},
		"overlay               41152832  9000000         0     100% /a b/c\n":   {Free: 0, Total: 41_152_832 << 10},
		"nas:/volume 1 2 data         500      100       400      20% /mnt/x\n": {Free: 400 << 10, Total: 500 << 10},
		"proc                         0        0         0       - /proc\n":     {},
	} {
		if got, ok := diskOf(head + row); !ok || got != want {
			t.Errorf("%s: %+v %v, want %+v", row, got, ok, want)
		}
	}
	for _, cut := range []string{"", head, head + "/dev/vda1 41152832 9000000 30000000 24% /", head + "/dev/vda1 99999999999999999999 1 2 3% /\n", "df: no file systems processed\n"} {
		if got, ok := diskOf(cut); ok {
			t.Errorf("%q: %+v", cut, got)
		}
	}
}

func TestNofile(t *testing.T) {
	const all = "CapBnd:\t000001ffffffffff\n"
	for limits, want := range map[string]int64{
		"nr_open 1048576\nhard 4096\nuid_map 0 0 4294967295\n" + all:                           1048576, // a host
		"nr_open 1048576\nhard 20000\nuid_map 0 0 4294967295\nCapBnd:\t000001fffeffffff\n":     20000,   // a container that may not raise limits
		"nr_open 1048576\nhard 524288\nuid_map 0 100000 65536\n" + all:                         524288,  // root of a user namespace
		"nr_open 1024\nhard 524288\nuid_map 0 0 4294967295\nCapBnd:\t0000000000000000\n":       1024,
		"nr_open 1048576\nhard unlimited\nuid_map 0 0 4294967295\nCapBnd:\t0000000000000000\n": 1048576,
		"nr_open 1048576\nhard\nuid_map\n":                                                     0,
		"nr_open\nhard 1024\nuid_map 0 0 4294967295\n" + all:                                   0,
		"": 0,
	} {
		if got := nofile(limits); got != want {
			t.Errorf("%q: %d, want %d", limits, got, want)
		}
	}
	// What this machine says is what it grants.
	g, err := on(login{uid: uint32(os.Getuid())}, regions.Volumes{}).beneath(t.Context()) //nolint:gosec // a user
	if err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if out, err := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -n "$1"`, "sh", strconv.FormatInt(g.nofile, 10)).CombinedOutput(); err != nil {
			t.Errorf("%d files are not granted: %s", g.nofile, out)
		}
	}
}

func TestTaken(t *testing.T) {
	got := taken([]facts.Container{
		{Name: "vernemq-cn-1", Published: map[int]int{1883: 1883}},
		{Name: "web", Published: map[int]int{80: 8080, 443: 8443}},
		{Name: "stopped", Published: map[int]int{}},
	}, "vernemq-cn-1")
	if len(got) != 2 || got[8080] != "web" || got[8443] != "web" {
		t.Errorf("%v", got)
	}
}
