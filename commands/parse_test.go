package commands

import (
	"strings"
	"testing"

	"vmqbot/ops"
)

func TestParseSaysWhatToType(t *testing.T) {
	f := fleet(t)
	for _, tt := range []struct{ line, says, fix string }{
		{"frob", `There is no verb "frob".`, "help"},
		{"statsu", `Did you mean "status"?`, "help"},
		{"reattach", "Which region or node should reattach act on? There is all, cn, cn-1", "reattach TARGET"},
		{"reattach mars", `There is no region or node "mars". There is all`, "reattach TARGET"},
		{"reattach cn-2", `Did you mean "cn-1"?`, "reattach TARGET"},
		{"status cn sg", `status does not know what to do with "sg".`, "status [TARGET]"},
		{"status --fast", `status does not know the option "--fast".`, "status [TARGET]"},
		{"reattach cn --drop-clients=yes", "takes no value", "reattach TARGET"},
		{"reattach all --drop-clients", "Two regions must not drop their clients", "reattach REGION --drop-clients"},
		{"logs cn -n", "wants a number after it", "logs TARGET [-n N]"},
		{"logs cn -n 0", "a number from 1 to 5000", "logs TARGET [-n N]"},
		{"logs cn -n=many", "a number from 1 to 5000", "logs TARGET [-n N]"},
		{"cancel", "cancel wants ID", "cancel ID"},
		{"cancel 4f2a91;reboot", "is no operation's identity", "cancel ID"},
		{"help frob", `There is no verb "frob".`, "help"},
	} {
		t.Run(tt.line, func(t *testing.T) {
			_, _, err := Parse(strings.Fields(tt.line), f)
			if err == nil {
				t.Fatal("was taken")
			}
			if c := ops.CodeOf(err); c != ops.Invalid && c != ops.Refused {
				t.Errorf("code %s", c)
			}
			if !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "Type: "+tt.fix) {
				t.Errorf("got  %s\nwant %s ... Type: %s", err, tt.says, tt.fix)
			}
		})
	}
}

func TestInvisibleCharactersAreNotRead(t *testing.T) {
	f := fleet(t)
	for _, w := range []string{"c\u200bn", "cn\x00", "cn\n", "\u202ecn", "cn\ufeff", "c\x1b[1mn"} {
		if _, _, err := Parse([]string{"reattach", w}, f); ops.CodeOf(err) != ops.Invalid || !strings.Contains(err.Error(), "invisible") {
			t.Errorf("%q: %v", w, err)
		}
	}
}

func TestWordsThatLookLikeShellAreOnlyUnknownNames(t *testing.T) {
	f := fleet(t)
	for _, w := range []string{"cn;id", "$(id)", "`id`", "cn|id", "cn&&id", "cn>x", "“cn”", "'cn'", `"cn"`, "cn *", "../cn", "cn\\"} {
		if _, _, err := Parse([]string{"reattach", w}, f); ops.CodeOf(err) != ops.Invalid || !strings.Contains(err.Error(), "no region or node") {
			t.Errorf("%q: %v", w, err)
		}
	}
}

func TestParseResolvesTargets(t *testing.T) {
	f := fleet(t)
	for _, tt := range []struct {
		line, nodes, regions string
	}{
		{"status", "cn-1 sg-1 us-1 eu-1", "cn sg us eu"},
		{"status all", "cn-1 sg-1 us-1 eu-1", "cn sg us eu"},
		{"status cn", "cn-1", "cn"},
		{"status eu-1", "eu-1", "eu"},
		{"logs -n 7 us", "us-1", "us"},
		{"logs us --n=7", "us-1", "us"},
	} {
		_, r, err := Parse(strings.Fields(tt.line), f)
		if err != nil {
			t.Errorf("%s: %v", tt.line, err)
			continue
		}
		var names []string
		for _, n := range r.Nodes {
			names = append(names, n.Name)
		}
		if got := strings.Join(names, " "); got != tt.nodes {
			t.Errorf("%s: nodes %q, want %q", tt.line, got, tt.nodes)
		}
		if got := strings.Join(r.Regions(), " "); got != tt.regions {
			t.Errorf("%s: regions %q, want %q", tt.line, got, tt.regions)
		}
		if n, given := r.Args["n"]; given && n != "7" {
			t.Errorf("%s: n is %s", tt.line, n)
		}
	}
}

func TestNothingTypedIsHelp(t *testing.T) {
	c, _, err := Parse(nil, fleet(t))
	if err != nil || c.Name != "help" {
		t.Fatal(c, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range All() {
		for _, e := range c.Examples {
			f.Add(e.Line)
		}
	}
	fl := fleet(f)
	f.Fuzz(func(t *testing.T, line string) {
		c, r, err := Parse(strings.Fields(line), fl)
		if err == nil && (c == nil || (c.Target != NoTarget && len(r.Nodes) == 0)) {
			t.Fatalf("%q was taken without a verb or nodes", line)
		}
	})
}
