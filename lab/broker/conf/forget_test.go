package conf

import "testing"

// A build of another version lacks settings; everything else it still has.
func TestForget(t *testing.T) {
	whole := readSchema()
	defer func() { lacking = nil }()
	Forget("metadata_plugin", "no.such.setting")
	less := readSchema()
	if len(less) != len(whole)-1 {
		t.Errorf("%d settings of %d are left", len(less), len(whole))
	}
	if _, ok := find(less, "metadata_plugin"); ok {
		t.Error("metadata_plugin is still known")
	}
	if _, ok := find(less, "allow_anonymous"); !ok {
		t.Error("allow_anonymous is gone")
	}
}
