// Package checks answers what differs: facts in, verdict and evidence out,
// and the name of the verb that repairs it. One file per check; a new check
// is a new file that registers itself, and no other file changes.
//
// Three verdicts. OK: looked, and it is right. Bad: looked, and it is wrong.
// Unknown: could not look, or do not know what right is. No expected value,
// an empty answer and a garbled one are Unknown, never OK.
//
// The checks form one graph (Check.Needs): a check whose needs are not OK is
// Unknown without being run, so that one cause is reported once. What a check
// needs it needs on the node it judges and, when it judges a link, on the
// node at the far end too; only cluster does not, for a view is a fact about
// the node whose view it is. mqtt hangs on the containers alone: it is the
// proof that messages pass, and is judged whatever the checks between say.
//
//	host ─┬─ docker ─┬─ container ─┬─ ip ── port ── channel(a->b)
//	      │          │             ├─ broker ─┬─ cluster(a->b), of a's broker only
//	      │          │             │          ├─ ghost
//	      │          │             │          └─ switches
//	      │          │             └─ mqtt(a->b)
//	      │          └─ image
//	      ├─ router ── peer(a->b)
//	      ├─ clash
//	      ├─ veth
//	      └─ clock
//
// Causes are further arrows of the same graph: a check that is judged whatever
// they say (mqtt, cluster, broker, port), and whose Bad they explain. What
// closes and what explains are asked together by checks.Causes.
//
// gone needs nothing of the node that it judges, which may be lost: it asks the
// others, and only where somebody names it.
package checks
