package scripts

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"vmqbot/lab/traffic"
)

// flow is the command traffic:
//
//	traffic start [REGION...]                       clients connect and publish between all regions, or these
//	traffic more FROM TO NUMBER                     waits until that many more were acknowledged
//	traffic stop                                    they end; the report goes to stdout as JSON
//	traffic FIGURE [FROM TO] [-le|-lt|...] NUMBER   what the report must say: traffic refused -le 2
//
// "! traffic lost 0" wants the claim to be false. FROM and TO may be any.
func (w *world) flow(ts *testscript.TestScript, neg bool, args []string) {
	switch {
	case len(args) > 0 && args[0] == "start" && !neg:
		w.startTraffic(ts, args[1:])
	case len(args) == 1 && args[0] == "stop" && !neg:
		w.stopTraffic(ts)
	case len(args) == 4 && args[0] == "more" && !neg:
		w.moreTraffic(ts, args[1], args[2], args[3])
	default:
		w.claim(ts, neg, args)
	}
}

func (w *world) startTraffic(ts *testscript.TestScript, names []string) {
	if w.traffic != nil {
		ts.Fatalf("traffic flows already; type traffic stop first")
	}
	var options traffic.Options
	for _, name := range regions {
		if address, ok := w.place.client(name); ok && (len(names) == 0 || slices.Contains(names, name)) {
			options.Regions = append(options.Regions, traffic.Region{Name: name, Address: address})
		}
	}
	run, err := traffic.Start(context.Background(), options)
	ts.Check(err)
	w.traffic, w.report = run, nil
	// A script that fails in the middle leaves no clients behind.
	ts.Defer(func() {
		if w.traffic == run {
			report, err := run.Stop()
			ts.Logf("the traffic when the script ended: %+v, %v", report.Total, err)
		}
	})
}

func (w *world) stopTraffic(ts *testscript.TestScript) {
	if w.traffic == nil {
		ts.Fatalf("no traffic flows; type traffic start first")
	}
	report, err := w.traffic.Stop()
	w.traffic, w.report = nil, &report
	ts.Check(report.Write(ts.Stdout()))
	if err != nil { // a region that is down keeps the subscriber's session
		ts.Logf("%v", err)
	}
}

// moreTraffic gives up after five minutes: ten messages a second were published.
func (w *world) moreTraffic(ts *testscript.TestScript, from, to, number string) {
	if w.traffic == nil {
		ts.Fatalf("no traffic flows; type traffic start first")
	}
	n, err := strconv.ParseInt(number, 10, 64)
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	ts.Check(w.traffic.More(ctx, from, to, n))
}

// claim holds the report of the last traffic against what a script says.
func (w *world) claim(ts *testscript.TestScript, neg bool, args []string) {
	claim, err := traffic.ParseClaim(args)
	ts.Check(err)
	if w.report == nil {
		ts.Fatalf("there is no report; type traffic start and traffic stop first")
	}
	holds, have, err := claim.Holds(*w.report)
	ts.Check(err)
	if holds == neg {
		ts.Fatalf("traffic %s: it is %d", claim, have)
	}
}
