package factstest

import (
	"vmqbot/facts"
	"vmqbot/regions"
)

// Installed gives every host what prepare would: Docker of Debian that bounds the
// logs, weave 2.8.3 with its images, and the planned folders.
func Installed(w *facts.Fleet, f *regions.Fleet) {
	script := facts.WeaveScript{Path: "/usr/local/bin/weave", Version: "2.8.3", User: "rajchaudhuri", SHA256: "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"}
	w.Kit = facts.Missed[facts.Kit](facts.Absent, "the fleet file names no network.kit.")
	for _, n := range f.Nodes() {
		Edit(w, n.Name, func(seen *facts.Node) {
			s := facts.Setup{
				OS: "debian", Name: "Debian GNU/Linux 12 (bookworm)", Packages: "apt-get", Root: true, Systemd: true, InGroup: true, Docker: "/usr/bin/docker",
				Flags: []string{"/usr/sbin/dockerd", "-H", "fd://", "--containerd=/run/containerd/containerd.sock"},
				Conf:  facts.Saw(`{"log-driver": "json-file", "log-opts": {"max-size": "20m"}}`), Weave: facts.Saw(script), Folders: map[string]string{},
			}
			for _, folder := range []string{n.Volumes.Conf, n.Volumes.Log, n.Volumes.Data} {
				s.Folders[folder] = "0:0"
			}
			seen.Setup = facts.Saw(s)
			images, _ := seen.Images.Get()
			for _, ref := range script.Images() {
				images = append(images, facts.Image{ID: "sha256:" + ref, Tags: []string{ref}})
			}
			seen.Images = facts.Saw(images)
		})
	}
}
