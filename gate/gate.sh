# The gate: the first process of a container. It lets the broker start only when
# the planned address is in this network namespace, because a broker that starts
# without it never binds its cluster port and looks healthy all the same. It
# outlives the broker, so that the namespace and the address stay when the broker
# crashes or is restarted from inside.
#
# It needs sh and sleep. Every round it looks at what there is and does what that
# asks for; it believes nothing that it remembers about processes.

address=${VMQBOT_ADDRESS:?the address to wait for}
hold=${VMQBOT_HOLD:-/dev/shm/vmqbot-hold}                    # while it exists, no start
doors=${VMQBOT_LISTENERS:-/etc/vernemq/vmqbot.listeners}     # lines: ADDRESS PORT
routes=${VMQBOT_FIB:-/proc/net/fib_trie}                     # the addresses that are here
sockets=${VMQBOT_SOCKETS:-/proc/net/tcp /proc/net/tcp6}      # what listens
steady=${VMQBOT_STEADY:-60}                                  # seconds that forgive crashes
case $broker in
*/*) admin=${broker%/*}/vmq-admin ;;
*) admin=vmq-admin ;;
esac

starts=0    # times that the gate started a broker
crashes=0   # ends that nobody asked for, in a row
ended=-1    # exit status of the last one, -1 when it cannot be known
form='console -noshell -noinput'
said='' term='' child='' mine='' beam='' seen='' life='' keeper='' answered='' since=0 due=0 delay=0

# say writes the state when it has changed, for the health check and the log.
say() { # PHASE WHAT-FOR
	line="$1 starts=$starts crashes=$crashes exit=$ended for=$2"
	[ "$line" != "$said" ] || return 0
	said=$line
	echo "$line" >"$state"
	echo "vmqbot-gate: $line" >&2
}

# pause hears signals at once, and reaps every child that ends meanwhile, also
# those that other processes left to the first one.
pause() { # SECONDS
	sleep "$1" &
	wait $!
}

# clock sets now, in hundredths of a second, from a clock that nobody turns.
clock() {
	read -r up _ </proc/uptime
	now=${up%.*}${up#*.}
}

# attached wants the address as one of this namespace, not as a route to another.
attached() {
	leaf=''
	while read -r mark scope kind _; do
		case $mark in
		'|--') leaf=$scope ;;
		/32) [ "$leaf $scope $kind" != "$address host LOCAL" ] || return 0 ;;
		esac
	done 2>/dev/null <"$routes"
	return 1
}

# observe sees what there is, and takes the exit status of a child that ended. A
# script that its Erlang machine outlives says nothing of that one.
observe() {
	code=''
	if [ -n "$child" ] && [ ! -e "/proc/$child" ]; then
		wait "$child"
		code=$?
		child=''
	fi
	look
	if [ -n "$code" ] && { [ -z "$beam" ] || [ "$beam" != "$seen" ]; }; then ended=$code; fi
}

start() {
	starts=$((starts + 1))
	"$broker" $form </dev/null &
	child=$!
	attend
}

# attend is one round of a broker's life, whoever started it. It runs when it has
# answered once; after a steady while its earlier ends are forgiven.
attend() {
	life=1 mine=$child seen=${beam:-$seen} whose=adopted
	[ -z "$child" ] || whose=own
	if [ -n "$beam" ] && { [ -z "$keeper" ] || [ ! -e "/proc/$keeper" ]; }; then
		keep_doors &
		keeper=$!
	fi
	clock
	if [ -z "$answered" ]; then
		since=$now
		say starting $whose
		return
	fi
	[ $((now - since)) -lt $((steady * 100)) ] || crashes=0
	say running $whose
}

# part ends what belongs to one broker's life. The keeper has nothing to clean up.
part() {
	if [ -n "$keeper" ]; then
		kill -KILL "$keeper"
		wait "$keeper"
	fi 2>/dev/null
	keeper='' seen='' answered='' life=''
}

# gone is for a broker that ended. Of one that is no child the exit status cannot
# be known. Where VerneMQ's script drops root by su, some versions make one word
# of its arguments, print their usage and succeed: there only the daemon works.
gone() {
	[ -n "$mine" ] || ended=-1
	[ -n "$seen" ] || [ "$ended" != 0 ] || form=start
	part
}

# mourn counts an end that nobody asked for: the next start waits 1, 2, 4.. 30 s.
mourn() {
	crashes=$((crashes + 1))
	delay=1 n=1
	while [ $n -lt $crashes ] && [ $delay -lt 30 ]; do
		delay=$((delay * 2)) n=$((n + 1))
	done
	[ $delay -le 30 ] || delay=30
	clock
	due=$((now + delay * 100))
}

# rest is a round without a broker: says why there is none, or starts one.
rest() {
	clock
	if [ -n "$starters$consoles" ]; then
		say starting adopted
	elif [ -e "$hold" ]; then
		say held hold
		beat=1
	elif ! attached; then
		say waiting "$address/32"
	elif [ "$now" -lt "$due" ]; then
		say backoff "${delay}s"
	else
		start
	fi
}

# answers is true when the broker takes commands and has loaded its plugins.
answers() {
	"$admin" plugin show </dev/null >/dev/null 2>&1
}

# listens looks for a listening socket on a port. They stand first in these
# files: what clients there are is never read.
listens() { # PORT
	hex=$(printf %04X "$1")
	for table in $sockets; do
		while read -r slot socket _ status _; do
			case $slot:$status:$socket in
			sl:*) ;;
			*:0A:*":$hex") return 0 ;;
			*:0A:*) ;;
			*) break ;;
			esac
		done 2>/dev/null <"$table"
	done
	return 1
}

# wanted reads the list at one go, since opening takes time. What follows the
# port are flags of listener start: ADDRESS/PORT|--FLAG=VALUE...
wanted() {
	list='' host=''
	[ -r "$doors" ] || return 0
	while read -r host port flags || [ -n "$host" ]; do
		case $host in '' | *[!0-9a-fA-F.:]*) continue ;; esac
		case $port in '' | *[!0-9]*) continue ;; esac
		door=$host/$port
		for flag in $flags; do
			case $flag in *[!a-zA-Z0-9_./,:=-]*) ;; --*=*) door="$door|$flag" ;; esac
		done
		list="$list $door"
	done <"$doors"
}

# open_doors opens each listed port that is closed. A port that VerneMQ holds
# shut on purpose, as while it leaves the cluster, stays so: it answers that the
# listener is there. 1 when a port stayed closed.
open_doors() {
	failed=0 ready=''
	wanted
	for door in $list; do
		place=${door%%|*} flags=${door#"${door%%|*}"}
		host=${place%/*} port=${place#*/}
		! listens "$port" || continue
		if [ -z "$ready" ]; then
			answers || return 1
			pause 1 # subscriptions are refused a moment longer than plugins take to show
			ready=1
		fi
		reply=$(IFS='|'; "$admin" listener start "address=$host" "port=$port" ${flags#?} </dev/null 2>&1)
		listens "$port" || failed=1
		case $told in *"|$door $reply|"*) continue ;; esac
		told="$told|$door $reply|"
		echo "vmqbot-gate: open $host $port: $reply" >&2
	done
	return $failed
}

