package commands

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/weave"
)

// installed changes what is installed on a host.
func installed(w *facts.Fleet, name string, change func(*facts.Setup)) {
	factstest.Edit(w, name, func(n *facts.Node) {
		s, _ := n.Setup.Get()
		change(&s)
		n.Setup = facts.Saw(s)
	})
}

// hostOf changes what a host tells of itself.
func hostOf(w *facts.Fleet, name string, change func(*facts.Machine)) {
	factstest.Edit(w, name, func(n *facts.Node) {
		m, _ := n.Machine.Get()
		change(&m)
		n.Machine = facts.Saw(m)
	})
}

// bare takes everything from a host but its system.
func bare(w *facts.Fleet, f *regions.Fleet, name string) {
	unlaunched(w, f, "", name)
	factstest.Edit(w, name, func(n *facts.Node) {
		const why = "nothing listens on /var/run/docker.sock"
		n.Docker = facts.Missed[facts.Docker](facts.Down, why)
		n.Container = facts.Missed[facts.Container](facts.Down, why)
		n.Netns = facts.Missed[facts.Netns](facts.Down, why)
		n.Images = facts.Missed[[]facts.Image](facts.Down, why)
	})
	installed(w, name, func(s *facts.Setup) {
		s.Docker, s.Flags, s.InGroup, s.Folders = "", nil, false, map[string]string{}
		s.Conf = facts.Missed[string](facts.Absent, "there is none")
		s.Weave = facts.Missed[facts.WeaveScript](facts.Absent, "there is no weave script.")
	})
}

func noWeave(w *facts.Fleet, name string) {
	installed(w, name, func(s *facts.Setup) {
		s.Weave = facts.Missed[facts.WeaveScript](facts.Absent, "there is no weave script.")
	})
	noImages(w, name)
}

// clashing gives cn-1 routes that meet Docker's network.
func clashing(routes ...string) func(*facts.Fleet, *regions.Fleet) {
	return func(w *facts.Fleet, _ *regions.Fleet) {
		hostOf(w, "cn-1", func(m *facts.Machine) {
			for _, r := range routes {
				m.Routes = append(slices.Clip(m.Routes), facts.Route{Dev: "eth0", To: netip.MustParsePrefix(r)})
			}
		})
	}
}

func noImages(w *facts.Fleet, name string) {
	factstest.Edit(w, name, func(n *facts.Node) { n.Images = facts.Saw([]facts.Image{}) })
}

func withConf(text string) func(*facts.Fleet, *regions.Fleet) {
	return func(w *facts.Fleet, _ *regions.Fleet) {
		installed(w, "cn-1", func(s *facts.Setup) { s.Conf = facts.Saw(text) })
	}
}

func aKit(version string) facts.Seen[facts.Kit] {
	return facts.Saw(facts.Kit{
		Folder: "/home/ana/weave", Archive: "/home/ana/weave/images.tar", Size: 104857600,
		Images: map[string]string{
			"rajchaudhuri/weave:" + version: "sha256:aaaaaaaaaaaaaaaa", "rajchaudhuri/weaveexec:" + version: "sha256:bbbbbbbbbbbbbbbb", "rajchaudhuri/weavedb:latest": "sha256:cccccccccccccccc",
		},
		Script: facts.WeaveScript{Path: "/home/ana/weave/weave", Version: version, User: "rajchaudhuri", SHA256: strings.Repeat("ab", 32)},
	})
}

