package regions

import "slices"

// Named is every person and user group that the fleet file names by an id, with
// where it does: "role admin", "approvers of deploy", "right deploy in cn", "on call
// for cn".
func (f *Fleet) Named() map[string][]string {
	all := map[string][]string{}
	add := func(where string, ids ...string) {
		for _, id := range ids {
			if id != "" && !slices.Contains(all[id], where) {
				all[id] = append(all[id], where)
			}
		}
	}
	for role, ids := range f.Roles {
		add("role "+role, ids...)
	}
	for verb, a := range f.Approval {
		add("approvers of "+verb, a.Approvers...)
		for region, in := range a.Regions {
			add("approvers of "+verb+" in "+region, in.Approvers...)
		}
	}
	for verb, in := range f.Rights {
		for region, ids := range in {
			add("right "+verb+" in "+region, ids...)
		}
	}
	for region, o := range f.OnCall {
		add("on call for "+region, append(append([]string{o.Group}, o.People...), o.Managers...)...)
	}
	for _, where := range all {
		slices.Sort(where)
	}
	return all
}
