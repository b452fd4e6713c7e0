package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"vmqbot/lab/traffic"
	"vmqbot/lab/wan"
)

func TestWrongWordsGetOneSentenceAndTouchNothing(t *testing.T) {
	for typed, want := range map[string]string{
		"":                        "no verb",
		"upp":                     `there is no verb "upp"`,
		"up now":                  "lab up takes no arguments",
		"down --all":              "lab down takes no arguments",
		"status cn":               "lab status takes no arguments",
		"reset --soft":            "lab reset takes --hard, --deployed or nothing",
		"reset --hard --deployed": "lab reset takes --hard, --deployed or nothing",
		"empty":                   "type lab empty HOST... or lab empty all",
		"empty jump":              "jump has no broker; type one of cn, sg, us, eu",
		"empty cn hk":             `there is no host "hk" in the lab; type one of jump, cn, sg, us, eu`,
		"runbook":                 "type lab runbook HOST... or lab runbook all",
		"runbook all cn":          `there is no host "all" in the lab; type one of jump, cn, sg, us, eu`,
		"exec cn":                 "type lab exec [-i] HOST PROGRAM and its arguments",
		"exec hk true":            `there is no host "hk" in the lab; type one of jump, cn, sg, us, eu`,
		"host stop":               "type lab host VERB HOST",
		"host explode cn":         `lab host cannot "explode"; type one of stop, start, restart, pause, unpause, kill`,
		"host stop hk":            `there is no host "hk" in the lab; type one of jump, cn, sg, us, eu`,
		"cut cn":                  "type lab cut HOST PEER",
		"cut cn hk":               `there is no host "hk" in the lab; type one of jump, cn, sg, us, eu`,
		"mend":                    "type lab mend HOST",
		"lose cn sg":              "type lab lose HOST PEER PERCENT",
		"lose cn sg 101":          `"101%" is not between 0% and 100%`,
		"delay cn sg soon":        `"soon" is no time; type one like 100ms`,
		"disk cn /data":           "type lab disk HOST FOLDER SIZE|full",
		"fill jump":               "jump has no broker; type one of cn, sg, us, eu",
		"refuse":                  "type lab refuse HOST",
		"corrupt cn":              "type lab corrupt HOST weave|vmq-admin",
		"corrupt jump weave":      "jump has no broker; type one of cn, sg, us, eu",
		"claim jump":              "jump has no broker; type one of cn, sg, us, eu",
		"half":                    "type lab half --listen A --to HOST:PORT",
		"rekey":                   "type lab rekey HOST, or lab rekey HOST --restore",
		"rekey cn sg":             "type lab rekey HOST, or lab rekey HOST --restore",
		"rekey --restore":         "type lab rekey HOST, or lab rekey HOST --restore",
		"traffic cn":              "traffic flows between regions; name two at least",
		"traffic jump cn":         "jump has no broker; type one of cn, sg, us, eu",
		"traffic --for -1s":       "--for cannot be negative, --every and --size must be more than nothing",
		"traffic --size 0":        "--for cannot be negative, --every and --size must be more than nothing",
		"traffic --every 1ms":     "one message every 1ms is a load test; 10ms is the least",
		"wan":                     "lab wan needs --to HOST:PORT",
		"wan --to a:1 more":       `lab wan takes no "more"; see lab wan --help`,
		"wan --to a:1 --rate -1":  "--delay and --rate cannot be negative",
	} {
		t.Run(typed, func(t *testing.T) {
			err := run(context.Background(), strings.Fields(typed))
			if err == nil || strings.SplitN(err.Error(), "\n", 2)[0] != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

func TestParseWAN(t *testing.T) {
	got, err := parseWAN(strings.Fields("--listen :2222 --to 10.78.0.11:22 --delay 100ms --loss 1% --rate 1000000"))
	want := wanArgs{":2222", "10.78.0.11:22", wan.Link{Delay: 100 * time.Millisecond, Loss: 0.01, Rate: 1000000, Seed: 1}}
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestParseShare(t *testing.T) {
	for text, want := range map[string]float64{"0": 0, "1%": 0.01, "0.01": 0.01, "100%": 1, "1": 1} {
		if got, err := parseShare(text); err != nil || got != want {
			t.Errorf("%q is %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "%", "much", "101%", "-1%", "1.5", "NaN"} {
		if got, err := parseShare(text); err == nil {
			t.Errorf("%q is %v, want a refusal", text, got)
		}
	}
}

func TestParseTraffic(t *testing.T) {
	got, last, err := parseTraffic(strings.Fields("--for 60s --size 200 eu cn"))
	if err != nil || last != time.Minute || got.Limit != last || got.Size != 200 || got.Every != 100*time.Millisecond {
		t.Errorf("got %+v, %v, %v", got, last, err)
	}
	if len(got.Regions) != 2 || got.Regions[0] != (traffic.Region{Name: "eu", Address: "10.78.0.14:1883"}) || got.Regions[1].Name != "cn" {
		t.Errorf("regions %+v", got.Regions)
	}
	if got, _, err := parseTraffic(nil); err != nil || len(got.Regions) != 4 || got.Limit != 0 {
		t.Errorf("without a word: %+v, %v", got, err)
	}
}
