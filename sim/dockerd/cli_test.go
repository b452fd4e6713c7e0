package dockerd_test

import (
	"bytes"
	"os"
	"strings"
	"sync"
	"testing"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
)

// keep is a stream's end that keeps what is written.
type keep struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (k *keep) Write(b []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.b.Write(b)
}

func (k *keep) String() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.b.String()
}

// docker runs the command on the machine.
func (w *world) docker(t *testing.T, stdin string, words ...string) (out, errs string, status int) {
	t.Helper()
	var o, e keep
	in, feed := kernel.NewPipe()
	p, err := w.m.Start(kernel.Spec{Argv: append([]string{"docker"}, words...), Session: true, FDs: map[int]*kernel.FD{0: in, 1: kernel.Output(&o), 2: kernel.Output(&e)}})
	do(t, "docker", err)
	_, _ = p.Use(feed).Write([]byte(stdin))
	_ = feed.Close()
	status = p.Wait()
	return o.String(), e.String(), status
}

// typed are commands in order, and what they print. In what is printed, ids
// are written ID and SHORT.
var typed = []struct {
	words  string
	status int
	out    string
	errs   string
}{
	{"run -dit --name cn-1 --hostname cn-one --restart unless-stopped -p 21883:1883 -v /data:/data -e A=b -l k=v --ulimit nofile=4000 --entrypoint /bin/guest guest:1 hang", 0, "ID\n", ""},
	{"ps -q --no-trunc", 0, "ID\n", ""},
	{"ps --format {{.Names}}|{{.Image}}|{{.State}}|{{.Ports}}|{{.Command}}", 0, "cn-1|guest:1|running|0.0.0.0:21883->1883/tcp|\"/bin/guest hang\"\n", ""},
	{"inspect -f {{.State.Running}},{{.Config.Hostname}},{{.HostConfig.RestartPolicy.Name}},{{json.Config.Env}},{{(index.Mounts,0).Destination}} cn-1", 0, "true cn-one unless-stopped [\"A=b\"] /data\n", ""},
	{"inspect -f {{.NetworkSettings.IPAddress}} cn-1", 0, "172.17.0.2\n", ""},
	{"exec cn-1 guest say out err 7", 7, "out", "err"},
	{"exec cn-1 guest cat /etc/hostname", 0, "cn-one\n", ""},
	{"exec -i cn-1 guest cat /etc/hostname", 0, "cn-one\n", ""},
	{"exec cn-1 nosuch", 126, "OCI runtime exec failed: exec failed: unable to start container process: exec: \"nosuch\": executable file not found in $PATH: unknown\r\n", ""},
	{"exec nobody true", 1, "", "Error: No such container: nobody\n"},
	{"restart cn-1", 0, "cn-1\n", ""},
	{"rename cn-1 cn-2", 0, "", ""},
	{"rename cn-1 cn-3", 1, "", "Error response from daemon: No such container: cn-1\nError: failed to rename container named cn-1\n"},
	{"rm cn-2", 1, "", "Error response from daemon: You cannot remove a running container ID. Stop the container before attempting removal or force remove\n"},
	{"stop -t 5 cn-2", 0, "cn-2\n", ""},
	{"exec cn-2 true", 1, "", "Error response from daemon: Container ID is not running\n"},
	{"start cn-2 nobody", 1, "cn-2\n", "Error response from daemon: No such container: nobody\nError: failed to start containers: nobody\n"},
	{"pause cn-2", 0, "cn-2\n", ""},
	{"unpause cn-2", 0, "cn-2\n", ""},
	{"kill -s KILL cn-2", 0, "cn-2\n", ""},
	{"inspect -f {{.State.Status}},{{.State.ExitCode}} cn-2", 0, "exited 137\n", ""},
	{"rm cn-2 nobody", 1, "cn-2\n", "Error: No such container: nobody\n"},
	{"run --rm guest:1 /bin/guest say out err 3", 3, "out", "err"},
	{"ps -aq", 0, "", ""},
	{"run guest:1 nosuch", 127, "", "docker: Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"nosuch\": executable file not found in $PATH: unknown.\n"},
	{"run --name x guest:1", 125, "", "docker: Error response from daemon: No command specified.\nSee 'docker run --help'.\n"},
	{"create --name made guest:1 /bin/guest say hello  0", 0, "ID\n", ""},
	{"start -a made", 0, "hello", ""},
	{"logs --tail 1 made", 0, "hello", ""},
	{"logs nobody", 1, "", "Error: No such container: nobody\n"},
	{"wait made", 0, "0\n", ""},
	{"cp made:/bin/vernemq /tmp/none/x", 1, "", "open /tmp/none/x: no such file or directory\n"},
	{"tag guest:1 other:2", 0, "", ""},
	{"images --format {{.Repository}}:{{.Tag}}", 0, "guest:1\nother:2\n", ""},
	{"rmi other:2 nosuch", 1, "Untagged: other:2\n", "Error: No such image: nosuch\n"},
	{"inspect nobody", 1, "[]\n", "Error: No such object: nobody\n"},
	{"version -f {{.Server.Version}}", 0, "20.10.24\n", ""},
	{"info -f {{.Name}}", 0, "cn\n", ""},
	{"network ls --format {{.Name}}", 0, "bridge\nhost\nnone\n", ""},
	{"stop nobody", 1, "", "Error response from daemon: No such container: nobody\n"},
	{"frobnicate", 1, "", "docker: 'frobnicate' is not a docker command.\nSee 'docker --help'\n"},
	{"ps --frob", 125, "", "unknown flag: --frob\nSee 'docker ps --help'.\n"},
	{"system dial-stdio", 0, "", ""},
}

