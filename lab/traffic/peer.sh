#!/bin/sh
# The peer of a rolling deploy: the same upgrade as a careful operator scripts it
# with docker and weave, one region after the other. For each region the broker is
# stopped, removed, run again with the runbook's arguments and the new image,
# given its address, waited for, and bound to its cluster port when it started
# too early. Nothing else is looked at, and nothing is undone.
#
#   peer.sh IMAGE [REGION...]
#
# Regions are those of the lab, cn sg us eu, in the order given. LAB_STATE is the
# directory of the lab's keys. The exit status is that of the first step that fails.
set -eu

image=${1:?type peer.sh IMAGE [REGION...]}
shift
[ $# -gt 0 ] || set -- cn sg us eu
state=${LAB_STATE:-$(dirname "$0")/../.state}

# on HOST runs the script on its standard input there, with the arguments after it.
on() {
	host=$1
	shift
	ssh -i "$state/id_ed25519" -o UserKnownHostsFile="$state/known_hosts" -o IdentitiesOnly=yes \
		-o StrictHostKeyChecking=yes -o BatchMode=yes -o ConnectTimeout=10 "ops@$host" sh -s -- "$@"
}

for region; do
	case $region in
	cn) n=1 ;; sg) n=2 ;; us) n=3 ;; eu) n=4 ;;
	*) echo "there is no region $region; type cn, sg, us or eu" >&2 && exit 2 ;;
	esac
	begun=$(date +%s)
	on "10.78.0.1$n" "vernemq-release-$region-1" "10.0.0.$n" "$image" <<'REGION'
set -eu
name=$1 address=$2 image=$3

docker stop "$name"
docker rm "$name"
docker run --detach --name "$name" --hostname "$name" --restart unless-stopped \
	--publish 1883:1883 --publish 1889:1889 --publish 1900:1900 \
	--volume /etc/vernemq:/etc/vernemq \
	--volume /data/server/docker/vernemq/log:/var/log/vernemq \
	--volume /data/server/docker/vernemq/data:/var/lib/vernemq \
	"$image"
weave attach "$address/24" "$name"

# Half a minute for the broker to answer.
for second in $(seq 30); do
	docker exec "$name" vernemq ping >/dev/null 2>&1 && break
	[ "$second" -lt 30 ] || { echo "$name does not answer" >&2; exit 1; }
	sleep 1
done

# The cluster port, 44053 in hexadecimal, is bound once, at the start. A broker
# that was faster than its address does not try again; it is told to.
for second in $(seq 10); do
	docker exec "$name" grep -q ':AC15 00000000:0000 0A' /proc/net/tcp && break
	[ "$second" -lt 10 ] || {
		cookie=$(sed -n 's/^distributed_cookie *= *//p' /etc/vernemq/vernemq.conf)
		docker exec "$name" vernemq escript /usr/lib/vernemq/bin/nodetool -name "VerneMQ@$address" -setcookie "$cookie" \
			rpcterms vmq_ranch_config start_listener "vmq. {$(echo "$address" | tr . ,)}. 44053. []. "
		docker exec "$name" grep -q ':AC15 00000000:0000 0A' /proc/net/tcp || { echo "$name has no cluster port" >&2; exit 1; }
	}
	sleep 1
done
REGION
	echo "$region: $(($(date +%s) - begun)) s"
done
