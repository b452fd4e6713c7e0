package broker

import (
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// admit checks a client's name and password: anybody when allow_anonymous is
// on, else by the password file of vmq_passwd. The code is for the CONNACK: 4
// for a wrong password, 5 when nothing lets the client in.
func (n *Node) admit(cl *mqtt.Client, pk packets.Packet) (packets.Code, bool) {
	if n.on("allow_anonymous") {
		return packets.CodeSuccess, true
	}
	wrong, denied := packets.ErrBadUsernameOrPassword, packets.ErrNotAuthorized
	if cl.Properties.ProtocolVersion < 5 {
		wrong, denied = packets.Code{Code: 4, Reason: "bad user name or password"}, packets.Code{Code: 5, Reason: "not authorized"}
	}
	if n.opt.Config.Get("plugins.vmq_passwd") != "on" || !pk.Connect.UsernameFlag {
		return denied, false
	}
	if n.knows(string(pk.Connect.Username), string(pk.Connect.Password)) {
		return packets.CodeSuccess, true
	}
	return wrong, false
}

// knows looks a user up in the password file: NAME:$6$SALT$HASH, the form that
// vmq-passwd writes (SHA-512 of password and salt).
func (n *Node) knows(user, password string) bool {
	file := n.opt.Config.Get("vmq_passwd.password_file")
	if rel, ok := strings.CutPrefix(file, "./etc/"); ok {
		file = filepath.Join(n.opt.Etc, rel)
	} else if n.opt.Real != nil {
		file = n.opt.Real(file)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(b)) {
		name, secret, ok := strings.Cut(strings.TrimSpace(line), ":")
		f := strings.Split(secret, "$") // "", 6, salt, hash
		if !ok || name != user || len(f) != 4 || f[1] != "6" {
			continue
		}
		salt, err := base64.StdEncoding.DecodeString(f[2])
		if err != nil {
			return false
		}
		sum := sha512.Sum512(append([]byte(password), salt...))
		hash := base64.StdEncoding.EncodeToString(sum[:])
		return subtle.ConstantTimeCompare([]byte(hash), []byte(f[3])) == 1
	}
	return false
}
