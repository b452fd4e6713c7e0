package vernemq

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

func mustNode(t testing.TB, s string) NodeName {
	t.Helper()
	n, err := ParseNodeName(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCommandLines(t *testing.T) {
	node := mustNode(t, "VerneMQ@10.0.0.4")
	mqtt := netip.MustParseAddrPort("10.0.0.4:1883")
	sure := func(argv []string) func() ([]string, error) {
		return func() ([]string, error) { return argv, nil }
	}
	for want, say := range map[string]func() ([]string, error){
		"vernemq ping":                                  sure(Ping()),
		"vernemq start":                                 sure(Start()),
		"vernemq stop":                                  sure(Stop()),
		"vernemq restart":                               sure(Restart()),
		"vernemq chkconfig":                             sure(CheckConfig()),
		"vernemq config generate":                       sure(GenerateConfig()),
		"vernemq version":                               sure(Version()),
		"vmq-admin cluster show --format=json":          sure(ShowCluster()),
		"vmq-admin listener show --format=json":         sure(ShowListeners()),
		"vmq-admin session show --format=json":          sure(ShowSessions()),
		"vmq-admin plugin show --format=json":           sure(ShowPlugins()),
		"vmq-admin metrics show":                        sure(ShowMetrics()),
		"vmq-admin node stop":                           sure(StopNode()),
		"vmq-admin node start":                          sure(StartNode()),
		"vmq-admin cluster leave node=" + node.String(): func() ([]string, error) { return Leave(node, LeaveOptions{}) },
		"vmq-admin cluster join discovery-node=VerneMQ@10.0.0.4 --format=json": func() ([]string, error) { return Join(node) },
		"vmq-admin cluster leave node=VerneMQ@10.0.0.4 -k --timeout=120 --summary-interval=5": func() ([]string, error) {
			return Leave(node, LeaveOptions{true, 2 * time.Minute, 5 * time.Second})
		},
		"vmq-admin listener start address=10.0.0.4 port=1883":   func() ([]string, error) { return StartListener(mqtt) },
		"vmq-admin listener stop address=10.0.0.4 port=1883":    func() ([]string, error) { return StopListener(mqtt) },
		"vmq-admin listener delete address=10.0.0.4 port=1883":  func() ([]string, error) { return DeleteListener(mqtt) },
		"vmq-admin listener restart address=10.0.0.4 port=1883": func() ([]string, error) { return RestartListener(mqtt) },
		"vmq-admin show a.b c_d --format=json":                  func() ([]string, error) { return ShowSettings(false, "a.b", "c_d") },
		"vmq-admin show c_d --all --format=json":                func() ([]string, error) { return ShowSettings(true, "c_d") },
		"vmq-admin set c_d=on":                                  func() ([]string, error) { return Set("c_d", "on") },
		"vmq-admin set c_d=on --all":                            func() ([]string, error) { return SetAll("c_d", "on") },
		"vmq-admin set c_d=on --node=VerneMQ@10.0.0.4":          func() ([]string, error) { return SetOn(node, "c_d", "on") },
	} {
		argv, err := say()
		if got := strings.Join(argv, " "); err != nil || got != want {
			t.Errorf("said %q, %v, want %q", got, err, want)
		}
	}
}

func TestRebindWords(t *testing.T) {
	node := mustNode(t, "VerneMQ@10.0.0.2")
	before, after, err := Rebind("/usr/lib/vernemq/", node, netip.MustParseAddrPort("10.0.0.2:44053"))
	want := []string{"vernemq", "escript", "/usr/lib/vernemq/bin/nodetool", "-name", "VerneMQ@10.0.0.2", "-setcookie"}
	if err != nil || !slices.Equal(before, want) || !slices.Equal(after, []string{"rpcterms", "vmq_ranch_config", "start_listener", "vmq. {10,0,0,2}. 44053. []. "}) {
		t.Errorf("the words are %q COOKIE %q, %v", before, after, err)
	}
	before, after, err = ListenersEnv("/vernemq", node)
	if err != nil || before[2] != "/vernemq/bin/nodetool" || !slices.Equal(after, []string{"rpcterms", "vmq_config", "get_env", "listeners. "}) {
		t.Errorf("the words are %q COOKIE %q, %v", before, after, err)
	}
}

// TestOddWordsAreRefused: each refusal says what to type.
func TestOddWordsAreRefused(t *testing.T) {
	node := mustNode(t, "VerneMQ@10.0.0.2")
	port := netip.MustParseAddrPort("10.0.0.2:44053")
	rebind := func(release string, n NodeName, at netip.AddrPort) error {
		_, _, err := Rebind(release, n, at)
		return err
	}
	second := func(_ []string, err error) error { return err }
	for name, err := range map[string]error{
		"join nobody":          second(Join(NodeName{})),
		"leave nobody":         second(Leave(NodeName{}, LeaveOptions{})),
		"half a second":        second(Leave(node, LeaveOptions{Timeout: 500 * time.Millisecond})),
		"a negative time":      second(Leave(node, LeaveOptions{Summary: -time.Second})),
		"mqtt on 44053":        second(StartListener(port)),
		"no listener":          second(StopListener(netip.AddrPort{})),
		"port 0":               second(RestartListener(netip.MustParseAddrPort("10.0.0.2:0"))),
		"show nothing":         second(ShowSettings(true)),
		"show a flag":          second(ShowSettings(true, "--all")),
		"show with a blank":    second(ShowSettings(true, "a b")),
		"set an empty value":   second(Set("a", "")),
		"set two lines":        second(SetAll("a", "x\ny")),
		"set with equals":      second(Set("a", "b=c")),
		"set a strange key":    second(Set("a;reboot", "on")),
		"set on nobody":        second(SetOn(NodeName{}, "a", "on")),
		"rebind to any":        rebind("/vernemq", node, netip.MustParseAddrPort("0.0.0.0:44053")),
		"rebind to IPv6":       rebind("/vernemq", node, netip.MustParseAddrPort("[::1]:44053")),
		"a relative release":   rebind("vernemq", node, port),
		"a release with blank": rebind("/a b", node, port),
		"rebind nobody":        rebind("/vernemq", NodeName{}, port),
	} {
		if err == nil || len(err.Error()) < 30 {
			t.Errorf("%s: the error is %v, want a sentence with a way out", name, err)
		}
	}
}

func TestNodeNames(t *testing.T) {
	for _, good := range []string{"VerneMQ@10.0.0.1", "vmq-2@fd00::1", "a.b_c@0.0.0.0"} {
		n, err := ParseNodeName(good)
		if err != nil || n.String() != good {
			t.Errorf("%q is read as %v, %v", good, n, err)
		}
		var again NodeName
		if b, _ := n.MarshalText(); again.UnmarshalText(b) != nil || again != n {
			t.Errorf("%q does not survive being written: %v", good, again)
		}
	}
	for _, bad := range []string{"", "VerneMQ", "@10.0.0.1", "VerneMQ@", "VerneMQ@host", "VerneMQ@10.0.0.256", "a b@10.0.0.1", "a@b@10.0.0.1", "x@fe80::1%eth0", "x'@10.0.0.1", "x\n@10.0.0.1"} {
		if n, err := ParseNodeName(bad); err == nil {
			t.Errorf("%q is taken for the node %v", bad, n)
		}
	}
}

// What answers in a table, or in text that says no more than yes, is asked for as
// JSON; the reason stands beside each that is not.
func TestWhatIsAskedAsJSON(t *testing.T) {
	node, mqtt := mustNode(t, "VerneMQ@10.0.0.4"), netip.MustParseAddrPort("10.0.0.4:1883")
	said := func(argv []string, err error) []string {
		if err != nil {
			t.Fatal(err)
		}
		return argv
	}
	const (
		applied = "with a format `set` may crash while it writes, after it has applied the change (seen with csv)"
		done    = "it says Done whatever happens; its effect is looked at, not its answer"
	)
	for name, c := range map[string]struct {
		argv []string
		why  string // no JSON is asked for; "" where it is
	}{
		"cluster show":     {ShowCluster(), ""},
		"cluster join":     {said(Join(node)), ""},
		"listener show":    {ShowListeners(), ""},
		"session show":     {ShowSessions(), ""},
		"plugin show":      {ShowPlugins(), ""},
		"show":             {said(ShowSettings(false, "c_d")), ""},
		"show --all":       {said(ShowSettings(true, "c_d")), ""},
		"cluster leave":    {said(Leave(node, LeaveOptions{})), "its progress is lines of text that come while it works, and no JSON of it was recorded"},
		"metrics show":     {ShowMetrics(), "as JSON it is the same text in one string"},
		"set":              {said(Set("c_d", "on")), applied},
		"set --all":        {said(SetAll("c_d", "on")), applied},
		"set --node":       {said(SetOn(node, "c_d", "on")), applied},
		"node stop":        {StopNode(), done},
		"node start":       {StartNode(), done},
		"listener start":   {said(StartListener(mqtt)), done},
		"listener stop":    {said(StopListener(mqtt)), done},
		"listener delete":  {said(DeleteListener(mqtt)), done},
		"listener restart": {said(RestartListener(mqtt)), done},
	} {
		if asked := slices.Contains(c.argv, jsonForm); asked == (c.why != "") {
			t.Errorf("%s: %q; the reason against JSON is %q", name, c.argv, c.why)
		}
	}
}
