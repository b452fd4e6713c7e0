// Package alerts answers what to tell people, and what may be repaired without
// them. It is pure: the time comes in as a value, and nothing is opened, said
// or done here.
//
//	Fold    observation -> phase               what is true
//	Gates   silences, windows, locks, causes   what keeps it from being said or repaired
//	Heal    phase, gates, budgets -> permit    what may be repaired, or the named reason why not
//	Notify  phase, gates, what was said -> say what must still be said
//
// Turn is all of them for one look at the fleet. Muting never stops folding,
// and Notify is a difference to what was said: so a silence that ends, a
// restart and a message that was not delivered need no special case.
package alerts
