package vernemq

import "vmqbot/answer"

// brokerTroubles are what the tools of VerneMQ say.
var brokerTroubles = []trouble{
	is(`(?:Node is not running!\s+)?Node '?([^'\s]+)'? not responding to pings\.(?:\s+Node is not running!)?`, NotResponding,
		"the node $1 does not answer at its own name: its address is missing inside the container (F1, the usual case: look with `diagnose`), or the broker is down, or nodename or cookie in vernemq.conf were edited while it ran (F4). The process may still be alive: look before you start or restart anything."),
	is(`Node did not respond to ping!|Node is not running!`, NotResponding,
		"the node does not answer at its own name: its address is missing inside the container (F1), or the broker is down, or nodename or cookie in vernemq.conf were edited while it ran (F4). Look with `diagnose` before you start or restart anything."),
	is(`failed to connect to node '?([^'\s]+)'? \.`, NotResponding,
		"the node $1 answers a ping but refuses the connection: the cookie in vernemq.conf is not the one the broker was started with (F4)."),
	is(`Error: Usage information not found for the given command`, NotReady,
		"the broker has only just started and does not know its commands yet: ask again in 5 to 10 seconds."),
	is(`RPC to '?([^'\s]+)'? failed: timeout`, RPCTimeout,
		"the command line of $1 gave up after 60 seconds, but the work may have been done, in part or whole, or still go on. Do not repeat it: look first, with `vmq-admin cluster show --format=json` on every node. After a leave the member is already removed, and its queues may not have been repaired."),
	is(`Invalid [Kk]ey: "(.*)"`, InvalidKey, "`$1` is not a key of this command: type the command with --help to see its keys."),
	is(`Invalid [Ff]lags?: \[?(".*")\]?`, InvalidFlag, "this command has no flag $1: type the command with --help to see its flags."),
	is(`Invalid value: "(.*)" for flag: (\S+)`, InvalidValue, "`$1` is not a value for the flag $2: type the command with --help to see what it takes."),
	is(`Invalid value: "(.*)"`, InvalidValue, "`$1` is not a value that this command takes: type it with --help to see the values."),
	is(`Empty value in argument: "(.*)"`, InvalidValue, "nothing stands after `$1=`: give it a value."),
	is(`Too many equal signs in argument: "(.*)"`, InvalidValue, "`$1` has more than one equals sign: write KEY=VALUE."),
	is(`Invalid arguments?: (.+)`, InvalidValue, "this command does not take `$1`: type it with --help to see what it takes."),
	is(`Invalid number of arguments`, answer.Usage, "the command has too many or too few words: type it with --help."),
	is(`Invalid (?:command|action):? ['"](.*)['"]`, answer.Usage, "VerneMQ has no command `$1`: type `vmq-admin --help` to see the commands."),
	is(`Invalid node name`, InvalidValue, "that is not the name of a node: write NAME@ADDRESS, for example VerneMQ@10.0.0.1."),
	is(`Error: (Cannot use --all.*)`, InvalidFlag, "only one of these two flags can be given ($1): leave one off."),
	is(`You have to provide a (discovery )?node(?: \(.*\))?`, MissingArgument,
		"nothing was done, in spite of exit status 0: the command needs a node. Type `vmq-admin cluster join discovery-node=VerneMQ@ADDRESS` or `vmq-admin cluster leave node=VerneMQ@ADDRESS`."),
	is(`(?s:(?:=\w+ REPORT==== .*\n)?)Unknown variable: (\S+)`, UnknownSetting,
		"`$1` is not a setting, or not one that can be changed while the broker runs: change vernemq.conf, check it with `vernemq chkconfig`, and restart this one node."),
	is(`Invalid config keys: (.+)`, UnknownSetting, "`$1` is not a setting that `vmq-admin show` knows; some settings exist in vernemq.conf only."),
	is(`The following config keys are not settable: (.+)`, UnknownSetting, "the settings $1 cannot be changed while the broker runs: change vernemq.conf and restart this one node."),
	is(`Target node is down: '?([^'\s]+)'?`, answer.Down, "the node $1 is down, as this node sees it; nothing was changed there. Look with `diagnose`."),
	is(`Target process could not be reached on node: '?([^'\s]+)'?`, answer.Down, "the node $1 could not be reached from this node; nothing was changed there. Look with `diagnose`."),
}
