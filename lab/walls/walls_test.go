package walls

import (
	"slices"
	"testing"
)

func TestHasDatapath(t *testing.T) {
	const without = "\nName: nlctrl\n\tID: 0x10  Version: 0x2  header size: 0  max attribs: 0 \n\tcommands supported: \n\t\t#1:  ID-0x3 \n\nName: TASKSTATS\n\tID: 0x13  Version: 0x1\n"
	for name, row := range map[string]struct {
		families string
		want     bool
	}{
		"a kernel without openvswitch":  {without, false},
		"a kernel with it":              {without + "\nName: ovs_datapath\n\tID: 0x1a  Version: 0x2\n\nName: ovs_vport\n", true},
		"only a name that resembles it": {without + "\nName: ovs_datapath2\n", false},
		"nothing":                       {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := hasDatapath(row.families); got != row.want {
				t.Errorf("got %t, want %t", got, row.want)
			}
		})
	}
}

func TestEnvWorksAroundOnlyWhatIsMissing(t *testing.T) {
	if got, want := (Walls{}).Env(), []string{"CHECKPOINT_DISABLE=1"}; !slices.Equal(got, want) {
		t.Errorf("no walls: %v, want %v", got, want)
	}
	got := Walls{NoDatapath: true}.Env()
	if want := []string{"CHECKPOINT_DISABLE=1", "WEAVE_NO_FASTDP=1"}; !slices.Equal(got, want) {
		t.Errorf("no openvswitch: %v, want %v", got, want)
	}
}

func TestString(t *testing.T) {
	for want, w := range map[string]Walls{
		"none": {},
		"no CAP_SYS_RESOURCE (runc is wrapped); no dummy interfaces (weaver uses ifb); no openvswitch (WEAVE_NO_FASTDP=1)": {
			Caps: []string{"CAP_SYS_RESOURCE"}, NoDummy: true, NoDatapath: true},
	} {
		if got := w.String(); got != want {
			t.Errorf("%+v is %q, want %q", w, got, want)
		}
	}
}
