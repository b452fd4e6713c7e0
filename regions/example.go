package regions

import _ "embed" // for Example

// Example is the annotated fleet file that the documentation prints and the
// tests load. It needs the environment variables VERNEMQ_COOKIE and
// VMQBOT_MQTT_PASSWORD.
//
//go:embed example.yaml
var Example string
