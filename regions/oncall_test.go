package regions_test

import (
	"fmt"
	"strings"
	"testing"

	"vmqbot/regions"
)

// TestWhoIsOnCall: a region's own list stands instead of the one for all.
func TestWhoIsOnCall(t *testing.T) {
	f := mustLoad(t, regions.Example)
	cn, by := f.OnCallFor("cn")
	if by != "cn" || fmt.Sprint(cn) != "{ [U0LI U0ANA] []}" {
		t.Errorf("%s: %v", by, cn)
	}
	if eu, by := f.OnCallFor("eu"); by != "all" || fmt.Sprint(eu) != "{S0ONCALL [U0ANA U0BOB] [S0LEADS]}" || eu.Nobody() {
		t.Errorf("%s: %v", by, eu)
	}
	if o, by := mustLoad(t, small).OnCallFor("cn"); by != "" || !o.Nobody() {
		t.Errorf("%s: %v", by, o)
	}
	if o, _ := mustLoad(t, small+"oncall: {all: {people: []}}\n").OnCallFor("cn"); !o.Nobody() {
		t.Errorf("an empty list is nobody: %v", o)
	}
}

// TestReceiversAreReadAndHidden: what a key or an address stands for is printed
// nowhere.
func TestReceiversAreReadAndHidden(t *testing.T) {
	f := mustLoad(t, small+`receivers:
  pager: {kind: pagerduty, routing_key: "${env:PAGERDUTY_ROUTING_KEY}"}
  hook: {kind: webhook, url: "${env:HOOK_URL}", secret: "${env:TICKETS_SECRET}"}
deadman: {url: "${env:HOOK_URL}"}
`)
	if len(f.Receivers) != 2 || f.Receivers[0].Name != "pager" || f.Receivers[0].URL.Reveal() != "https://events.pagerduty.com/v2/enqueue" || f.Receivers[0].RoutingKey.Reveal() != fakeSecret {
		t.Errorf("%+v", f.Receivers)
	}
	const address = "https://hooks.example.net/T01/hunter2"
	if got := f.Receivers[1].URL.Reveal(); got != address || f.Deadman.URL.Reveal() != address || f.Deadman.Method != "GET" || f.Deadman.Every.String() != "1m0s" || !f.Deadman.Any() {
		t.Errorf("%q %+v", got, f.Deadman)
	}
	for _, shown := range []string{fmt.Sprintf("%+v %#v", f.Receivers, f.Deadman), f.Redactor().Text("POST " + address + " with " + fakeSecret)} {
		if strings.Contains(shown, "hunter2") || strings.Contains(shown, fakeSecret) {
			t.Errorf("a secret is shown: %s", shown)
		}
	}
	if mustLoad(t, small).Deadman.Any() {
		t.Error("there is a dead-man that nobody wrote down")
	}
}
