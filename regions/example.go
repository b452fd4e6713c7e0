package regions

import _ "embed" // for Example

// Example is the annotated fleet file that the documentation prints and the
// tests load. It needs the environment variables VERNEMQ_COOKIE,
// VMQBOT_MQTT_PASSWORD, WEAVE_PASSWORD, PAGERDUTY_ROUTING_KEY, ALERTMANAGER_PASSWORD and
// TICKETS_SECRET.
//
//go:embed example.yaml
var Example string
