package vernemq

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vmqbot/answer"
)

// The words are those of a live 2.1.2 with four nodes; the tail of the long
// reason is written by hand.
const notAvailable = "{error,{{shutdown,{failed_to_start_child,ranch_acceptors_sup,\n" +
	"                   {listen_error,{{10,77,0,9},44053},eaddrnotavail}}},\n" +
	"        {child,undefined,{ranch_listener_sup,{{10,77,0,9},44053}},\n" +
	"               {ranch_listener_sup,start_link,[]},temporary,false,infinity,supervisor,[ranch_listener_sup]}}}\n"

var rebindArgv = []string{"vernemq", "escript", "/vernemq/bin/nodetool", "-name", "VerneMQ@10.77.0.2", "-setcookie", "c",
	"rpcterms", "vmq_ranch_config", "start_listener", "vmq. {10,77,0,2}. 44053. []. "}

func TestRebindAnswers(t *testing.T) {
	for _, c := range []struct {
		name string
		a    answer.Answer
		want any // Rebound or answer.Kind
	}{
		{"bound", answer.Answer{Stdout: "ok\n"}, Rebound{Bound: true}},
		{"bound before", answer.Answer{Stdout: "{error,{already_started,<9349.4865.0>}}\n"}, Rebound{true, true}},
		{"address missing", answer.Answer{Stdout: notAvailable}, AddressMissing},
		{"somebody listens", answer.Answer{Stdout: strings.ReplaceAll(notAvailable, "eaddrnotavail", "eaddrinuse")}, PortInUse},
		{"another reason", answer.Answer{Stdout: "{error,badarg}\n"}, Failed},
		{"bad terms", answer.Answer{Exit: 127, Stderr: "escript: exception error: no match of right hand side value {error,{1,erl_parse,\"bad term\"}}\n"}, answer.Usage},
		{"node down", answer.Answer{Exit: 1, Stderr: "Node 'VerneMQ@10.77.0.2' not responding to pings.\n"}, NotResponding},
		{"broker stopped inside", answer.Answer{Exit: 1, Stderr: "RPC to 'VerneMQ@10.77.0.2' failed: {'EXIT',{badarg,[{ets,lookup,[vmq_config_cache,listeners],[]}]}}\n"}, NotReady},
		{"no such function", answer.Answer{Exit: 1, Stderr: "RPC to 'VerneMQ@10.77.0.2' failed: {'EXIT',{undef,[{vmq_ranch_config,start_listener,[],[]}]}}\n"}, RPCFailed},
		{"cut", answer.Answer{Stdout: notAvailable[:90]}, answer.Garbled},
		{"nothing", answer.Answer{}, answer.Garbled},
		{"half a word", answer.Answer{Stdout: "o"}, answer.Garbled},
	} {
		c.a.Argv = rebindArgv
		got, err := ParseRebind(c.a)
		if want, ok := c.want.(answer.Kind); ok {
			checkKind(t, c.name, err, want)
		} else if err != nil || got != c.want {
			t.Errorf("%s: read as %v, %v, want %v", c.name, got, err, c.want)
		}
		m, ok := Explain(c.a)
		if garbledKind := c.want == answer.Garbled; ok == garbledKind || ok && (m.Tool != "nodetool" || m.Verb != "rpcterms vmq_ranch_config start_listener") {
			t.Errorf("%s: explained as %+v, %v", c.name, m, ok)
		}
	}
}

func checkKind(t testing.TB, name string, err error, want answer.Kind) {
	t.Helper()
	var r *answer.Refusal
	if !errors.As(err, &r) || r.Kind != want || len(r.Reason) < 20 {
		t.Errorf("%s: the error is %#v, want a refusal of kind %q", name, err, want)
	}
}

func TestConfigured(t *testing.T) {
	argv := append(rebindArgv[:7:7], "rpcterms", "vmq_config", "get_env", "listeners. ")
	out := `[{mqtt,[{{{10,77,0,2},1883},
         [{max_connections,10000},{nr_of_acceptors,10},{mountpoint,[]},{x,#{a => 'B c',b => <<"bin">>}}]},
        {{"0.0.0.0",1889},[]}]},
 {vmq,[{{{10,77,0,2},44053},[{f,#Fun<a.1.2>},{p,<0.1.0>},{r,0.5},{l,[a|b]},{m,"q\"]"}]}]},
 {mqttws,[]}, {http,[{{{0,0,0,0,0,0,0,1},8888},[]}]}]
`
	want := []Configured{{"mqtt", "10.77.0.2", 1883}, {"mqtt", "0.0.0.0", 1889}, {"vmq", "10.77.0.2", 44053}, {"http", "::1", 8888}}
	got, err := ParseConfigured(answer.Answer{Argv: argv, Stdout: out})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read as %v, %v, want %v", got, err, want)
	}
	if m, ok := Explain(answer.Answer{Argv: argv, Stdout: out}); !ok || asJSON(t, m.Facts) != asJSON(t, map[string]any{"configured": want}) {
		t.Errorf("explained as %+v, %v", m, ok)
	}
	for n := range strings.TrimSpace(out) {
		if got, err := ParseConfigured(answer.Answer{Argv: argv, Stdout: out[:n]}); err == nil {
			t.Fatalf("cut to %q and read as %v", out[:n], got)
		}
	}
	for _, bad := range []string{"undefined", "[vmq]", "[{vmq,x}]", "[{vmq,[x]}]", "[{vmq,[{a,b}]}]", "[{vmq,[{{{1,2},3},[]}]}]", "[{vmq,[{{\"a\",99999},[]}]}]", strings.Repeat("[", 500)} {
		_, err := ParseConfigured(answer.Answer{Argv: argv, Stdout: bad})
		checkKind(t, bad, err, answer.Garbled)
	}
}

// TestAnyRebindReason: an address and a port that no sample has.
func TestAnyRebindReason(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ip := strings.ReplaceAll(addresses.Draw(t, "ip"), ".", ",")
		out := strings.ReplaceAll(notAvailable, "10,77,0,9", ip)
		_, err := ParseRebind(answer.Answer{Argv: rebindArgv, Stdout: out})
		var r *answer.Refusal
		if !errors.As(err, &r) || r.Kind != AddressMissing {
			t.Fatalf("%s\nis read as %v", out, err)
		}
	})
}
