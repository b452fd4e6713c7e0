// Package outward answers how an alert leaves the house: to Alertmanager's API
// v2, to PagerDuty's Events API v2, to any web service that takes signed JSON;
// and how somebody outside learns that the watch turns (the dead-man).
//
// Each receiver is a Speaker with an outbox of its own (ops.Outbox): what it is
// told comes in order, is told again after a failure, and may come twice after
// a crash. So every receiver names what it tells by the alert's identity, and
// telling it twice changes nothing. Whether a failure is worth another try is
// in the error's code: Refused for an answer that says no, anything else for a
// receiver that is away or busy.
//
// Addresses and keys may be secrets: no error names them.
package outward
