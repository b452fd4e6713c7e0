package weave

// Status says the command for the overview of the router.
func Status() []string { return []string{"weave", "status"} }

// StatusPeers says the command for every peer and its connections.
func StatusPeers() []string { return []string{"weave", "status", "peers"} }

// StatusConnections says the command for this host's own connections.
func StatusConnections() []string { return []string{"weave", "status", "connections"} }

// StatusTargets says the command for the peers that this host was told to dial.
func StatusTargets() []string { return []string{"weave", "status", "targets"} }

// StatusIPAM says the command for who owns which share of the address range.
func StatusIPAM() []string { return []string{"weave", "status", "ipam"} }

// StatusDNS says the command for the names that weaveDNS knows.
func StatusDNS() []string { return []string{"weave", "status", "dns"} }

// ReportArgv says the command for the whole state as JSON.
func ReportArgv() []string { return []string{"weave", "report"} }

// Version says the command for the versions of the script and of the router.
func Version() []string { return []string{"weave", "version"} }

// Stop says the command that stops the router; attached containers keep their
// addresses, and nothing crosses between hosts until the next launch.
func Stop() []string { return []string{"weave", "stop"} }

// Reset says the command that removes the router, its data and its bridge:
// every attached container of the host loses its address. With force it goes
// ahead although the router does not run.
func Reset(force bool) []string {
	if force {
		return []string{"weave", "reset", "--force"}
	}
	return []string{"weave", "reset"}
}
