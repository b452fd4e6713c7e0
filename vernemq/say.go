package vernemq

// The vernemq script. None of these commands takes anything from a user, so
// none of them can be wrong.

// Ping asks whether the node answers at its own name.
func Ping() []string { return []string{"vernemq", "ping"} }

// Start starts the broker. It answers as soon as one supervisor process
// exists, before the listeners and vmq-admin work.
func Start() []string { return []string{"vernemq", "start"} }

// Stop stops the broker and waits for its process to end.
func Stop() []string { return []string{"vernemq", "stop"} }

// Restart stops and starts the broker. It does not validate the
// configuration first: ask CheckConfig before, or the node may stay down.
func Restart() []string { return []string{"vernemq", "restart"} }

// CheckConfig validates vernemq.conf; its exit status is true, its text
// names no cause (GenerateConfig does).
func CheckConfig() []string { return []string{"vernemq", "chkconfig"} }

// GenerateConfig generates the start-time configuration and prints the cause
// when that fails, with exit status 0 either way.
func GenerateConfig() []string { return []string{"vernemq", "config", "generate"} }

// Version prints the version of the files on disk; it works when the node is
// down.
func Version() []string { return []string{"vernemq", "version"} }
