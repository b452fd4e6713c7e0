package demo

import "fmt"

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
var Tour = fmt.Sprintf(`*Welcome.* A simulated fleet of four regions runs behind this page, with real ssh and real MQTT. Five things to try; the page's own menu says who you are:
1. As <@%[1]s>: `+"`/vmq status`"+`, then `+"`/vmq mesh`"+`
2. As <@%[1]s>: `+"`/vmq deploy eu`"+`; as <@%[2]s> press *Approve*, and watch the steps
3. As <@%[1]s>: `+"`/vmq demo break cn`"+`, as a `+"`docker restart`"+` does on a bad night; the watch notices, tells, and heals it
4. In the alert: its buttons, and the graph; then `+"`/vmq history`"+`
5. As <@%[3]s>, who may only look: `+"`/vmq reattach cn`"+`; and `+"`/vmq help`"+` for all the rest`, onCall, second, viewer)
