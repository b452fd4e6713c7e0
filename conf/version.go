package conf

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Version is the version of VerneMQ that reads a file. The zero value is an
// unknown one, for which only what every version takes is written.
type Version struct{ Major, Minor, Patch int }

var versionText = regexp.MustCompile(`^v?(\d{1,2})\.(\d{1,3})(?:\.(\d{1,3}))?(?:$|[^0-9.])`)

// ParseVersion reads the version out of an image reference, as
// airdroid/vernemq:1.6.1, or out of the answer of `vernemq version`. It
// returns the zero Version when the text names none, as latest or a digest.
func ParseVersion(text string) Version {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "@") // a digest says nothing
	if i := strings.LastIndex(text, "/"); i >= 0 {
		text = text[i+1:]
		if !strings.Contains(text, ":") {
			return Version{} // an image without a tag
		}
	}
	if _, tag, found := strings.Cut(text, ":"); found {
		text = tag
	}
	m := versionText.FindStringSubmatch(text)
	if m == nil {
		return Version{}
	}
	var v Version
	for i, part := range []*int{&v.Major, &v.Minor, &v.Patch} {
		*part, _ = strconv.Atoi(m[i+1]) // digits by the pattern; none is 0
	}
	if v.Major > 9 {
		return Version{} // a date, as 24.11
	}
	return v
}

// Known reports whether the version is one at all.
func (v Version) Known() bool { return v != Version{} }

// AtLeast reports whether the version is known and not older than
// major.minor.
func (v Version) AtLeast(major, minor int) bool {
	return v.Known() && (v.Major > major || v.Major == major && v.Minor >= minor)
}

// Before reports whether the version is known and older than major.minor.
func (v Version) Before(major, minor int) bool { return v.Known() && !v.AtLeast(major, minor) }

// String is the version as VerneMQ prints it, or "an unknown version".
func (v Version) String() string {
	if !v.Known() {
		return "an unknown version"
	}
	return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch)
}
