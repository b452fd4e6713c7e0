package weave

import (
	"net/netip"
	"strconv"
	"strings"
)

// LaunchedWith is what a person told the router at its launch, as far as another
// launch should keep it: read from the arguments of its container. What decides
// who is dialed, the range and the DNS are the planner's to say.
type LaunchedWith struct {
	LaunchOptions
	NoFastDP bool // WEAVE_NO_FASTDP: the bridge is of that kind, and no other launch takes it
	MTU      int  // WEAVE_MTU; 0 when it was not set
}

// ReadLaunch reads the arguments of the router's container. What is not
// understood is left out.
func ReadLaunch(args []string) LaunchedWith {
	var was LaunchedWith
	nicknames := 0
	for i := 0; i < len(args); i++ {
		name, value, given := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if !strings.HasPrefix(args[i], "-") {
			continue
		}
		next := func() string {
			if !given && i+1 < len(args) {
				i++
				value = args[i]
			}
			return value
		}
		switch name {
		case "no-fastdp":
			was.NoFastDP = value != "false"
		case "no-discovery":
			was.NoDiscovery = value != "false"
		case "name":
			if v := next(); isMAC(v) {
				was.Name = v
			}
		case "nickname":
			nicknames++ // the script itself gives the first one, the host's name
			if v := next(); hostName.MatchString(v) && nicknames > 1 {
				was.NickName = v
			}
		case "conn-limit":
			was.ConnLimit, _ = strconv.Atoi(next())
		case "mtu":
			was.MTU, _ = strconv.Atoi(next())
		case "trusted-subnets":
			for s := range strings.SplitSeq(next(), ",") {
				if p, err := netip.ParsePrefix(s); err == nil {
					was.TrustedSubnets = append(was.TrustedSubnets, p.Masked())
				}
			}
		}
	}
	return was
}
