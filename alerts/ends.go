package alerts

import (
	"slices"

	"vmqbot/regions"
)

// Places names the region of each planned node.
type Places map[string]string

// PlacesOf reads them from a fleet file.
func PlacesOf(f *regions.Fleet) Places {
	in := Places{}
	for _, r := range f.Regions {
		for _, n := range r.Nodes {
			in[n.Name] = r.Name
		}
	}
	return in
}

// Of are the regions of a key: its own, and for a link the one at the other end
// too. A link is told under the region of its lesser end, because it has one
// message; but whoever silences a region, works in it or is on call there is as
// much concerned by a link that merely ends there.
func (p Places) Of(k Key) []string {
	all := []string{k.Region}
	for _, end := range k.Ends() {
		if region := p[end]; region != "" && !slices.Contains(all, region) {
			all = append(all, region)
		}
	}
	return all
}

// CalledIn are the regions by whose lists people are called for a key. A link that
// nothing at one of its ends explains may be broken at either, so both are; what is
// about no node of the fleet (a storm, the bot itself) is everybody's.
func CalledIn(f *regions.Fleet, k Key) []string {
	in := PlacesOf(f)
	if in[k.Node] != "" {
		return in.Of(k)
	}
	var all []string
	for _, r := range f.Regions {
		all = append(all, r.Name)
	}
	return all
}

// Called are the ids of those whom a step pages for a key: each region's by its own
// list, and nobody twice.
func Called(f *regions.Fleet, k Key, whom Whom) []string {
	ids := []string{}
	for _, region := range CalledIn(f, k) {
		list, _ := f.OnCallFor(region)
		for _, id := range Paged(list, whom) {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// Listed is how many people are on the longest of the lists by which Called goes.
func Listed(f *regions.Fleet, k Key) (people int) {
	for _, region := range CalledIn(f, k) {
		list, _ := f.OnCallFor(region)
		people = max(people, len(list.People))
	}
	return people
}
