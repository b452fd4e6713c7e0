package commands

import (
	"maps"
	"slices"

	"vmqbot/ops"
	"vmqbot/regions"
)

// CheckPolicy refuses a fleet file whose approvals or rights name no verb: a
// policy that is misspelled protects nothing. The fleet file itself knows no
// verbs.
func CheckPolicy(f *regions.Fleet) error {
	for _, verb := range slices.Sorted(maps.Keys(f.Approval)) {
		c, ok := Find(verb)
		if !ok {
			return ops.Errorf(ops.Invalid, "help", "approval.%s: there is no verb %q.%s", verb, verb, maybe(verb, names()))
		}
		if !c.Changes() {
			return ops.Errorf(ops.Invalid, "help", "approval.%s: %s changes nothing, so there is nothing to approve.", verb, verb)
		}
	}
	for _, verb := range slices.Sorted(maps.Keys(f.Rights)) {
		if _, ok := Find(verb); !ok {
			return ops.Errorf(ops.Invalid, "help", "rights.%s: there is no verb %q.%s", verb, verb, maybe(verb, names()))
		}
	}
	return nil
}
