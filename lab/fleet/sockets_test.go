package fleet

import (
	"testing"

	"vmqbot/lab/world"
)

const (
	header   = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
	cluster  = "   0: 0100000A:AC15 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 233390 2 0 100 0 0 10 0\n"
	channel  = "   1: 0100000A:AC15 0200000A:D431 01 00000000:00000000 00:00000000 00000000     0        0 233391 2 0 100 0 0 10 0\n"
	clients4 = "   2: 00000000:075B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 233392 2 0 100 0 0 10 0\n"
	clients6 = "   0: 00000000000000000000000000000000:075B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1\n"
)

func TestDials(t *testing.T) {
	for name, row := range map[string]struct {
		table   string
		address string
		port    int
		want    bool
	}{
		"a channel that came in":   {header + channel, "10.0.0.2", 0xD431, true},
		"a channel that goes out":  {header + "   1: 0100000A:D431 0200000A:AC15 01 0 0 0 0", "10.0.0.2", 44053, true},
		"one that is being opened": {header + "   1: 0100000A:D431 0200000A:AC15 02 0 0 0 0", "10.0.0.2", 44053, false},
		"our own end is no peer":   {header + channel, "10.0.0.1", 44053, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Dials(row.table, row.address, row.port); got != row.want {
				t.Errorf("got %t, want %t", got, row.want)
			}
		})
	}
}

func TestMeshed(t *testing.T) {
	sg := world.Regions()[1]
	dials := func(peers ...string) (table string) {
		for _, peer := range peers {
			table += "   1: 0200000A:D431 0" + peer + "00000A:AC15 01 0 0 0 0\n"
		}
		return header + table
	}
	if err := meshed(dials("1", "3", "4"), sg, world.Regions()); err != nil {
		t.Errorf("three channels: %v", err)
	}
	if err := meshed(dials("1", "4"), sg, world.Regions()); err == nil || err.Error() != "no connection to 10.0.0.3:44053" {
		t.Errorf("two channels: %v", err)
	}
}

func TestHasAddress(t *testing.T) {
	const trie = "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n" +
		"     +-- 10.0.0.0/24 2 0 2\n        |-- 10.0.0.0\n           /24 link UNICAST\n        |-- 10.0.0.1\n           /32 host LOCAL\n" +
		"        |-- 10.0.0.255\n           /32 link BROADCAST\n"
	for address, want := range map[string]bool{"10.0.0.1": true, "10.0.0.0": false, "10.0.0.255": false, "10.0.0.10": false, "": false} {
		if got := HasAddress(trie, address); got != want {
			t.Errorf("%q: %t, want %t", address, got, want)
		}
	}
}

func TestListens(t *testing.T) {
	for name, row := range map[string]struct {
		table   string
		address string
		port    int
		want    bool
	}{
		"bound":                                {header + cluster, "10.0.0.1", 44053, true},
		"another address":                      {header + cluster, "10.0.0.2", 44053, false},
		"another port":                         {header + cluster, "10.0.0.1", 44054, false},
		"a connection is no listener":          {header + channel, "10.0.0.1", 44053, false},
		"clients on any address":               {header + clients4, "0.0.0.0", 1883, true},
		"clients on any address of both kinds": {header + header + clients6, "0.0.0.0", 1883, true},
		"a cluster port on :: is not the plan": {header + clients6, "10.0.0.1", 1883, false},
		"a truncated line":                     {header + "   0: 0100000A:AC15", "10.0.0.1", 44053, false},
		"no table":                             {"", "10.0.0.1", 44053, false},
		"no address":                           {header + cluster, "ten", 44053, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Listens(row.table, row.address, row.port); got != row.want {
				t.Errorf("got %t, want %t", got, row.want)
			}
		})
	}
}
