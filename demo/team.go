package demo

import (
	"fmt"
	"strings"
)

// The workspace. Its tokens open nothing but a page on this machine.
const (
	Team     = "T0DEMO"
	Channel  = "C0FLEET"
	BotToken = "xoxb-demo"
	AppToken = "xapp-demo"

	bot    = "U0VMQ"
	admin  = "U0ANA"
	onCall = "U0BOB"
	second = "U0SUE"
	viewer = "U0EVE"
)

const workspace = `workspace: {name: vmqbot demo, domain: demo, teamId: ` + Team + `}
app: {appId: A0DEMO, botUserId: ` + bot + `, botName: vmq, botToken: ` + BotToken + `, appToken: ` + AppToken + `, signingSecret: demo, mode: socket}
users:
  - {id: ` + onCall + `, name: bob, real_name: "Bob, on call"}
  - {id: ` + second + `, name: sue, real_name: "Sue, on call as well"}
  - {id: ` + admin + `, name: ana, real_name: "Ana, administrator"}
  - {id: ` + viewer + `, name: eve, real_name: "Eve, may look"}
channels:
  - {id: ` + Channel + `, name: fleet, members: [` + onCall + `, ` + second + `, ` + admin + `, ` + viewer + `, ` + bot + `]}
`

// FleetPart is what makes these people the team of a fleet file: who may do
// what, and that a deploy wants the consent of a second person.
const FleetPart = `slack: {channel: ` + Channel + `, team: ` + Team + `}
roles: {viewer: [` + viewer + `], operator: [` + onCall + `, ` + second + `], admin: [` + admin + `]}
approval: {deploy: {approvers: [` + onCall + `, ` + second + `]}}
oncall: {all: {people: [` + onCall + `, ` + second + `]}}
`

// Tour is the first message of the channel: what to try.
var Tour = strings.Join([]string{
	"Welcome. A simulated fleet of four regions runs behind this page, with real ssh and real MQTT. Type into the box below; the page's own menu changes who you are. Five things to try:",
	fmt.Sprintf("1. As <@%s> type `/vmq status`, then `/vmq mesh`", onCall),
	fmt.Sprintf("2. As <@%s> type `/vmq deploy eu`; then become <@%s>, press *Approve* on the card, and watch the steps", onCall, second),
	fmt.Sprintf("3. As <@%s> type `/vmq demo break cn` and press *Run it*: that is what a `docker restart` does on a bad night. An alert comes; press *Graph* while it is red, and watch it heal", onCall),
	"4. Type `/vmq history`, to see who did what, and `/vmq alerts`",
	fmt.Sprintf("5. As <@%s>, who may only look, type `/vmq reattach cn`: it is refused, and says why; `/vmq help` lists all the rest", viewer),
}, "\n")
