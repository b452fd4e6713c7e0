package far_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"vmqbot/lab/far"
)

// TestMain is the process that holds packets when the test says so.
func TestMain(m *testing.M) {
	if late := os.Getenv("FAR_TEST_HOLD"); late != "" {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		d, err := time.ParseDuration(late)
		if err == nil {
			err = far.Hold(ctx, 7, d, func() { fmt.Println("ready") })
		}
		stop()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if to := os.Getenv("FAR_TEST_ASK"); to != "" {
		ask(to)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// ask sends twenty datagrams to an address, back to back, and prints in which order and
// how late they came.
func ask(to string) {
	at, err := net.ListenPacket("udp4", to+":0") //nolint:noctx // its process ends with the test
	if err != nil {
		fmt.Println(err)
		return
	}
	from, err := net.Dial("udp4", at.LocalAddr().String()) //nolint:noctx // as above
	if err != nil {
		fmt.Println(err)
		return
	}
	begun := time.Now()
	for i := range 20 {
		_, _ = from.Write([]byte{byte(i)})
	}
	_ = at.SetReadDeadline(time.Now().Add(5 * time.Second))
	order := true
	first := time.Duration(0)
	for i := range 20 {
		b := make([]byte, 1)
		if _, _, err := at.ReadFrom(b); err != nil {
			fmt.Println(err)
			return
		}
		if first == 0 {
			first = time.Since(begun)
		}
		order = order && int(b[0]) == i
	}
	fmt.Printf("in order: %t, after %d ms\n", order, first.Milliseconds())
}

// TestPacketsAreLate in a network of the test's own: those that the rule picks, in their
// order; the others are not, nor is any once nobody holds them.
func TestPacketsAreLate(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("it makes a network of its own, so only root can run it")
	}
	const rules = `ip link set lo up && iptables --wait -A OUTPUT -d 127.0.0.2 -p udp -j NFQUEUE --queue-num 7 --queue-bypass || exit 1
FAR_TEST_ASK=127.0.0.2 "$0"
FAR_TEST_HOLD=1s "$0" >"$1/ready" 2>&1 &
until grep -q . "$1/ready"; do sleep 0.02; done
cat "$1/ready"
FAR_TEST_ASK=127.0.0.2 "$0"
FAR_TEST_ASK=127.0.0.1 "$0"
kill $! && wait $!
echo "ended with $?"
FAR_TEST_ASK=127.0.0.2 "$0"`
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "unshare", "--net", "sh", "-c", rules, self, t.TempDir()).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != 6 || lines[1] != "ready" || lines[4] != "ended with 0" {
		t.Fatalf("%s", out)
	}
	late := func(line string) (ms int) {
		t.Helper()
		if _, err := fmt.Sscanf(line, "in order: true, after %d ms", &ms); err != nil {
			t.Fatalf("%q in %s", line, out)
		}
		return ms
	}
	if before, held, other, after := late(lines[0]), late(lines[2]), late(lines[3]), late(lines[5]); held < 1000 || before >= 1000 || other >= 1000 || after >= 1000 {
		t.Errorf("late by %d ms before, %d held, %d what is not picked, %d after", before, held, other, after)
	}
}