// Each plan of prepare, as somebody reads it before it runs.
func TestPrepare(t *testing.T) {
	for _, c := range []struct {
		name string
		seen func(*facts.Fleet, *regions.Fleet)
	}{
		{"all-right", func(*facts.Fleet, *regions.Fleet) {}},
		{"bare-debian", func(w *facts.Fleet, f *regions.Fleet) { bare(w, f, "cn-1") }},
		{"bare-fedora", func(w *facts.Fleet, f *regions.Fleet) {
			bare(w, f, "cn-1")
			installed(w, "cn-1", func(s *facts.Setup) { s.OS, s.Packages, s.Systemd = "fedora", "dnf", false })
		}},
		{"docker-is-down", func(w *facts.Fleet, f *regions.Fleet) {
			bare(w, f, "cn-1")
			installed(w, "cn-1", func(s *facts.Setup) { s.Docker, s.InGroup = "/usr/bin/docker", true })
		}},
		{"no-weave", func(w *facts.Fleet, _ *regions.Fleet) { noWeave(w, "cn-1") }},
		{"no-images", func(w *facts.Fleet, _ *regions.Fleet) { noImages(w, "cn-1") }},
		{"from-the-kit", func(w *facts.Fleet, _ *regions.Fleet) {
			noWeave(w, "cn-1")
			w.Kit = aKit("2.9.0")
		}},
		{"an-engine-too-new", func(w *facts.Fleet, _ *regions.Fleet) {
			hostOf(w, "cn-1", func(m *facts.Machine) { m.MinAPI = facts.Saw("1.24") })
			installed(w, "cn-1", func(s *facts.Setup) {
				s.Weave = facts.Saw(facts.WeaveScript{Path: "/opt/weave", Version: "2.8.1", User: "rajchaudhuri", SHA256: "cd"})
			})
		}},
		{"folders", func(w *facts.Fleet, f *regions.Fleet) {
			installed(w, "cn-1", func(s *facts.Setup) { s.Folders = map[string]string{"/etc/vernemq": "0:0"} })
			installed(w, "sg-1", func(s *facts.Setup) { s.Folders["/data/server/docker/vernemq/data"] = "10000:10000" })
		}},
		{"logs", withConf(`{"storage-driver": "overlay2"}`)},
		{"the-eu-host-of-the-runbook", clashing("172.17.0.0/16")},
		{"a-clash-under-live-restore", func(w *facts.Fleet, f *regions.Fleet) {
			clashing("172.17.3.0/24", "172.26.0.0/15", "172.28.1.0/24")(w, f)
			withConf(`{"live-restore": true, "log-driver": "journald", "proxies": {"http-proxy": "http://ana:hunter2@proxy"}}`)(w, f)
			routerOf(w, "cn-1", func(r *weave.Report) { r.DNS = &weave.DNSSummary{Address: "172.17.0.1:53"} })
		}},
		{"a-bip-that-was-not-applied", func(w *facts.Fleet, f *regions.Fleet) {
			clashing("172.17.0.0/16")(w, f)
			withConf(`{"bip": "192.168.100.1/24", "log-driver": "journald"}`)(w, f)
		}},
		{"a-change-that-nobody-confirmed", func(w *facts.Fleet, _ *regions.Fleet) {
			installed(w, "cn-1", func(s *facts.Setup) { s.Armed = true })
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := fleet(t)
			w := factstest.Healthy(f)
			factstest.Installed(&w, f)
			c.seen(&w, f)
			p, err := planOf(t, f, w, "prepare cn")
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(p.String(), "hunter2") {
				t.Errorf("the plan tells what else stands in daemon.json:\n%s", p)
			}
			golden(t, "prepare-"+c.name+".txt", "$ prepare cn\n"+p.String())
		})
	}
}

