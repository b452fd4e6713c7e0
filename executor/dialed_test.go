package executor_test

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"vmqbot/executor"
	"vmqbot/facts"
	"vmqbot/regions"
)

// TestDialsAreToldByRegion, also those that fail, as here at a port where
// nobody listens.
func TestDialsAreToldByRegion(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	n := regions.Node{Name: "cn-1", Region: "cn", Host: "127.0.0.1", Container: "vernemq", Address: netip.MustParsePrefix("10.0.0.1/24"),
		SSH: regions.SSH{User: "ops", Port: port, Key: t.TempDir() + "/none", KnownHosts: t.TempDir() + "/none"}}
	f := &regions.Fleet{Cluster: "release", Regions: []regions.Region{{Name: "cn", Nodes: []regions.Node{n}}}}
	var mu sync.Mutex
	var told []string
	hosts := executor.Open(f, executor.Options{Dialed: func(region string, err error) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, region+" "+map[bool]string{true: "ok", false: "failed"}[err == nil])
	}})
	seen := hosts.Looker.Look(t.Context(), f.Nodes(), facts.Need{})
	if err := hosts.Close(); err != nil {
		t.Fatal(err)
	}
	if seen.Nodes["cn-1"].Host.OK() {
		t.Error("a host that refuses was seen")
	}
	if !slices.Contains(told, "cn failed") || strings.Contains(strings.Join(told, ","), "ok") {
		t.Errorf("told: %q", told)
	}
}
