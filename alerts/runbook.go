package alerts

import "vmqbot/regions"

// Runbook is where the runbook explains a check or an alert of this package: the
// page that the fleet file names, at the heading of that name. "" when it names none.
func Runbook(f *regions.Fleet, check string) string {
	if f.Checks.Runbook == "" {
		return ""
	}
	return f.Checks.Runbook + "#" + check
}
