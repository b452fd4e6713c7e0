package commands

import (
	"strconv"
	"time"

	"vmqbot/dockerconf"
	"vmqbot/ops"
	"vmqbot/regions"
)

// lifeWords name the life of the machine, which differs after each boot: also where
// the machine is a container, which has its kernel's boot_id.
const lifeWords = `life="$(cat /proc/sys/kernel/random/boot_id 2>/dev/null) $(sed 's/.*) //' /proc/1/stat | cut -d ' ' -f 20)"
`

// armScript tells the host to take a change back by itself. Its arguments are the
// folder, daemon.json, the seconds until then, the script that does it, and what
// daemon.json is then, where that is not what it is now. What
// was before a change that nobody confirmed stays what is gone back to. The word
// in the file tells this change from the ones before it, whose timers may still
// run where there is no systemd. That it is there everybody may see, for the bot may
// look as somebody else than root.
//
// No timer outlives a reboot, and at the boot Docker reads the new file. So a unit
// before Docker's, or cron where there is no systemd, takes the change back then:
// a host that restarts before anybody confirmed comes up as it was.
const armScript = `set -e
dir=$0 conf=$1 after=$2
umask 022
mkdir -p "$dir"
umask 077
if [ ! -e "$dir/armed" ]; then
rm -f "$dir/before" "$dir/none"
if [ -e "$conf" ]; then cp -p "$conf" "$dir/before"; elif [ -z "$4" ]; then : >"$dir/none"; fi
[ -z "$4" ] || printf '%s' "$4" >"$dir/before"
fi
rm -f "$dir/restarted"
` + lifeWords + `echo "$life" >"$dir/life"
printf '%s\n' "$3" >"$dir/revert.sh"
word=$(date +%s).$$
echo "$word" >"$dir/armed"
if [ -d /run/systemd/system ]; then
printf '%s\n' '[Unit]' "ConditionPathExists=$dir/armed" 'Before=docker.service' \
'[Service]' 'Type=oneshot' "ExecStart=/bin/sh $dir/revert.sh $dir $conf boot" \
'[Install]' 'WantedBy=docker.service' >/etc/systemd/system/vmqbot-revert-boot.service
systemctl daemon-reload
systemctl enable vmqbot-revert-boot.service
elif [ -d /etc/cron.d ]; then
echo "@reboot root sh $dir/revert.sh $dir $conf boot" >/etc/cron.d/vmqbot-revert
fi
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
systemctl stop vmqbot-revert.timer >/dev/null 2>&1 || :
systemd-run --unit=vmqbot-revert --on-active="$after" sh "$dir/revert.sh" "$dir" "$conf" "$word"
else
setsid -f sh -c 'sleep "$3"; exec sh "$0/revert.sh" "$0" "$1" "$2"' "$dir" "$conf" "$word" "$after" </dev/null >/dev/null 2>&1
fi`

// revertScript lies on the host meanwhile. Its third argument is the word of the
// change that it takes back, or now, or boot. Docker restarts where it has read the
// new file: where it was restarted, or the machine was. At a boot under systemd it
// starts after this. Cron's PATH knows no sbin.
//
// Cron comes while Docker starts the containers again. One that is stopped then takes
// its socket away, starts weave's router all the same, and makes a folder of the socket
// that the router wants to see; no Docker starts on that host any more until the folder
// is gone. One that has no pid file yet is not stopped at all, and has read the file
// that is taken back. So the start of any Docker that runs is waited for, and an empty
// folder there is removed. (systemd holds the socket itself.)
const revertScript = `dir=$1 conf=$2
PATH=$PATH:/usr/sbin:/sbin
[ -e "$dir/armed" ] || exit 0
[ "$3" = now ] || [ "$3" = boot ] || [ "$(cat "$dir/armed")" = "$3" ] || exit 0
` + lifeWords + `[ "$life" = "$(cat "$dir/life" 2>/dev/null)" ] || : >"$dir/restarted"
if [ -e "$dir/before" ]; then
cp -p "$dir/before" "$conf.vmqbot-new" && mv "$conf.vmqbot-new" "$conf" || exit 1
elif [ -e "$dir/none" ]; then
rm -f "$conf"
fi
rm -f "$dir/armed" /etc/cron.d/vmqbot-revert
[ "$3" != boot ] || [ ! -d /run/systemd/system ] || { rm -f "$dir/restarted"; exit 0; }
[ -e "$dir/restarted" ] || exit 0
rm -f "$dir/restarted"
if [ -d /run/systemd/system ]; then
systemctl stop docker.socket docker
exec systemctl start docker
fi
tries=0
while grep -qsx dockerd /proc/[0-9]*/comm && [ $tries -lt 60 ] && ! timeout 5 docker version >/dev/null 2>&1; do tries=$((tries + 1)); sleep 1; done
service docker stop
[ ! -d /var/run/docker.sock ] || rmdir /var/run/docker.sock
exec service docker start`

// takeBack has the host do now what it would do by itself.
const takeBack = `[ ! -e "$0/revert.sh" ] || exec sh "$0/revert.sh" "$0" "$1" now`

// restartScript notes that Docker was restarted, so that taking back restarts it
// too.
const restartScript = `: >"$0/restarted" || exit 1
if [ -d /run/systemd/system ]; then exec systemctl restart docker; fi
exec service docker restart`

// reloadScript has a running daemon read what it reads again.
const reloadScript = `if [ -d /run/systemd/system ]; then exec systemctl reload docker; fi
kill -HUP "$(cat /var/run/docker.pid)"`

// disarmScript ends the waiting.
const disarmScript = `rm -f "$0/armed" "$0/restarted" "$0/before" "$0/none" "$0/life" /etc/cron.d/vmqbot-revert || exit 1
systemctl stop vmqbot-revert.timer >/dev/null 2>&1 || :
[ ! -e /etc/systemd/system/vmqbot-revert-boot.service ] || {
systemctl disable vmqbot-revert-boot.service >/dev/null 2>&1
rm -f /etc/systemd/system/vmqbot-revert-boot.service
}`

func arm(n regions.Node, before string) ops.Step {
	return ops.Step{
		Title: "Have the host of " + n.Name + " take what follows back by itself", Node: n.Name,
		Do: ops.Script{
			Says: "unless confirmed, put " + dockerconf.Path + " back after " + revertAfter.String() + " and restart Docker, and at a reboot before Docker starts", Text: armScript,
			Args: []string{ops.RevertDir, dockerconf.Path, strconv.Itoa(int(revertAfter.Seconds())), revertScript, before},
		},
		Timeout: time.Minute, Undo: disarm(), Litter: true,
	}
}

func disarm() ops.Script {
	return ops.Script{Says: "end the waiting: nothing is taken back any more", Text: disarmScript, Args: []string{ops.RevertDir}}
}

// confirm proves that the host can still be reached, and keeps the change.
func confirm(n regions.Node) []ops.Step {
	return []ops.Step{
		{
			Title: "Come to the host of " + n.Name + " over a new connection", Node: n.Name,
			Do: ops.Reconnect{}, Timeout: time.Minute, NoUndo: "it changes nothing on the host",
		},
		{
			Title: "Confirm the change there", Node: n.Name,
			Do: disarm(), Verify: []string{"confirmed"}, Timeout: time.Minute, Final: true, NoUndo: "Docker's network is where it should be",
		},
	}
}
