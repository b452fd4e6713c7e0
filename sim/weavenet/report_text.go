package weavenet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// text is the report as the API says it: what json.MarshalIndent makes of it
// with four spaces. The peers are written by hand, because they are nearly all
// of it in a large mesh, and every host tells them all.
func (rep report) text() ([]byte, error) {
	if rep.Router == nil || len(rep.Router.Peers) == 0 {
		return json.MarshalIndent(rep, "", "    ")
	}
	peers, router := rep.Router.Peers, *rep.Router
	router.Peers, rep.Router = nil, &router
	b, err := json.MarshalIndent(rep, "", "    ")
	if err != nil {
		return nil, err
	}
	const none = "\n        \"Peers\": null," // no string holds a line end, so this is the field
	head, tail, found := bytes.Cut(b, []byte(none))
	if !found {
		return nil, fmt.Errorf("the report of %s has no peers to be filled in", router.Name)
	}
	b = make([]byte, 0, len(b)+512*len(peers))
	b = append(b, head...)
	b = append(b, "\n        \"Peers\": [\n"...)
	for i, p := range peers {
		b = p.appendText(b)
		b = append(b, separator(i, len(peers))...)
	}
	return append(append(b, "        ],"...), tail...), nil
}

// separator ends the element i of a list of n.
func separator(i, n int) string {
	if i < n-1 {
		return ",\n"
	}
	return "\n"
}

func (p peer) appendText(b []byte) []byte {
	const in = "                "
	b = append(b, "            {\n"+in+"\"Name\": "...)
	b = appendQuoted(b, p.Name)
	b = append(b, ",\n"+in+"\"NickName\": "...)
	b = appendQuoted(b, p.NickName)
	b = append(b, ",\n"+in+"\"UID\": "...)
	b = strconv.AppendUint(b, p.UID, 10)
	b = append(b, ",\n"+in+"\"ShortID\": "...)
	b = strconv.AppendUint(b, uint64(p.ShortID), 10)
	b = append(b, ",\n"+in+"\"Version\": "...)
	b = strconv.AppendUint(b, p.Version, 10)
	b = append(b, ",\n"+in+"\"Connections\": "...)
	switch {
	case p.Connections == nil:
		b = append(b, "null\n"...)
	case len(p.Connections) == 0:
		b = append(b, "[]\n"...)
	default:
		b = append(b, "[\n"...)
		for i, c := range p.Connections {
			b = c.appendText(b)
			b = append(b, separator(i, len(p.Connections))...)
		}
		b = append(b, in+"]\n"...)
	}
	return append(b, "            }"...)
}

func (c peerConn) appendText(b []byte) []byte {
	const in = "                        "
	b = append(b, "                    {\n"+in+"\"Name\": "...)
	b = appendQuoted(b, c.Name)
	b = append(b, ",\n"+in+"\"NickName\": "...)
	b = appendQuoted(b, c.NickName)
	b = append(b, ",\n"+in+"\"Address\": "...)
	b = appendQuoted(b, c.Address)
	b = append(b, ",\n"+in+"\"Outbound\": "...)
	b = strconv.AppendBool(b, c.Outbound)
	b = append(b, ",\n"+in+"\"Established\": "...)
	b = strconv.AppendBool(b, c.Established)
	return append(b, "\n                    }"...)
}

// appendQuoted writes a string as encoding/json does, which is asked only for
// what is no plain name.
func appendQuoted(b []byte, s string) []byte {
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`"\<>&`, r) }) < 0 {
		return append(append(append(b, '"'), s...), '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil { // of a string there is none
		return append(b, `""`...)
	}
	return append(b, quoted...)
}
