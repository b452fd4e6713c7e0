package weavenet

import (
	"math/rand/v2"
	"time"
)

// report is what weave report prints, in the order in which it does.
type report struct {
	Ready        bool
	Version      string
	VersionCheck *versionCheck `json:",omitempty"`
	Router       *routerReport `json:",omitempty"`
	IPAM         *ipamReport   `json:",omitempty"`
	DNS          *dnsReport    `json:",omitempty"`
	Proxy        *proxyReport  `json:",omitempty"`
	Plugin       *pluginReport `json:",omitempty"`
}

type versionCheck struct {
	Enabled, Success bool
	NewVersion       string
	NextCheckAt      time.Time
}

// String says it as weave status does.
func (v *versionCheck) String() string {
	at := v.NextCheckAt.Format("2006/01/02 15:04:05")
	switch {
	case !v.Enabled:
		return "version check update disabled"
	case !v.Success:
		return "failed to check latest version - see logs; next check at " + at
	}
	return "up to date; next check at " + at
}

type routerReport struct {
	Protocol           string
	ProtocolMinVersion int
	ProtocolMaxVersion int
	Encryption         bool
	PeerDiscovery      bool
	Name, NickName     string
	Port               int
	Peers              []peer
	UnicastRoutes      []unicastRoute
	BroadcastRoutes    []broadcastRoute
	Connections        []connection
	TerminationCount   int
	Targets            []string
	OverlayDiagnostics map[string]any
	TrustedSubnets     []string
	Interface          string
	CaptureStats       map[string]int
	MACs               []macReport
}

type (
	unicastRoute   struct{ Dest, Via string }
	broadcastRoute struct {
		Source string
		Via    []string
	}
	connection struct {
		Address  string
		Outbound bool
		State    string
		Info     string
		Attrs    map[string]any
	}
	macReport struct {
		Mac, Name, NickName string
		LastSeen            time.Time
	}
	proxyReport struct{ Addresses []string }
)

// report looks at the whole router.
func (r *router) report() report {
	rep := report{Ready: true, Version: version, VersionCheck: r.versionCheck(), Router: r.routerReport()}
	if r.alloc.on {
		rep.IPAM = r.alloc.report()
	}
	if !r.s.noDNS {
		rep.DNS = r.dnsReport()
	}
	if r.s.proxy {
		rep.Proxy = &proxyReport{[]string{proxyAddress}}
	}
	if r.s.plugin {
		rep.Plugin = r.pluginReport()
	}
	return rep
}

// versionCheck asks nobody: hosts of a simulated fleet do not reach the
// internet. Until the query has timed out the real one says "up to date".
func (r *router) versionCheck() *versionCheck {
	if r.p.Env["CHECKPOINT_DISABLE"] != "" {
		return &versionCheck{}
	}
	v := &versionCheck{Enabled: true, Success: true}
	if failed := r.started.Add(r.n.after(20 * time.Second)); time.Now().After(failed) {
		every := r.n.after(6 * time.Hour)
		v.Success = false
		v.NextCheckAt = failed.Add((time.Since(failed)/every + 1) * every).UTC().Round(0)
	}
	return v
}

func (r *router) routerReport() *routerReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	rep := &routerReport{
		Protocol: "weave", ProtocolMinVersion: 1, ProtocolMaxVersion: 2,
		Encryption: r.s.password != "", PeerDiscovery: !r.s.noDiscovery,
		Name: r.name, NickName: r.nick, Port: int(r.s.port),
		TerminationCount: r.maker.ended, Targets: r.targets(),
		OverlayDiagnostics: map[string]any{"sleeve": nil}, TrustedSubnets: []string{},
		Interface:    "vethwe-pcap (via pcap)",
		CaptureStats: map[string]int{"PacketsDropped": 0, "PacketsIfDropped": 0, "PacketsReceived": r.heard},
	}
	if r.b.kind == bridgedFastDP {
		rep.Interface = "datapath (via ODP)"
		rep.OverlayDiagnostics["fastdp"] = map[string]any{"Vports": nil, "Flows": nil}
		rep.CaptureStats = map[string]int{"FlowMisses": r.heard}
	}
	for _, p := range r.s.trusted {
		rep.TrustedSubnets = append(rep.TrustedSubnets, p.String())
	}
	for _, p := range r.mesh.all() {
		seen := *p
		if len(seen.Connections) == 0 {
			seen.Connections = nil
		}
		rep.Peers = append(rep.Peers, seen)
	}
	rep.Connections = r.connections()
	for _, mac := range r.seen {
		if s := r.macs[mac]; time.Since(s.at) < r.n.after(10*time.Minute) {
			rep.MACs = append(rep.MACs, macReport{mac, s.peer, s.nick, s.at.UTC()})
		}
	}
	return rep
}

// reportRoutes adds the routes, which only the report shows: they are dear in a
// large mesh.
func (r *router) reportRoutes(rep *routerReport) {
	r.mu.Lock()
	defer r.mu.Unlock()
	broadcasts := r.mesh.broadcasts()
	for _, name := range r.mesh.order {
		via, ok := r.unicast[name]
		if !ok {
			continue
		}
		if via == "" {
			via = "00:00:00:00:00:00"
		}
		rep.UnicastRoutes = append(rep.UnicastRoutes, unicastRoute{name, via})
		rep.BroadcastRoutes = append(rep.BroadcastRoutes, broadcastRoute{name, broadcasts[name]})
	}
}

type pluginReport struct {
	Config                     pluginConfig
	DriverName, MeshDriverName string
}

type pluginConfig struct {
	Socket, MeshSocket                       string
	Enable, EnableV2, EnableV2Multicast, DNS bool
	DefaultSubnet, ProcPath                  string
}

func (r *router) pluginReport() *pluginReport {
	const dir = "/run/docker/plugins/"
	return &pluginReport{pluginConfig{dir + "weave.sock", dir + "weavemesh.sock", true, false, false, !r.s.noDNS, r.s.defaultSubnet.String(), "/proc"}, "weave", "weavemesh"}
}

// randomPort is one as a kernel picks it for a query.
func randomPort() int { return 32768 + rand.IntN(28000) }
