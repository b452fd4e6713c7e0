package broker

// message is one published message on its way to subscribers.
type message struct {
	Topic   string     `json:"t"`
	Payload []byte     `json:"p,omitempty"`
	QoS     byte       `json:"q,omitempty"`
	Retain  bool       `json:"r,omitempty"`
	From    string     `json:"f,omitempty"` // client id, for no_local
	Only    string     `json:"o,omitempty"` // one client id: a shared subscription
	Filter  string     `json:"l,omitempty"` // with Only: the subscription
	Props   *userProps `json:"u,omitempty"`
}

// userProps are the MQTT 5 properties that travel with a message.
type userProps struct {
	ContentType   string      `json:"ct,omitempty"`
	ResponseTopic string      `json:"rt,omitempty"`
	Correlation   []byte      `json:"cd,omitempty"`
	User          [][2]string `json:"up,omitempty"`
}

// subscriber is the replicated record of one client.
type subscriber struct {
	Node  string `json:"node"`
	Clean bool   `json:"clean,omitempty"`
	Subs  []sub  `json:"subs,omitempty"`
}

// sub is one subscription.
type sub struct {
	Filter  string `json:"f"`
	QoS     byte   `json:"q,omitempty"`
	NoLocal bool   `json:"nl,omitempty"`
	AsIs    bool   `json:"rap,omitempty"` // retain as published
	ID      int    `json:"id,omitempty"`
}

const (
	subPrefix = "sub/"
	retPrefix = "ret/"
)
