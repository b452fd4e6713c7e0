package conf

import "testing"

// A build of another version lacks settings; everything else it still has, and
// other builds in the same process have them all.
func TestWithout(t *testing.T) {
	less := Without("metadata_plugin", "no.such.setting")
	if len(less.list) != len(whole().list)-1 {
		t.Errorf("%d settings of %d are left", len(less.list), len(whole().list))
	}
	if _, ok := less.Datatype("metadata_plugin"); ok {
		t.Error("metadata_plugin is still known")
	}
	if _, ok := less.Datatype("allow_anonymous"); !ok {
		t.Error("allow_anonymous is gone")
	}
	if _, ok := Without().Datatype("metadata_plugin"); !ok {
		t.Error("another build lacks metadata_plugin too")
	}
}
