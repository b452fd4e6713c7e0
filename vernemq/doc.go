// Package vernemq is the dialect of VerneMQ: how to say a command (argv) and
// how to read its answer (parsers), nothing else. It speaks to 1.6.1 and to
// 2.x, and reads the human tables of both, JSON and CSV to one typed value.
//
// Exit statuses of VerneMQ are no judge: failures with exit status 0 and
// successes that mean little are both common, so every parser reads the text.
// An answer that was cut short or garbled is refused with answer.Garbled and
// is never half understood.
package vernemq
