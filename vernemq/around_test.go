package vernemq

import (
	"strings"
	"testing"

	"vmqbot/answer"
)

// TestAround is what docker 28, OpenSSH and curl print when VerneMQ's tools
// were never asked; the older words are from their sources. Each must be
// understood from standard error and pasted as standard output.
func TestAround(t *testing.T) {
	const in = "docker exec vernemq-release-cn-1 "
	for _, c := range []struct {
		command string
		exit    int
		said    string
		want    Details // but for Said
		next    string  // part of the advice
	}{
		{in + "vernemq ping", 1, "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?", Details{Refusal: DockerDown}, "`systemctl status docker`"},
		{in + "vmq-admin cluster show", 1, "failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory", Details{Refusal: DockerDown}, "`systemctl status docker`"},
		{in + "vmq-admin cluster show", 1, `permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/containers/cn/json": dial unix /var/run/docker.sock: connect: permission denied`, Details{Refusal: answer.Forbidden}, "sudo"},
		{in + "vmq-admin node status", 1, "Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix", Details{Refusal: answer.Forbidden}, "group docker"},
		{in + "vernemq stop", 1, "Error: No such container: vernemq-release-cn-1", Details{Refusal: answer.NotFound, Container: "vernemq-release-cn-1"}, "`docker ps -a`"},
		{in + "vmq-admin metrics show", 1, "Error response from daemon: No such container: vernemq-release-cn-1", Details{Refusal: answer.NotFound, Container: "vernemq-release-cn-1"}, "right host"},
		{in + "vmq-admin session show", 1, "Error response from daemon: Container 0a1b2c3d is not running", Details{Refusal: answer.Down, Container: "0a1b2c3d"}, "attach its address"},
		{in + "vernemq getpid", 1, "Error response from daemon: container 0a1b2c3d is not running", Details{Refusal: answer.Down, Container: "0a1b2c3d"}, "`docker ps -a`"},
		{in + "vernemq version", 1, "Error response from daemon: Container 0a1b is restarting, wait until the container is running", Details{Refusal: answer.Down, Container: "0a1b"}, "`docker logs --tail 50 0a1b`"},
		{in + "vernemq chkconfig", 1, "Error response from daemon: Container cn is paused, unpause the container before exec", Details{Refusal: answer.Down, Container: "cn"}, "paused"},
		{"docker exec -it cn vmq-admin plugin show", 1, "the input device is not a TTY", Details{Refusal: answer.Usage}, "leave off -t"},
		{"docker exec -it cn vernemq restart", 1, "the input device is not a TTY.  If you are using mintty, try prefixing the command with 'winpty'", Details{Refusal: answer.Usage}, "leave off -t"},
		{"docker exec -it cn vernemq start", 1, "cannot attach stdin to a TTY-enabled container because stdin is not a terminal", Details{Refusal: answer.Usage}, "leave off -t"},
		{"ssh ops@203.0.113.10 vmq-admin listener show", 255, "ssh: connect to host 203.0.113.10 port 22: Connection refused", Details{Refusal: HostUnreachable, Host: "203.0.113.10"}, "firewall"},
		{"ssh cn-1 docker exec cn vmq-admin cluster show", 255, "ssh: connect to host cn-1.example port 2222: No route to host", Details{Refusal: HostUnreachable, Host: "cn-1.example"}, "other nodes"},
		{"ssh cn-1 vernemq config generate", 255, "ssh: Could not resolve hostname cn-1: Name or service not known", Details{Refusal: UnknownHost, Host: "cn-1"}, "DNS"},
		{"ssh ops@cn-1 vmq-admin show a", 255, "ops@cn-1: Permission denied (publickey,password).", Details{Refusal: answer.Forbidden, Host: "ops@cn-1"}, "key"},
		{in + "curl -s http://127.0.0.1:8888/health", 1, "Error: No such container: vernemq-release-cn-1", Details{Refusal: answer.NotFound, Container: "vernemq-release-cn-1"}, "`docker ps -a`"},
	} {
		argv, ok := split(c.command)
		if !ok {
			t.Fatalf("%q is not recognized", c.command)
		}
		c.want.Said = c.said
		for _, a := range []answer.Answer{
			{Argv: argv, Exit: c.exit, Stderr: c.said + "\n"},
			{Argv: argv, Exit: c.exit, Stdout: c.said + "\r\n"},
		} {
			m, ok := Explain(a)
			if d, _ := m.Facts.(Details); !ok || d != c.want || !strings.Contains(m.Meaning, c.next) {
				t.Errorf("%s: %q is explained as %+v %v, want %+v and %q", c.command, c.said, m, ok, c.want, c.next)
			}
		}
	}
}

// TestCurlWithoutWords: with -s curl says nothing, and without it also how
// far it is.
func TestCurlWithoutWords(t *testing.T) {
	const meter = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n" +
		"                                 Dload  Upload   Total   Spent    Left  Speed\n" +
		"\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\r100    15  100    15    0     0   177k      0 --:--:-- --:--:-- --:--:--  243k\n"
	const verbose = "*   Trying 10.0.0.1:8888...\n* Connected\n> GET /health HTTP/1.1\n>\n< HTTP/1.1 200 OK\n<\n{ [15 bytes data]\n* Connection #0 left intact\n"
	for _, c := range []struct {
		exit           int
		stdout, stderr string
		want           any // Health, a kind, or nil for what is refused
	}{
		{7, "", "", answer.Down},
		{52, "\n", "", answer.Down},
		{28, "", "", answer.TimedOut},
		{6, "", "\n", answer.NotFound},
		{35, "", "", nil},
		{7, `{"status":"OK"}`, "", nil},
		{7, "", meter + "curl: (7) Failed to connect to 10.0.0.1 port 8888 after 0 ms: Couldn't connect to server\n", answer.Down},
		{0, `{"status":"OK"}`, meter, Health{OK: true, Reasons: []string{}}},
		{0, `{"status":"OK"}`, verbose, Health{OK: true, Reasons: []string{}}},
		{0, `{"status":"OK"}`, meter + "Segmentation fault\n", nil},
	} {
		m, ok := Explain(answer.Answer{Argv: []string{"curl", "http://10.0.0.1:8888/health"}, Exit: c.exit, Stdout: c.stdout, Stderr: c.stderr})
		got := m.Facts
		if d, refused := m.Facts.(Details); refused {
			got = d.Refusal
		}
		if ok != (c.want != nil) || ok && asJSON(t, got) != asJSON(t, c.want) {
			t.Errorf("exit status %d with %q and %q is explained as %+v, %v, want %v", c.exit, c.stdout, c.stderr, m, ok, c.want)
		}
	}
}
