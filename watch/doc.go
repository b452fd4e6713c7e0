// Package watch answers when: the sweep on a clock, what Docker's events hint
// at, and the looks in between that doubt asks for. Every look goes the same
// way: one round over the hosts, judged by checks, folded by alerts, kept, and
// only then said and repaired.
//
//	tick, hint, doubt -> look -> judge -> Turn -> keep -> heal, speak
//
// It decides nothing itself. What is true, what may be repaired and what must
// be said are alerts.Turn's; a repair is an ordinary operation through control,
// by the actor autoheal; what is said goes through an outbox to a Speaker.
package watch
