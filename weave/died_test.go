package weave_test

import (
	"testing"

	"vmqbot/weave"
)

func TestReadDeath(t *testing.T) {
	for _, row := range []struct {
		name string
		log  []string
		want weave.Cause
	}{
		{"an empty log", nil, weave.NoCause},
		{"a router that runs", []string{"INFO: 2026/11/30 08:00:00.000000 Our name is 7a:00:00:00:00:01(cn)"}, weave.NoCause},
		{"legacy rules on a host of nftables", []string{"FATA: 2026/11/30 08:00:00.000000 running [/sbin/iptables -t nat -N WEAVE --wait]: exit status 3: iptables v1.8.7 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)"}, weave.Firewall},
		{"an nft that is too old", []string{"iptables v1.8.8 (nf_tables):  RULE_INSERT failed (Invalid argument): rule in chain POSTROUTING"}, weave.Firewall},
		{"DNS where docker0 was", []string{"FATA: 2026/11/30 08:00:00.000000 Unable to start dns server: listen udp 172.17.0.1:53: bind: cannot assign requested address"}, weave.StaleDNS},
		{"an engine that moved on", []string{"Error response from daemon: client version 1.18 is too old. Minimum supported API version is 1.24"}, weave.OldClient},
		{"the last one counts", []string{"Unable to start dns server: x", "RULE_APPEND failed", "INFO: on and on"}, weave.Firewall},
	} {
		if got := weave.ReadDeath(row.log); got.Cause != row.want || (got.Line == "") != (row.want == weave.NoCause) {
			t.Errorf("%s: %+v, want %q", row.name, got, row.want)
		}
	}
}
