package ops

import "testing"

func TestWhatIsDoneToImages(t *testing.T) {
	const id = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for want, a := range map[string]Action{
		"bring airdroid/vernemq:2.1.3 (0123456789ab) from the host of cn-1: 1 of its 4 layers, 33.0 MB unpacked": ShipImage{Image: "airdroid/vernemq:2.1.3", ID: id, From: "cn-1", Layers: 4, Shared: 3, Size: 33_000_000},
		"bring a:1 (0123456789ab) from the host of cn-1: what is missing of it, 33.0 MB unpacked":                ShipImage{Image: "a:1", ID: id, From: "cn-1", Size: 33_000_000},
		"bring a:1 (0123456789ab) from /kit/images.tar on this machine: what is missing of it":                   ShipImage{Image: "a:1", ID: id, Archive: "/kit/images.tar"},
		"bring a:1 (0123456789ab) from the host of cn-1: 4 of its 4 layers":                                      ShipImage{Image: "a:1", ID: id, From: "cn-1", Layers: 4},
		"$ docker tag 0123456789ab airdroid/vernemq:2.1.3":                                                       TagImage{ID: id, Ref: "airdroid/vernemq:2.1.3"},
		"$ docker rmi airdroid/vernemq:2.1.3":                                                                    RemoveImage{Ref: "airdroid/vernemq:2.1.3"},
		"$ docker rmi 0123456789ab":                                                                              RemoveImage{Ref: id},
	} {
		if got := a.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