func TestWhatPeopleType(t *testing.T) {
	w := host(t)
	for _, c := range typed {
		words := strings.Split(c.words, " ")
		for i, word := range words {
			if strings.Contains(word, "{{") { // templates are typed without blanks here
				words[i] = strings.NewReplacer(",0)", " 0)", "json.", "json .", "index.Mounts", "index .Mounts", "},{", "} {").Replace(word)
			}
		}
		out, errs, status := w.docker(t, "", words...)
		out, errs = longID.ReplaceAllString(out, "ID"), longID.ReplaceAllString(errs, "ID")
		if out != c.out || errs != c.errs || status != c.status {
			t.Errorf("docker %s\nprinted %q\nand %q, %d", c.words, out, errs, status)
		}
	}
}

func TestTheCommandWithoutADaemon(t *testing.T) {
	w := host(t)
	w.Down(false)
	for _, words := range [][]string{{"ps"}, {"exec", "x", "true"}, {"start", "x"}, {"load"}, {"inspect", "x"}, {"run", "-d", "guest:1", "x"}} {
		_, errs, status := w.docker(t, "", words...)
		if !strings.Contains(errs, "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?") || status == 0 {
			t.Errorf("docker %q: %q %d", words, errs, status)
		}
	}
}

// TestImagesTravel between two hosts as people bring them: saved whole, or
// flattened, which loses the command. What was loaded runs.
func TestImagesTravel(t *testing.T) {
	w := host(t)
	other := boot(t, w.f, "sg", w.Library())
	_, err := w.AddImage(withCommand("app:1"))
	do(t, "image", err)
	saved, errs, status := w.docker(t, "", "save", "app:1", "guest:1")
	if status != 0 {
		t.Fatal(errs)
	}
	if out, errs, status := other.docker(t, saved, "load"); status != 0 || out != "Loaded image: app:1\nLoaded image: guest:1\n" {
		t.Fatalf("%q %q", out, errs)
	}
	id, _, _ := w.docker(t, "", "inspect", "-f", "{{.Id}} {{.RootFS.Layers}} {{.Config.Cmd}}", "app:1")
	if there, _, _ := other.docker(t, "", "inspect", "-f", "{{.Id}} {{.RootFS.Layers}} {{.Config.Cmd}}", "app:1"); there != id || id == "" {
		t.Errorf("%s became %s", id, there)
	}
	if out, errs, status := other.docker(t, "", "run", "--rm", "app:1"); out != "ran" || status != 5 {
		t.Errorf("%q %q %d", out, errs, status)
	}
	_, _, _ = other.docker(t, "", "create", "--name", "flat", "app:1")
	flat, _, _ := other.docker(t, "", "export", "flat")
	if out, errs, status := w.docker(t, flat, "import", "-c", "ENV A=b", "-", "flat:1"); status != 0 || !strings.HasPrefix(out, "sha256:") {
		t.Fatalf("%q %q", out, errs)
	}
	if out, _, _ := w.docker(t, "", "inspect", "-f", "{{.Config.Cmd}} {{.Config.Env}} {{.Comment}} {{len .RootFS.Layers}}", "flat:1"); out != "<no value> [A=b] Imported from - 1\n" {
		t.Errorf("%q", out)
	}
	if out, _, status := w.docker(t, "", "run", "--rm", "flat:1", "/bin/guest", "say", "still", "", "0"); out != "still" || status != 0 {
		t.Errorf("%q %d", out, status)
	}
	if _, errs, status := w.docker(t, "no archive", "load"); status != 1 || !strings.Contains(errs, "repositories: no such file or directory") {
		t.Errorf("%q %d", errs, status)
	}
}

// TestFilesAreCopied in and out, and a foreign program does not run.
func TestFilesAreCopied(t *testing.T) {
	w := boot(t, fabric.New(), "cn", nil)
	_, err := w.AddImage(guestImage("guest:1"))
	do(t, "image", err)
	_, err = w.AddImage(foreign("arm:1"))
	do(t, "image", err)
	w.hanging(t, "cc", "no")
	dir := t.TempDir()
	do(t, "write", os.WriteFile(dir+"/a", []byte("first"), 0o600))
	for _, words := range [][]string{{"cp", dir + "/a", "cc:/b"}, {"cp", "cc:/b", dir + "/back"}, {"cp", dir, "cc:/folder"}} {
		if _, errs, status := w.docker(t, "", words...); status != 0 {
			t.Errorf("%q: %s", words, errs)
		}
	}
	if body, err := os.ReadFile(dir + "/back"); err != nil || string(body) != "first" {
		t.Errorf("%q %v", body, err)
	}
	if out, _, _ := w.docker(t, "", "exec", "cc", "guest", "cat", "/folder/a"); out != "first" {
		t.Errorf("%q", out)
	}
	if _, errs, status := w.docker(t, "", "run", "--rm", "arm:1", "/bin/guest"); status != 1 || errs != "exec /bin/guest: exec format error\n" {
		t.Errorf("%q %d", errs, status)
	}
}
