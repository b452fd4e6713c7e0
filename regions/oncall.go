package regions

// OnCall is who is paged for one region, in this order. Empty means nobody.
type OnCall struct {
	Group    string   // the user group that is told first; "" for none
	People   []string // user ids, one after the other
	Managers []string // user or user-group ids, once none of the others has answered
}

// Nobody reports that nobody is named.
func (o OnCall) Nobody() bool { return o.Group == "" && len(o.People)+len(o.Managers) == 0 }

// OnCallFor is who is paged for a region: its own list, or the one for all.
// own is "all" or the region, whichever list it is; "" when there is none.
func (f *Fleet) OnCallFor(region string) (o OnCall, own string) {
	for _, name := range []string{region, "all"} {
		if o, ok := f.OnCall[name]; ok {
			return o, name
		}
	}
	return OnCall{}, ""
}

// onCall reads who is paged, by region or for all of them.
func (r *reader) onCall(v value) {
	r.eachRegion(v, func(region string, at value) {
		var o OnCall
		r.object(at,
			may("group", r.word(&o.Group, aGroup)),
			may("people", r.words(&o.People, aPerson)),
			may("managers", r.words(&o.Managers, aMember)),
		)
		r.fleet.OnCall[region] = o
	})
}