// What is known to stand in the way is told before anything happens.
func TestPrepareRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		seen func(*facts.Fleet, *regions.Fleet)
		code ops.Code
		says string
	}{
		{"a daemon.json that is no JSON", withConf("bip: 172.26.0.1/16"), ops.Refused, "daemon.json is wrong: it is no JSON object"},
		{"one that is cut", withConf(`{"bip": "172.26`), ops.Refused, "is wrong: it is not JSON"},
		{"one that contradicts the unit file", func(w *facts.Fleet, _ *regions.Fleet) {
			installed(w, "cn-1", func(s *facts.Setup) { s.Conf = facts.Saw(`{"hosts": ["unix:///var/run/docker.sock"]}`) })
		}, ops.Refused, "both set hosts"},
		{"one that nobody may read", func(w *facts.Fleet, _ *regions.Fleet) {
			installed(w, "cn-1", func(s *facts.Setup) { s.Conf = facts.Missed[string](facts.Denied, "Permission denied") })
		}, ops.Unseen, "Permission denied"},
		{"a copy of another machine", func(w *facts.Fleet, f *regions.Fleet) {
			unlaunched(w, f, "", "cn-1", "sg-1")
			id, _ := w.Nodes["sg-1"].Machine.Get()
			hostOf(w, "cn-1", func(m *facts.Machine) { m.ID = id.ID })
		}, ops.Refused, "says it is the same machine as that of sg-1"},
		{"nobody to be root", func(w *facts.Fleet, _ *regions.Fleet) {
			noWeave(w, "cn-1")
			installed(w, "cn-1", func(s *facts.Setup) { s.Root = false })
		}, ops.Refused, "the bot is not root there"},
		{"a system without packages", func(w *facts.Fleet, f *regions.Fleet) {
			bare(w, f, "cn-1")
			installed(w, "cn-1", func(s *facts.Setup) { s.Packages, s.Name = "", "Alpine Linux" })
		}, ops.Refused, "Alpine Linux has neither apt-get nor dnf"},
		{"a system whose packages have no Docker", func(w *facts.Fleet, f *regions.Fleet) {
			bare(w, f, "cn-1")
			installed(w, "cn-1", func(s *facts.Setup) {
				s.OS, s.Like, s.Packages, s.Name = "almalinux", []string{"rhel", "centos", "fedora"}, "dnf", "AlmaLinux 9"
			})
		}, ops.Refused, "AlmaLinux 9 has no package of it"},
		{"a weave that this Docker does not take", func(w *facts.Fleet, f *regions.Fleet) {
			noWeave(w, "cn-1")
			for _, n := range f.Nodes()[1:] {
				noImages(w, n.Name)
			}
			hostOf(w, "cn-1", func(m *facts.Machine) { m.MinAPI = facts.Saw("1.44") })
			w.Kit = aKit("2.8.1")
		}, ops.Refused, "weave 2.8.1 speaks API 1.18, and this Docker 1.44 and newer (network.kit)"},
		{"a weave that nobody has", func(w *facts.Fleet, f *regions.Fleet) {
			for _, n := range f.Nodes() {
				noWeave(w, n.Name)
			}
		}, ops.Refused, "nobody has it"},
		{"a bip of the unit file", func(w *facts.Fleet, f *regions.Fleet) {
			clashing("172.17.0.0/16")(w, f)
			installed(w, "cn-1", func(s *facts.Setup) { s.Flags = []string{"dockerd", "--bip=172.17.0.1/16"} })
		}, ops.Refused, "dockerd's command line sets bip"},
		{"no room for Docker", func(w *facts.Fleet, f *regions.Fleet) {
			clashing("172.16.0.0/12", "192.168.0.0/16", "10.200.0.0/13")(w, f)
		}, ops.Refused, "is in somebody's way"},
		{"images that nobody sees", func(w *facts.Fleet, _ *regions.Fleet) {
			factstest.Edit(w, "cn-1", func(n *facts.Node) { n.Images = facts.Missed[[]facts.Image](facts.TooLate, "no answer") })
		}, ops.Unseen, "no answer"},
		{"a host that nobody sees", func(w *facts.Fleet, _ *regions.Fleet) { factstest.Dead(w, "cn-1") }, ops.Unseen, "Nothing was done"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := fleet(t)
			w := factstest.Healthy(f)
			factstest.Installed(&w, f)
			c.seen(&w, f)
			p, err := planOf(t, f, w, "prepare cn")
			if err == nil || ops.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s with %q\n%s", err, c.code, c.says, p)
			}
		})
	}
}

