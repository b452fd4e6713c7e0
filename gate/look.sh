# What the gate and its health check both know.

broker=${VMQBOT_BROKER:-vernemq}              # the program that is asked
name=${broker##*/}
state=${VMQBOT_STATE:-/dev/shm/vmqbot-gate}   # one line, see say in gate.sh

# look says what there is of a broker in this container:
#   beam      the pid of its Erlang machine, or nothing
#   starters  pids of vernemq start and restart, which make it anew
#   consoles  pids of vernemq console, which become it or wait for it
# An image need not have ps, so it reads /proc with what every shell has built
# in: read leaves out the NULs between arguments, and of an ended process that
# nobody has reaped yet there are none. nodetool, vmq-admin and the remote shell
# are Erlang machines too; they start and end no broker.
look() {
	beams='' starters='' consoles=''
	for entry in /proc/[0-9]*; do
		pid=${entry#/proc/}
		[ "$pid" != $$ ] || continue
		{ read -r comm <"$entry/comm"; } 2>/dev/null || continue
		# run_erl and su stay for the broker's whole life, their child tells more.
		case $comm in sleep | run_erl | su | sudo) continue ;; esac
		args=''
		{ read -r args <"$entry/cmdline"; } 2>/dev/null
		case $comm:$args in
		*:) ;;
		beam.smp:*-escript* | beam.smp:*-remsh*) ;;
		beam.smp:*) beams="$beams $pid" ;;
		*"$name"start | *"$name"restart | *"$name start" | *"$name restart") starters="$starters $pid" ;;
		*"$name"console* | *"$name console"*) consoles="$consoles $pid" ;;
		esac
	done
	case "$beams " in *" $beam "*) [ -z "$beam" ] || return 0 ;; esac
	beam=${beams# }
	beam=${beam%% *}
}
