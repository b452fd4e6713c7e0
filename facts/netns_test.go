package facts

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var (
	cnCluster = netip.MustParseAddrPort("10.0.0.1:44053")
	sgCluster = netip.MustParseAddrPort("10.0.0.2:44053")
)

func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func readNetns(t testing.TB, trie string, tables ...string) Netns {
	t.Helper()
	addrs, err := ParseFibTrie(sample(t, trie))
	if err != nil {
		t.Fatal(err)
	}
	n := Netns{PID: 1, Addresses: addrs}
	for _, table := range tables {
		socks, err := ParseTCP(sample(t, table))
		if err != nil {
			t.Fatal(err)
		}
		n.Sockets = append(n.Sockets, socks...)
	}
	return n
}

func addrs(list string) []netip.Addr {
	var as []netip.Addr
	for _, f := range strings.Fields(list) {
		as = append(as, netip.MustParseAddr(f))
	}
	return as
}

func TestParseFibTrie(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"a container with its weave address", "cn.fib_trie", "10.0.0.1 127.0.0.1 172.17.0.2"},
		{"the same after the address was lost", "cn-address-lost.fib_trie", "127.0.0.1 172.17.0.2"},
		{"a namespace that only has loopback", "loopback-only.fib_trie", "127.0.0.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseFibTrie(sample(t, c.file))
			if err != nil || !slices.Equal(got, addrs(c.want)) {
				t.Errorf("got %v, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestParseFibTrieTakesOnlyLocalAddresses(t *testing.T) {
	got, err := ParseFibTrie(sample(t, "cn.fib_trie"))
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range addrs("10.0.0.0 10.0.0.255 127.255.255.255 172.17.0.0 172.17.255.255 0.0.0.0") {
		if slices.Contains(got, never) {
			t.Errorf("%v is a network or broadcast address, and was taken for a local one", never)
		}
	}
}

func TestParseFibTrieRefuses(t *testing.T) {
	whole := sample(t, "cn.fib_trie")
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "127.0.0.1"},
		{"an error message of cat", "cat: /proc/77/net/fib_trie: No such file or directory\n", "127.0.0.1"},
		{"a table without loopback", strings.ReplaceAll(whole, "|-- 127.0.0.1\n", "|-- 127.0.0.9\n"), "127.0.0.1"},
		{"an address that is none", strings.ReplaceAll(whole, "|-- 10.0.0.1\n", "|-- 10.0.0.256\n"), "10.0.0.256"},
		{"LOCAL without an address", "/32 host LOCAL\n" + whole, "no address"},
		{"the socket table by mistake", sample(t, "cn.tcp"), "127.0.0.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseFibTrie(c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, %v; want an error with %q", got, err, c.want)
			}
		})
	}
}

// A cut trie is refused only until 127.0.0.1 was read; a later cut may hide
// addresses above it, so whoever reads the file must see its end. No cut may
// ever add an address.
func TestParseFibTrieCutAtEveryByte(t *testing.T) {
	whole := sample(t, "cn.fib_trie")
	want := addrs("10.0.0.1 127.0.0.1 172.17.0.2")
	seenLoopback := strings.Index(whole, "|-- 127.0.0.1\n") + len("|-- 127.0.0.1\n")
	for i := range whole {
		got, err := ParseFibTrie(whole[:i])
		if i < seenLoopback && err == nil {
			t.Fatalf("cut at byte %d, before loopback was read, and still accepted: %v", i, got)
		}
		if err == nil && !slices.Equal(got, want[:len(got)]) {
			t.Fatalf("cut at byte %d: %v is no prefix of %v", i, got, want)
		}
	}
}

func TestParseTCP(t *testing.T) {
	got, err := ParseTCP(sample(t, "cn.tcp"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, s := range got {
		word := map[SocketState]string{Listen: "listen", Established: "established"}[s.State]
		lines = append(lines, word+" "+s.Local.String()+" "+s.Remote.String())
	}
	want := []string{
		"listen 10.0.0.1:4405 0.0.0.0:0",
		"listen 0.0.0.0:1883 0.0.0.0:0",
		"listen 0.0.0.0:4369 0.0.0.0:0",
		"listen 0.0.0.0:44054 0.0.0.0:0",
		"listen 127.0.0.1:8888 0.0.0.0:0",
		"listen 10.0.0.1:44053 0.0.0.0:0",
		"established 10.0.0.1:57452 10.0.0.2:44053",
		"established 10.0.0.1:44053 10.0.0.2:38554",
		"established 10.0.0.1:50170 10.0.0.1:1900",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

func TestParseTCP6(t *testing.T) {
	n := readNetns(t, "cn.fib_trie", "cn.tcp6")
	if exact, wildcard := n.Listens(netip.MustParseAddrPort("10.0.0.1:1900")); exact || !wildcard {
		t.Errorf("[::]:1900 listens on every address: exact %v, wildcard %v", exact, wildcard)
	}
	if !n.ConnectedFrom(cnCluster.Addr(), netip.MustParseAddrPort("10.0.0.1:1900")) {
		t.Error("a client of IPv4 on a socket of IPv6 must be seen as IPv4 (::ffff:10.0.0.1)")
	}
}

func TestParseTCPRefuses(t *testing.T) {
	head, row, _ := strings.Cut(sample(t, "cn.tcp"), "\n")
	head += "\n"
	row, _, _ = strings.Cut(row, "\n") // 0100000A:1135, listening
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "heading"},
		{"an error message of cat", "cat: /proc/77/net/tcp: No such file or directory\n", "heading"},
		{"rows without the heading", row + "\n", "heading"},
		{"an empty line between rows", head + row + "\n\n" + row, "short row"},
		{"a row cut in the remote address", head + row[:25], "short row"},
		{"a row cut inside the state", head + row[:strings.Index(row, " 0A ")+2], "state"},
		{"a state that is no number", head + strings.Replace(row, " 0A ", " ZZ ", 1), "state"},
		{"a state of three digits", head + strings.Replace(row, " 0A ", " 00A ", 1), "state"},
		{"an address of three bytes", head + strings.Replace(row, "0100000A:", "01000A:", 1), "address"},
		{"an address that is no number", head + strings.Replace(row, "0100000A:", "0100000X:", 1), "address"},
		{"an address without a port", head + strings.Replace(row, "0100000A:1135", "0100000A1135", 1), "address"},
		{"a port of three digits", head + strings.Replace(row, ":1135", ":135", 1), "address"},
		{"a port of five digits", head + strings.Replace(row, ":1135", ":11350", 1), "address"},
		{"a remote address that cannot be read", head + strings.Replace(row, "00000000:0000", "00000000:", 1), "address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseTCP(c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, %v; want an error with %q", got, err, c.want)
			}
		})
	}
}

// A cut inside a row is refused or has read the row's four columns whole. A
// cut between rows cannot be told from a shorter table.
func TestParseTCPCutAtEveryByte(t *testing.T) {
	for _, file := range []string{"cn.tcp", "cn.tcp6", "sg.tcp"} {
		whole := sample(t, file)
		want, err := ParseTCP(whole)
		if err != nil {
			t.Fatal(err)
		}
		for i := range whole {
			got, err := ParseTCP(whole[:i])
			if err == nil && !slices.Equal(got, want[:len(got)]) {
				t.Fatalf("%s cut at byte %d: %v is no prefix of %v", file, i, got, want)
			}
			rows := strings.Count(whole[:i], "\n")
			if err == nil && rows > 1 && len(got) < min(rows-1, len(want))-1 {
				t.Fatalf("%s cut at byte %d lost whole rows: %v", file, i, got)
			}
		}
	}
}
