// Package speech answers how a finished English sentence is said in another
// language. English is what every room speaks and what the journal, the audit,
// --json, logs and tests hold; a Tongue is asked at the edge, where a Slack
// message or the terminal's output is written.
//
// A catalog (zh.tsv) pairs each English form, as its format stands in the
// source, with its translation. Each form becomes a matcher: its words, and
// holes in the shape of their verbs. What stands in a hole is said the same way,
// so an error that wraps others is translated whole; names, addresses, commands
// and what a tool said have no entry and stay as they are.
//
// [Tongue.Text] never fails: what the catalog does not know is left in English.
// That it knows everything is the matter of the tests (speech/source).
package speech
