package weave

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"unicode/utf8"

	"vmqbot/answer"
)

// ParseReport reads the body of GET /report, and what weave report prints.
// Whatever is cut, is no JSON, or lacks a field that decides something is
// refused.
func ParseReport(body []byte) (Report, error) {
	var j reportJSON
	if !utf8.Valid(body) {
		return Report{}, garbled(string(body), "weave's report is not valid text: it was changed on its way, ask again")
	}
	if err := json.Unmarshal(body, &j); err != nil {
		return Report{}, garbled(string(body), "weave's report is not whole JSON: it was cut or changed on its way, ask again (%v)", err)
	}
	r, err := j.report()
	if err != nil {
		return Report{}, garbled(string(body), "weave's report lacks something or was changed: %v. Ask again", err)
	}
	return r, nil
}

// ParseReportAnswer reads weave report as it was typed.
func ParseReportAnswer(a answer.Answer) (Report, error) {
	out, err := success(a)
	if err != nil {
		return Report{}, err
	}
	return ParseReport([]byte(out))
}

func (j reportJSON) report() (Report, error) {
	if j.Ready == nil || j.Version == "" || j.Router == nil {
		return Report{}, errors.New("there is no Ready, Version or Router")
	}
	t := j.Router
	if !isMAC(t.Name) || t.NickName == nil || t.Encryption == nil || t.PeerDiscovery == nil {
		return Report{}, errors.New("the router does not say who it is")
	}
	r := Report{
		Ready: *j.Ready, Version: j.Version, Name: t.Name, NickName: *t.NickName,
		Encryption: *t.Encryption, PeerDiscovery: *t.PeerDiscovery,
		Peers:          make([]Peer, 0, len(t.Peers)),
		Connections:    make([]Connection, 0, len(t.Connections)),
		Targets:        append([]string{}, t.Targets...),
		TrustedSubnets: append([]string{}, t.TrustedSubnets...),
	}
	for _, p := range t.Peers {
		peer, err := p.peer()
		if err != nil {
			return Report{}, err
		}
		r.Peers = append(r.Peers, peer)
	}
	if _, ok := r.Peer(r.Name); !ok {
		return Report{}, fmt.Errorf("the router %s is not among its own peers", r.Name)
	}
	for _, c := range t.Connections {
		connection, ok := c.connection()
		if !ok {
			return Report{}, fmt.Errorf("the connection with %q, state %q, does not make sense", c.Address, c.State)
		}
		r.Connections = append(r.Connections, connection)
	}
	var err error
	if r.IPAM, err = j.IPAM.summary(r.Name); err != nil {
		return Report{}, err
	}
	r.DNS = j.DNS.summary()
	return r, nil
}

func (p peerJSON) peer() (Peer, error) {
	if !isMAC(p.Name) || p.NickName == nil || p.UID == nil || p.ShortID == nil || p.Version == nil {
		return Peer{}, fmt.Errorf("the peer %q is not described in full", p.Name)
	}
	found := Peer{
		Name: p.Name, NickName: *p.NickName, UID: *p.UID, ShortID: int(*p.ShortID), Version: *p.Version,
		Connections: make([]PeerConnection, 0, len(p.Connections)),
	}
	for _, c := range p.Connections {
		_, err := netip.ParseAddrPort(c.Address)
		if err != nil || !isMAC(c.Name) || c.NickName == nil || c.Outbound == nil || c.Established == nil {
			return Peer{}, fmt.Errorf("the connection of peer %q with %q is not described in full", p.Name, c.Name)
		}
		found.Connections = append(found.Connections, PeerConnection{
			Name: c.Name, NickName: *c.NickName, Address: c.Address, Outbound: *c.Outbound, Established: *c.Established,
		})
	}
	return found, nil
}

func (c connectionJSON) connection() (Connection, bool) {
	if c.Outbound == nil || c.Info == nil || !c.State.Known() {
		return Connection{}, false
	}
	found := Connection{Address: c.Address, Outbound: *c.Outbound, State: c.State, Info: *c.Info}
	if _, err := netip.ParseAddrPort(c.Address); err != nil || !found.fill() {
		return Connection{}, false
	}
	if c.Attrs == nil {
		return found, found.Carrier == ""
	}
	found.MTU = c.Attrs.MTU
	return found, c.Attrs.Name == found.Carrier && found.MTU >= 0
}
