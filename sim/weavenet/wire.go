package weavenet

// message is one line of what routers say to each other. The real protocol is
// binary and encrypted; what it carries is the same.
type message struct {
	Hello *hello `json:",omitempty"`
	Peers []peer `json:",omitempty"` // news of the topology
	Ring  *ring  `json:",omitempty"` // the shares of the address range
	Beat  bool   `json:",omitempty"` // a heartbeat, by UDP in the real one
	Ack   bool   `json:",omitempty"` // its answer
}

// hello introduces a router, as mesh's features do.
type hello struct {
	Name, NickName string
	UID            uint64
	ShortID        uint16
	ConnID         uint64
	Trusted        bool   // the peer is on a subnet that is trusted
	FastDP         bool   // the kernel forwards packets
	Proof          string // of the password; "" without one
}
