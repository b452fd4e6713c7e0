package weave

// How to reach the router without its script. The control port listens on
// loopback only, so it is dialed through ssh.
const (
	// APIAddress is where the router's control API listens, on the host.
	APIAddress = "127.0.0.1:6784"
	// StatusAddress serves the same status pages and /metrics, read only.
	StatusAddress = "127.0.0.1:6782"
	// ReportPath gives the JSON that ParseReport reads; it needs the header
	// ReportAccept, otherwise the router answers 400.
	ReportPath = "/report"
	// ReportAccept is the value of the Accept header for ReportPath.
	ReportAccept = "application/json"
	// StatusPath answers 200 when the router is ready and 503 with the same
	// text while it is not.
	StatusPath = "/status"
	// MetricsPath gives Prometheus text.
	MetricsPath = "/metrics"
	// Port is the TCP and UDP port between hosts; UDP Port+1 carries fastdp.
	Port = 6783
	// Container is the name of the router's container.
	Container = "weave"
	// PasswordEnv is the environment variable for the password of the mesh.
	// It is never put into argv, where every user of the host can read it.
	PasswordEnv = "WEAVE_PASSWORD"
)
