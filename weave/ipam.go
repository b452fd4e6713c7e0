package weave

import (
	"fmt"
	"math/bits"
	"regexp"
	"strconv"

	"vmqbot/answer"
)

// IPAM is the answer to weave status ipam: who owns which share of the range
// from which weave allocates addresses by itself. No owners is a complete
// answer: nothing was allocated yet. Addresses given to weave attach outside
// this range are no business of it.
type IPAM struct {
	Ready  bool        `json:"ready"` // false while the router is starting
	Owners []IPAMOwner `json:"owners"`
}

// IPAMOwner is one peer's share.
type IPAMOwner struct {
	Name      string `json:"name"`
	NickName  string `json:"nickname"`
	IPs       uint32 `json:"ips"`    // addresses owned, used or not
	Active    int    `json:"active"` // in use; known of this host only
	Local     bool   `json:"local"`  // this host
	Reachable bool   `json:"reachable"`
}

var ipamRE = regexp.MustCompile(`^\s*(` + mac + `)\((.*)\) +(\d+) IPs \((\d+\.\d)% of total\)(?: +(?:\((\d+) active\)|(- unreachable!)))?\s*$`)

// ParseIPAM reads weave status ipam. The shares must add up to the whole
// range, a power of two, and to the percentages; otherwise lines are missing.
func ParseIPAM(a answer.Answer) (IPAM, error) {
	text, ready, err := page(a)
	if err != nil {
		return IPAM{}, err
	}
	all, err := lines(text)
	if err != nil {
		return IPAM{}, err
	}
	found := IPAM{Ready: ready, Owners: make([]IPAMOwner, 0, len(all))}
	var total uint64
	var shares []string
	for _, l := range all {
		m := ipamRE.FindStringSubmatch(l)
		if m == nil {
			return IPAM{}, notWeave("status ipam", l)
		}
		ips, err := strconv.ParseUint(m[3], 10, 32)
		active, errActive := strconv.Atoi("0" + m[5])
		if err != nil || errActive != nil {
			return IPAM{}, notWeave("status ipam", l)
		}
		total += ips
		shares = append(shares, m[4])
		found.Owners = append(found.Owners, IPAMOwner{
			Name: m[1], NickName: m[2], IPs: uint32(ips), Active: active, Local: m[5] != "", Reachable: m[6] == "",
		})
	}
	for i, o := range found.Owners {
		if bits.OnesCount64(total) != 1 || share(o.IPs, total) != shares[i] {
			return IPAM{}, garbled(text, "the shares do not add up to a whole range (%d addresses): lines of weave status ipam are missing, ask again", total)
		}
	}
	return found, nil
}

// share computes a percentage as the router does, in 32 bits.
func share(ips uint32, total uint64) string {
	return fmt.Sprintf("%04.1f", float32(ips)*100/float32(total))
}
