package checks_test

// made are the sections of the alerts that are made from other alerts and from the
// watch itself (alerts.Derived): no check says their sentences.
const made = `
## blind

Can everything about the node be seen? A warning, told when for three looks and
three sweeps the same could not be judged, for a reason that no other check tells.

- What it means for messages: nobody knows. A node that cannot be seen may serve well.
- **By itself** the bot goes on looking. It never repairs what it cannot see.
- Type ` + "`diagnose cn-1`" + `: it says what could not be seen and why. Then look at that, as at
  [forward](#forward) where sshd opens no channels, or at [host](#host).
- **It is over** when all of it can be judged again, good or bad.

## isolated

Does the node reach any other node? Critical, told in a fleet of three nodes or more
when every link of one node is bad, in the place of its links.

- What it means for messages: none enters or leaves the node.
- **By itself** the bot repairs what it finds at the node, as [ip](#ip) and [port](#port).
- Type ` + "`diagnose cn-1`" + `: the links have the node in common, so its host, its router and
  its address are the first places.
- **It is over** when one of its links is good again for half a minute.

## self

Does the bot reach anything? Critical, told when no host answers, and neither do Slack
and half of the places in checks.neutral.

- What it means for messages: nobody knows. The nodes are probably well: it is the bot's
  own network that is not.
- **By itself** the bot tells nothing of the hosts meanwhile, and repairs nothing. Its
  sign of life ends, so whoever waits for it (deadman in the fleet file) tells.
- Look at the network of the machine on which the bot runs: ` + "`ip route`" + `, ` + "`resolvectl status`" + `,
  ` + "`ping`" + ` to its gateway.
- **It is over** when anything answers.

## storm

Is so much bad at once that its cause is probably not in the nodes? Critical, told when
two regions, or a third of the nodes and two at least, are bad.

- What it means for messages: each alert says it for its node.
- **By itself** the bot repairs nothing until ten minutes after it is over, and calls
  people for the storm alone.
- Look first at what these nodes have in common: a network, a provider, a change of
  today. Then type ` + "`diagnose all`" + `. What repairs each stands in its own message; nothing
  keeps a person from typing it.
- **It is over** when fewer are bad; repairs go on ten minutes later.

## schedule

Was everything done that is scheduled? Critical, told for a day when a time of a
schedule was missed, or what was begun failed.

- What it means for messages: what was scheduled has not happened, such as a restart.
- **By itself** the bot does not make up for it. The next time is as planned.
- Type ` + "`schedule list`" + ` for what is due when and what came of it, ` + "`history`" + ` for its
  operations; then type the line itself, if it is still wanted.
- **It is over** when its next time went well, or after a day.
`
