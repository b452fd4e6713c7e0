package checks

import (
	"fmt"
	"maps"
	"slices"

	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "disk", Row: "F31", Summary: "is there room on the disks that the broker and Docker write to?", Severity: Warning,
		Needs: []string{"host"}, Facts: facts.Need{Vitals: true}, node: judgeDisk,
	})
}

// A disk is short of room below a twentieth of it, unless that is plenty, and
// has none below what a broker writes in a moment.
const (
	diskPart   = 20
	diskPlenty = 10 << 30
	diskNone   = 256 << 20
)

// judgeDisk judges the fullest of the disks. Folders on the same one have the
// same figures and are told once.
func judgeDisk(s Subject) Observation {
	v, seenOK := s.facts().Vitals.Get()
	if !seenOK {
		return unknown("the disks of %s: %s", s.Node.Host, reason(s.facts().Vitals))
	}
	disks, seenOK := v.Disks.Get()
	switch {
	case !seenOK:
		return unknown("the disks of %s: %s", s.Node.Host, reason(v.Disks))
	case len(disks) == 0:
		return unknown("no disk of %s was measured: Docker did not name its folder and the fleet file names none", s.Node.Host)
	}
	folder := fullest(disks)
	d := disks[folder]
	says := fmt.Sprintf("%s of %s free under %s on %s", size(d.Free), size(d.Total), folder, s.Node.Host)
	switch {
	case d.Total <= 0:
		return unknown("the disk under %s on %s has no size", folder, s.Node.Host)
	case d.Free < diskNone:
		return bad("%s", says).severity(Critical).
			effect("the broker of %s can keep no message for clients that are away, nor its own state, and ends when it must write", s.Node.Name).
			byHand("make room on %s: docker system df tells what Docker holds, docker image prune takes old images; then diagnose %s", s.Node.Host, s.Node.Name)
	case d.Free < d.Total/diskPart && d.Free < diskPlenty:
		return bad("%s", says).
			effect("no message is lost yet; a disk that is full ends the broker of %s", s.Node.Name).
			byHand("make room on %s: docker system df tells what Docker holds, docker image prune takes old images; then diagnose %s", s.Node.Host, s.Node.Name)
	}
	return ok("%s", says)
}

// fullest is the folder whose disk has the least room, by name among equals.
func fullest(disks map[string]facts.Disk) (folder string) {
	for i, f := range slices.Sorted(maps.Keys(disks)) {
		if i == 0 || disks[f].Free < disks[folder].Free {
			folder = f
		}
	}
	return folder
}

// size writes bytes as df -h does, in powers of 1024.
func size(n int64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GB", n>>30)
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	default:
		return fmt.Sprintf("%d MB", n>>20)
	}
}