// With everything seen and everything there, no host is touched; and one that
// cannot be seen keeps nobody from the others.
func TestPrepareLeavesWhatIsRight(t *testing.T) {
	f := fleet(t)
	w := factstest.Healthy(f)
	factstest.Installed(&w, f)
	factstest.Dead(&w, "us-1")
	noImages(&w, "eu-1")
	p, err := planOf(t, f, w, "prepare all")
	if err != nil || !slices.Equal(p.Unseen, []string{"us-1"}) || !slices.Equal(p.Locks, []string{"eu"}) {
		t.Errorf("%v\n%s", err, p)
	}
	for _, s := range p.Steps {
		if s.Node != "eu-1" {
			t.Errorf("%s: %s", s.Node, s.Title)
		}
	}
}

// Docker's next network is in nobody's way: of this host, of the plan, of weave,
// of the bot, or of another host.
func TestRoomForDocker(t *testing.T) {
	for _, c := range []struct {
		name string
		seen func(*facts.Fleet, *regions.Fleet)
		want string
	}{
		{"the first", func(*facts.Fleet, *regions.Fleet) {}, "bip 172.26.0.1/16, default-address-pools 172.27.0.0/16 by 24"},
		{"one is routed", clashing("172.27.5.0/24"), "bip 172.26.0.1/16, default-address-pools 172.28.0.0/16 by 24"},
		{"one is another host's", func(w *facts.Fleet, _ *regions.Fleet) {
			hostOf(w, "us-1", func(m *facts.Machine) {
				m.Routes = append(slices.Clip(m.Routes), facts.Route{Dev: "eth1", To: netip.MustParsePrefix("172.26.0.0/16")}, facts.Route{Dev: "br-12", To: netip.MustParsePrefix("172.27.0.0/16")})
			})
		}, "bip 172.27.0.1/16, default-address-pools 172.28.0.0/16 by 24"},
		{"one is Docker's own already", func(w *facts.Fleet, _ *regions.Fleet) {
			hostOf(w, "cn-1", func(m *facts.Machine) {
				nets, _ := m.Networks.Get()
				m.Networks = facts.Saw(append(slices.Clip(nets), facts.Network{Name: "web", Driver: "bridge", Subnets: []netip.Prefix{netip.MustParsePrefix("172.26.0.0/16")}}))
			})
		}, "bip 172.27.0.1/16, default-address-pools 172.28.0.0/16 by 24"},
		{"the bot comes from one", func(w *facts.Fleet, _ *regions.Fleet) {
			hostOf(w, "cn-1", func(m *facts.Machine) { m.Client = netip.MustParseAddr("172.26.9.9") })
		}, "bip 172.27.0.1/16, default-address-pools 172.28.0.0/16 by 24"},
		{"weave's range", func(w *facts.Fleet, _ *regions.Fleet) {
			routerOf(w, "cn-1", func(r *weave.Report) { r.IPAM = &weave.IPAMSummary{Range: "172.24.0.0/13"} })
		}, "bip 192.168.240.1/20, default-address-pools 192.168.224.0/20 by 24"},
		{"pools that somebody chose stay", withConf(`{"default-address-pools": [], "log-driver": "journald"}`), "bip 172.26.0.1/16"},
	} {
		f := fleet(t)
		w := factstest.Healthy(f)
		factstest.Installed(&w, f)
		clashing("172.17.0.0/16")(&w, f)
		c.seen(&w, f)
		n, _ := f.Node("cn-1")
		setup, _ := w.Nodes["cn-1"].Setup.Get()
		d := &preparation{w: ops.World{Fleet: f, Seen: w}, p: &ops.Plan{}}
		conf, sets, err := d.elsewhere(n, setup)
		if err != nil || sets != c.want || !conf.Has("bip") {
			t.Errorf("%s: %q %v\n%s", c.name, sets, err, conf)
		}
	}
}
