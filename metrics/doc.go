// Package metrics answers what the watch did, in numbers: a page for
// Prometheus. It is a witness of the watch (ops.Witness) and asks nobody
// anything: what a page shows is what the last look saw. What is done beside the
// watch it counts on its way: as the journal, the keeper of approvals, the
// listener of dials and the way to Slack that it stands before.
//
// Names and labels follow Prometheus' habits: base units, counters end in
// _total, labels are bounded by the fleet file, the checks and short lists of
// words. What is not known has no series: vmqbot_check_ok is absent while a
// check is Unknown, and a rate over it tells nothing then.
package metrics
