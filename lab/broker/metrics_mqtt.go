package broker

import (
	"fmt"

	"github.com/mochi-mqtt/server/v2/packets"
)

// direction of a packet, as in the names of the metrics.
type direction string

const (
	received direction = "received"
	sent     direction = "sent"
)

// packet counts one MQTT packet, per protocol version.
func (m *metrics) packet(d direction, version byte, pk packets.Packet) {
	name := packetNames[pk.FixedHeader.Type]
	if name == "" {
		return
	}
	metric := "mqtt_" + name + "_" + string(d)
	m.add(metric, 1)
	if version == 5 || pk.FixedHeader.Type == packets.Connect && pk.ProtocolVersion == 5 {
		m.add(metric+v5, 1)
	}
	switch {
	case pk.FixedHeader.Type != packets.Connack:
	case !m.legacy:
		m.add(metric+"/"+connackReason(version, pk.ReasonCode), 1)
	default:
		m.add("mqtt_connack_"+legacyConnack(version, pk.ReasonCode)+"_sent", 1)
	}
}

// v5 marks the share of MQTT 5 in a counter.
const v5 = "/v5"

var packetNames = map[byte]string{
	packets.Connect: "connect", packets.Connack: "connack", packets.Publish: "publish", packets.Puback: "puback",
	packets.Pubrec: "pubrec", packets.Pubrel: "pubrel", packets.Pubcomp: "pubcomp", packets.Subscribe: "subscribe",
	packets.Suback: "suback", packets.Unsubscribe: "unsubscribe", packets.Unsuback: "unsuback",
	packets.Pingreq: "pingreq", packets.Pingresp: "pingresp", packets.Disconnect: "disconnect", packets.Auth: "auth",
}

// returnCodes of a CONNACK for MQTT 3, by number.
var returnCodes = []string{"success", "unsupported_protocol_version", "client_identifier_not_valid", "server_unavailable",
	"bad_username_or_password", "not_authorized"}

// reasonCodes of a CONNACK for MQTT 5 that this broker sends.
var reasonCodes = map[byte]string{0: "success", 0x85: "client_identifier_not_valid", 0x86: "bad_username_or_password",
	0x87: "not_authorized", 0x88: "server_unavailable", 0x84: "unsupported_protocol_version"}

// connackReason is the label of a CONNACK: return_code="..." or reason_code="...".
func connackReason(version, code byte) string {
	if version == 5 {
		name, ok := reasonCodes[code]
		if !ok {
			name = "unspecified_error"
		}
		return fmt.Sprintf("mqtt_version=\"5\",reason_code=%q", name)
	}
	return fmt.Sprintf("mqtt_version=\"4\",return_code=%q", returnCodes[min(int(code), len(returnCodes)-1)])
}

// legacyConnack is the part of the metric's name that 1.x has for a CONNACK.
func legacyConnack(version, code byte) string {
	if version == 5 {
		switch code {
		case 0x86:
			code = 4
		case 0x87:
			code = 5
		case 0x88:
			code = 3
		}
	}
	names := []string{"accepted", "unacceptable_protocol", "identifier_rejected", "server_unavailable", "bad_credentials", "not_authorized"}
	return names[min(int(code), len(names)-1)]
}

// connackLabels are all labels of mqtt_connack_sent, so that zeros show too.
func connackLabels() []string {
	var out []string
	for i := range returnCodes {
		out = append(out, connackReason(4, byte(i)))
	}
	for _, code := range []byte{0, 0x84, 0x85, 0x86, 0x87, 0x88} {
		out = append(out, connackReason(5, code))
	}
	return out
}