# keep_doors runs beside the broker: tells the gate when it answers, then opens
# its ports and those that are listed later.
keep_doors() {
	told=''
	until answers; do pause 1; done
	kill -USR1 $$
	while :; do
		if open_doors; then pause 2; else pause 5; fi
	done
}

# leave ends everything cleanly and with it the container. Starts that are under
# way are stopped first. When VerneMQ's own stop fails, as it does without the
# address, or takes long, the Erlang machine gets the signal itself: it stops as
# cleanly. Its parents, su or scripts, get none while they may still wait for it.
leave() {
	trap : TERM INT HUP QUIT
	part
	asker='' last=0 again=0
	observe
	while [ -n "$beam$child$starters$consoles" ]; do
		say stopping term
		clock
		[ -z "$starters" ] || kill -TERM $starters 2>/dev/null
		[ -z "$beam" ] || last=$now
		if [ -n "$beam" ] && [ -z "$asker" ]; then
			"$broker" stop </dev/null >&2 &
			asker=$! enough=$((now + 3000))
		elif [ "$now" -lt "$again" ]; then
			:
		elif [ -n "$beam" ]; then
			[ -e "/proc/$asker" ] && [ "$now" -lt "$enough" ] || warn $beam
		elif [ $((now - last)) -ge 500 ]; then
			warn $child $consoles
		fi
		pause "$quick"
		observe
	done
	exit 0
}

# warn asks processes to end, and lets them be asked again in 5 s.
warn() { # PID...
	again=$((now + 500))
	[ $# = 0 ] || kill -TERM "$@" 2>/dev/null
}

trap 'term=1' TERM INT HUP QUIT
trap 'answered=1' USR1

quick=0.2 # not every sleep knows fractions
sleep $quick 2>/dev/null || quick=1
sleep 0 || exit 127

while [ -z "$term" ]; do
	beat=$quick
	observe
	# Somebody restarted it between two rounds.
	[ -z "$seen" ] || [ -z "$beam" ] || [ "$beam" = "$seen" ] || gone
	if [ -n "$beam$child" ]; then
		attend
		[ -z "$beam" ] || beat=1
	else
		if [ -n "$life" ]; then
			gone
			[ -n "$starters$consoles" ] || [ -e "$hold" ] || mourn
		fi
		rest
	fi
	[ -n "$term" ] || pause $beat
done
leave
