package weavenet_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// The HTTP interface: facts/domain.md, 1.1.
func TestAPI(t *testing.T) {
	bubble(t, "as the table says", func(t *testing.T, f *fleet) {
		f.mesh("eu", "us")
		eu := f.hosts["eu"]
		c1, _ := eu.docker.Find("c1")
		client := &http.Client{Transport: &http.Transport{DialContext: eu.m.Net.DialContext, DisableKeepAlives: true}}
		for _, c := range []struct {
			method, url, body string
			code              int
			says              string
		}{
			{"GET", "6784/report", "", 400, "error: must supply one format parameter\n"},
			{"GET", "6784/report?format={{.Version}}", "", 200, "2.8.1"},
			{"GET", "6784/report?format={{", "", 400, "template:"},
			{"GET", "6784/report?format={{.Nothing}}", "", 500, "error during template execution"},
			{"GET", "6784/status", "", 200, "Service: router"},
			{"GET", "6784/status/nothing", "", 404, ""},
			{"GET", "6782/status/peers", "", 200, "(us)"},
			{"GET", "6782/metrics", "", 200, "\nweave_connections{state=\"established\"} 1\n"},
			{"GET", "6784/metrics", "", 200, "\nweave_max_ips 1048576\n"},
			{"POST", "6782/connect", "peer=10.78.0.13", 404, ""},
			{"POST", "6784/connect", "peer=10.78.0.13&peer=:7", 400, `invalid peer name ":7"`},
			{"GET", "6784/status/targets", "", 200, "10.78.0.13\n"},
			{"POST", "6784/connect", "peer=10.78.0.14&replace=true", 200, ""},
			{"GET", "6784/status/targets", "", 200, "10.78.0.14\n"},
			{"POST", "6784/forget", "peer=10.78.0.14", 200, ""},
			{"GET", "6784/ip", "", 200, `{"owned":[{"containerid":"` + c1.ID + `","addrs":["10.32.1.1/24"]}]}`},
			{"GET", "6784/ip/" + c1.ID, "", 200, "10.32.1.1/24"},
			{"PUT", "6784/ip/" + c1.ID + "/10.32.1.7/24?check-alive=true", "", 204, ""},
			{"PUT", "6784/ip/nobody/10.32.1.8/24?check-alive=true", "", 200, "cancelled"},
			{"PUT", "6784/ip/" + c1.ID + "/10.32.1.700/24", "", 400, "invalid CIDR address: 10.32.1.700/24"},
			{"POST", "6784/ip/" + c1.ID + "/10.33.0.0/24", "", 200, "10.33.0.1/24"},
			{"DELETE", "6784/ip/" + c1.ID + "/10.32.1.7", "", 204, ""},
			{"DELETE", "6784/ip/" + c1.ID + "/10.32.1.7", "", 400, "Unable to free: Free: address 10.32.1.7 not found"},
			{"DELETE", "6784/ip/" + c1.ID, "", 204, ""},
			{"DELETE", "6784/ip/" + c1.ID, "", 400, "Delete: no addresses for"},
			{"GET", "6784/ipinfo/defaultsubnet", "", 200, "10.32.0.0/12"},
			{"GET", "6784/domain", "", 200, "weave.local."},
			{"PUT", "6784/name/" + c1.ID + "/10.32.1.1?fqdn=web.weave.local", "", 204, ""},
			{"PUT", "6784/name/" + c1.ID + "/10.32.1.1?fqdn=web.example.org", "", 400, "is not in the domain"},
			{"GET", "6784/status/dns", "", 200, "web          10.32.1.1       " + c1.ID[:12] + " " + eu.PeerName() + "\n"},
			{"DELETE", "6784/name/" + c1.ID + "/10.32.1.1", "", 204, ""},
			{"GET", "6784/name", "", 200, "null"},
			{"GET", "6784/proxyaddrs", "", 200, "unix:///var/run/weave/weave.sock\n"},
			{"DELETE", "6784/peer/nobody", "", 200, "0 IPs taken over from nobody\n"},
			{"DELETE", "6784/peer", "", 204, ""},
		} {
			req, err := http.NewRequestWithContext(t.Context(), c.method, "http://127.0.0.1:"+c.url, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || resp.StatusCode != c.code || !strings.Contains(string(body), c.says) {
				t.Errorf("%s %s: %d %q %v; want %d %q", c.method, c.url, resp.StatusCode, body, err, c.code, c.says)
			}
		}
	})
}
