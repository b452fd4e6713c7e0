package regions_test

import (
	"errors"
	"strings"
	"testing"

	"vmqbot/regions"
)

// small is the least file with two nodes; every row breaks one thing in it.
const small = `cluster: release
image: airdroid/vernemq:1.6.1
network: {subnet: 10.0.0.0/24}
regions:
  cn:
    nodes:
      cn-1:
        host: 203.0.113.10
        container: vernemq-release-cn-1
        address: 10.0.0.1/24
      cn-2: {host: 203.0.113.11, container: vernemq-release-cn-2, address: 10.0.0.2/24}
`

// refusals are sorted as the file is; change is "old -> new" in small, or
// text to add at its end.
var refusals = []struct{ change, want string }{
	{"cluster: release -> cluster: Release", "1: cluster Release is not a name. Write at most 63 lower-case letters, digits and dashes, as cn-1."},
	{"cluster: release -> cluster: all", "1: cluster all is reserved: it means every node. Choose another name."},
	{"cluster: release -> cluster:", "1: cluster has no value. Write a value or remove the line."},
	{"cluster: release -> cluster: [a]", "1: cluster is not one value. Write at most 63 lower-case letters, digits and dashes, as cn-1."},
	{"cluster: release -> cluster: &a release", "1: cluster uses an anchor, an alias, a merge or a tag. Write the value out."},
	{"cluster: release -> cluster: ${env:VERNEMQ_COOKIE}", "1: cluster holds a reference; only conf values, secrets and addresses of web services may. Write the value itself."},
	{"cluster: release -> clutser: release", "1: clutser is not a key of the fleet file. Write cluster."},
	{"cluster: release\n -> ", "1: cluster is missing. Add it; the example shows how."},
	{"image: airdroid/vernemq:1.6.1 -> image: Airdroid/vernemq:1.6.1 x", `2: image "Airdroid/vernemq:1.6.1 x" is not an image reference. Write repository:tag, as airdroid/vernemq:1.6.1.`},
	{"image: airdroid/vernemq:1.6.1 -> image: Airdroid/vernemq:1.6.1", "2: image Airdroid/vernemq:1.6.1 is not an image reference. Write repository:tag, as airdroid/vernemq:1.6.1."},
	{"image: airdroid/vernemq:1.6.1 -> image: vernemq:1.6.1@sha256:12", "2: image vernemq:1.6.1@sha256:12 is not an image reference. Write repository:tag, as airdroid/vernemq:1.6.1."},
	{"{subnet: 10.0.0.0/24} -> {driver: flannel, subnet: 10.0.0.0/24}", "3: network.driver flannel is not known. Write weave."},
	{"{subnet: 10.0.0.0/24} -> {driver: weave}", "3: network.subnet is missing. Add it; the example shows how."},
	{"{subnet: 10.0.0.0/24} -> 10.0.0.0/24", "3: network is not a map. Write keys and values below it, indented or in braces."},
	{"{subnet: 10.0.0.0/24} -> {subnet: 10.0.0.1/24}", "3: network.subnet 10.0.0.1/24 is an address inside a network, not the network. Write 10.0.0.0/24."},
	{"{subnet: 10.0.0.0/24} -> {subnet: 10.0.0.0}", "3: network.subnet 10.0.0.0 is not a network. Write an IPv4 network with its length, as 10.0.0.0/24."},
	{"{subnet: 10.0.0.0/24} -> {subnet: fd00::/64}", "3: network.subnet fd00::/64 is IPv6, and Weave Net carries IPv4 only. Write an IPv4 network with its length, as 10.0.0.0/24."},
	{"{subnet: 10.0.0.0/24} -> {subnet: 10.0.0.0/31}", "3: network.subnet 10.0.0.0/31 has no length from 8 to 30. Write an IPv4 network with its length, as 10.0.0.0/24."},
	{"{subnet: 10.0.0.0/24} -> {subnet: 127.0.0.0/8}", "3: network.subnet 127.0.0.0/8 is a range that hosts cannot use. Write an IPv4 network with its length, as 10.0.0.0/24."},
	{"{subnet: 10.0.0.0/24} -> {subnet: 10.0.0.0/24, mut: 1376}", "3: network.mut is not a key of the fleet file. Write mtu."},
	{"{subnet: 10.0.0.0/24} -> {subnet: 10.0.0.0/24, mtu: 9000}", "3: network.mtu 9000 is not a number from 576 to 8950. Write a whole number from 576 to 8950."},
	{"{subnet: 10.0.0.0/24} -> {subnet: 10.0.0.0/24, range: 10.0.0.0/16}", "3: network.range 10.0.0.0/16 holds planned addresses. Write a network outside network.subnet 10.0.0.0/24, as 10.32.0.0/12."},
	{"{subnet: 10.0.0.0/24} -> {subnet: 10.0.0.0/24, range: 10.32.0.1/12}", "3: network.range 10.32.0.1/12 is an address inside a network, not the network. Write 10.32.0.0/12."},
	{"{subnet: 10.0.0.0/24} -> {subnet: 10.0.0.0/24, password: hunter2}", "3: network.password is a secret and stands here in clear. Write ${env:NAME} or ${file:PATH}."},
	{"{subnet: 10.0.0.0/24} -> {subnet: 10.0.0.0/24, password: \"${env:LINES}\"}", "3: network.password holds more than one line. Choose a password of printable characters."},
	{"{subnet: 10.0.0.0/24} -> {subnet: 10.0.0.0/24, kit: -x}", "3: network.kit -x is not a path. Write a path on this machine, as ~/.ssh/id_ed25519."},
	{"host: 203.0.113.10 -> host: 203.0.113.10\n        peer: 203.0.113.10:6783", "9: node cn-1: peer 203.0.113.10:6783 is not a host. Write a DNS name or an address alone, as 203.0.113.10; user and port belong to ssh.user and ssh.port."},
	{"  cn:\n -> \tcn:\n", "5: this is not YAML: found character '\t' that cannot start any token. Look at the indentation, colons and quotes of this line and the one above."},
	{"  cn:\n ->   Cn:\n", "5: region Cn is not a name. Write at most 63 lower-case letters, digits and dashes, as cn-1."},
	{"  cn:\n ->   all:\n", "5: region all is reserved: it means every node. Choose another name."},
	{"  cn:\n ->   cn:\n    tittle: China\n", "6: region cn: tittle is not a key of the fleet file. Write title."},
	{"  cn:\n ->   cn:\n    title: \"a\\u200bb\"\n", `6: region cn: title "a\u200bb" is not a title. Write up to 60 printable characters on one line, as China.`},
	{"      cn-1: ->       all:", "7: node all is reserved: it means every node. Choose another name."},
	{"      cn-1: ->       cn_1:", "7: node cn_1 is not a name. Write at most 63 lower-case letters, digits and dashes, as cn-1."},
	{"      cn-1: ->       cn:", "7: node cn has the name of another region. Give each node and region a name of its own."},
	{"        host: 203.0.113.10\n -> ", "7: node cn-1: host is missing. Add it; the example shows how."},
	{"        container: vernemq-release-cn-1\n -> ", "7: node cn-1: container is missing. Add it; the example shows how."},
	{"        address: 10.0.0.1/24\n -> ", "7: node cn-1: address is missing. Add it; the example shows how."},
	{"host: 203.0.113.10 -> host: -oProxyCommand=x", "8: node cn-1: host -oProxyCommand=x is not a host. Write a DNS name or an address alone, as 203.0.113.10; user and port belong to ssh.user and ssh.port."},
	{"host: 203.0.113.10 -> host: \"h;reboot\"", "8: node cn-1: host h;reboot is not a host. Write a DNS name or an address alone, as 203.0.113.10; user and port belong to ssh.user and ssh.port."},
	{"host: 203.0.113.10 -> host: \"a\\nb\"", `8: node cn-1: host "a\nb" is not a host. Write a DNS name or an address alone, as 203.0.113.10; user and port belong to ssh.user and ssh.port.`},
	{"host: 203.0.113.10 -> host: a b", `8: node cn-1: host "a b" is not a host. Write a DNS name or an address alone, as 203.0.113.10; user and port belong to ssh.user and ssh.port.`},
	{"host: 203.0.113.10 -> host: 203.0.113.300", "8: node cn-1: host 203.0.113.300 is not a host. Write a DNS name or an address alone, as 203.0.113.10; user and port belong to ssh.user and ssh.port."},
	{"host: 203.0.113.10 -> host: ops@203.0.113.10", "8: node cn-1: host ops@203.0.113.10 is not a host. Write a DNS name or an address alone, as 203.0.113.10; user and port belong to ssh.user and ssh.port."},
	{"container: vernemq-release-cn-1 -> container: -v", "9: node cn-1: container -v is not a container name. Write letters, digits, dots, dashes and underscores, as vernemq-release-cn-1."},
	{"container: vernemq-release-cn-1 -> container: $(id)", "9: node cn-1: container $(id) is not a container name. Write letters, digits, dots, dashes and underscores, as vernemq-release-cn-1."},
	{"address: 10.0.0.1/24 -> address: 10.0.1.1/24", "10: node cn-1: address 10.0.1.1/24 is outside network.subnet 10.0.0.0/24. Write an address between 10.0.0.1/24 and 10.0.0.254/24."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.0/24", "10: node cn-1: address 10.0.0.0/24 is the network itself, not an address in it. Write an address between 10.0.0.1/24 and 10.0.0.254/24."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.255/24", "10: node cn-1: address 10.0.0.255/24 is the broadcast address of network.subnet 10.0.0.0/24. Write an address between 10.0.0.1/24 and 10.0.0.254/24."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.1/16", "10: node cn-1: address 10.0.0.1/16 has another length than network.subnet 10.0.0.0/24. Write an address between 10.0.0.1/24 and 10.0.0.254/24."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.1", "10: node cn-1: address 10.0.0.1 is not an address with its length. Write an address between 10.0.0.1/24 and 10.0.0.254/24."},
	{"address: 10.0.0.1/24 -> address: fd00::1/24", "10: node cn-1: address fd00::1/24 is IPv6, and Weave Net carries IPv4 only. Write an address between 10.0.0.1/24 and 10.0.0.254/24."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.1/24\n        port: 1", "11: node cn-1: port is not a key of the fleet file. Write host."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.1/24\n        host: b", "11: node cn-1: host stands twice, first in line 8. Keep one of them."},
	{"address: 10.0.0.2/24 -> address: 10.0.0.1/24", "11: node cn-2: address 10.0.0.1/24 is also that of node cn-1. Give each node its own."},
	{"203.0.113.11, container: vernemq-release-cn-2 -> 203.0.113.10, container: vernemq-release-cn-1", "11: node cn-2: container vernemq-release-cn-1 is also that of node cn-1 on the same host. Give each node its own."},
	{"cn-2: {host -> cn-1: {host", "11: region cn: nodes.cn-1 stands twice, first in line 7. Keep one of them."},
	{"  sg: {nodes: {cn-2: {host: h, container: sg, address: 10.0.0.3/24}}}\n", "12: node cn-2 has the name of another node. Give each node and region a name of its own."},
	{"  sg: {nodes: {}}\n", "12: region sg: nodes is empty. Write at least one node."},
	{"  sg: {title: Singapore}\n", "12: region sg: nodes is missing. Add it; the example shows how."},
	{"  sg: 1\n", "12: region sg is not a map. Write keys and values below it, indented or in braces."},
	{"cluster: again\n", "12: cluster stands twice, first in line 1. Keep one of them."},
	{"<<: {a: 1}\n", "12: the fleet file has a key that is not a word. Write a plain word before the colon."},
	{"relay: {host: 'a b'}\n", `12: relay.host "a b" is not a host. Write a DNS name or an address alone, as 203.0.113.10; user and port belong to ssh.user and ssh.port.`},
	{"ssh: {user: -l}\n", "12: ssh.user -l is not a user name. Write a login name, as ops."},
	{"ssh: {port: 70000}\n", "12: ssh.port 70000 is not a number from 1 to 65535. Write a whole number from 1 to 65535."},
	{"ssh: {sudo: maybe}\n", "12: ssh.sudo maybe is neither true nor false. Write true or false."},
	{"ssh: {key: ~root/key}\n", "12: ssh.key ~root/key is not a path. Write a path on this machine, as ~/.ssh/id_ed25519."},
	{"ssh: {jump: 'a b'}\n", `12: ssh.jump "a b" is not a jump host. Write [user@]host[:port], as ops@jump.example.net:22, or "" for none.`},
	{"ssh: {lock_dir: tmp}\n", "12: ssh.lock_dir tmp is not an absolute path. Write a clean path from the root, without colons, as /etc/vernemq."},
	{"container: {ports: [1883, 0]}\n", "12: container.ports 0 is not a number from 1 to 65535. Write a whole number from 1 to 65535."},
	{"container: {ports: [1883, 1883]}\n", "12: container.ports names 1883 twice. Write each port once."},
	{"container: {volumes: {data: data}}\n", "12: container.volumes.data data is not an absolute path. Write a clean path from the root, without colons, as /etc/vernemq."},
	{"container: {volumes: {data: /a/../b}}\n", "12: container.volumes.data /a/../b is not an absolute path. Write a clean path from the root, without colons, as /etc/vernemq."},
	{"container: {volumes: {data: /a, log: /a}}\n", "12: container.volumes mounts one folder twice. Give each volume a folder of its own."},
	{"container: {release: usr}\n", "12: container.release usr is not an absolute path. Write a clean path from the root, without colons, as /etc/vernemq."},
	{"conf: {nodename: VerneMQ@10.0.0.1}\n", "12: conf.nodename cannot be the same for every node. Remove the line, or write it under each node's conf."},
	{"conf: {listener.vmq.clustering: 10.0.0.1:44053}\n", "12: conf.listener.vmq.clustering cannot be the same for every node. Remove the line, or write it under each node's conf."},
	{"conf:\n  listener.vmq.clustering: 0.0.0.0:44053\n", "13: conf.listener.vmq.clustering 0.0.0.0:44053 makes every peer dial itself, so no message crosses while cluster show is true. Write ADDRESS:44053 under each node's conf, or remove the line."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.1/24\n        conf: {nodename: VerneMQ@10.0.0.2}", "11: node cn-1: conf.nodename VerneMQ@10.0.0.2 is not the node's address. Write VerneMQ@10.0.0.1, or remove the line."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.1/24\n        conf: {nodename: broker@10.0.0.1}", "11: node cn-1: conf.nodename broker@10.0.0.1 is not the node's address. Write VerneMQ@10.0.0.1, or remove the line."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.1/24\n        conf: {listener.vmq.clustering: '0.0.0.0:44053'}", "11: node cn-1: conf.listener.vmq.clustering 0.0.0.0:44053 makes every peer dial itself, so no message crosses while cluster show is true. Write 10.0.0.1:44053, or remove the line."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.1/24\n        conf: {listener.vmq.clustering: '10.0.0.1:44054'}", "11: node cn-1: conf.listener.vmq.clustering 10.0.0.1:44054 is not the node's address with port 44053. Write 10.0.0.1:44053, or remove the line."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.1/24\n        conf: {listener.vmq.clustering: '${env:VERNEMQ_COOKIE}'}", "11: node cn-1: conf.listener.vmq.clustering [redacted] is not the node's address with port 44053. Write 10.0.0.1:44053, or remove the line."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.1/24\n        conf: {distributed_cookie: '${env:VERNEMQ_COOKIE}'}", "12: node cn-2 has another distributed_cookie than node cn-1, so they cannot form a cluster. Write one distributed_cookie under the top-level conf."},
	{"conf: {distributed_cookie: hunter2}\n", "12: conf.distributed_cookie is a secret and stands here in clear. Write ${env:NAME} or ${file:PATH}."},
	{"conf: {vmq_diversity.mysql.password: hunter2}\n", "12: conf.vmq_diversity.mysql.password is a secret and stands here in clear. Write ${env:NAME} or ${file:PATH}."},
	{"conf: {vmq_webhooks.webhook1.endpoint: 'http://u:hunter2@h/'}\n", "12: conf.vmq_webhooks.webhook1.endpoint is a secret and stands here in clear. Write ${env:NAME} or ${file:PATH}."},
	{"conf: {distributed_cookie: '${env:MISSING}'}\n", "12: conf.distributed_cookie: ${env:MISSING} cannot be resolved: it is not set. Set the environment variable MISSING."},
	{"conf: {distributed_cookie: '${file:/nowhere}'}\n", "12: conf.distributed_cookie: ${file:/nowhere} cannot be resolved: it is not set. Write the secret into /nowhere on this machine."},
	{"conf: {distributed_cookie: '${env:EMPTY}'}\n", "12: conf.distributed_cookie: ${env:EMPTY} is empty. Set the environment variable EMPTY."},
	{"conf: {distributed_cookie: '${env:HASH}'}\n", "12: conf.distributed_cookie holds a #, and VerneMQ drops what follows it. Choose a value without #."},
	{"conf: {a: '${vault:x}'}\n", "12: conf.a holds a reference that is not complete or of an unknown kind. Write ${env:NAME} or ${file:PATH}."},
	{"conf: {a: '${env:A B}'}\n", `12: conf.a: "${env:A B}" is not a reference. Write ${env:NAME} or ${file:PATH}.`},
	{"conf: {a: ${env:A}}\n", `12: this is not YAML: ',' or '}' must be specified. Inside braces, put a reference into quotes: "${env:NAME}".`},
	{"conf: {listener.tcp.default: '0.0.0.0:99999'}\n", "12: conf.listener.tcp.default 0.0.0.0:99999 has no port from 1 to 65535. Write ADDRESS:PORT with a port from 1 to 65535, as 0.0.0.0:1883."},
	{"conf:\n  listener.http.default: 127.0.0.1:0\n", "13: conf.listener.http.default 127.0.0.1:0 has no port from 1 to 65535. Write ADDRESS:PORT with a port from 1 to 65535, as 0.0.0.0:1883."},
	{"address: 10.0.0.1/24 -> address: 10.0.0.1/24\n        conf: {listener.ws.w: '0.0.0.0:-1'}", "11: node cn-1: conf.listener.ws.w 0.0.0.0:-1 has no port from 1 to 65535. Write ADDRESS:PORT with a port from 1 to 65535, as 0.0.0.0:1883."},
	{"conf: {a: \"b\\nc\"}\n", "12: conf.a is not one line of printable text. Write printable characters on one line, without blanks around them."},
	{"conf: {a: [1]}\n", "12: conf.a is not one value. Write one value, as typed into vernemq.conf."},
	{"conf: {'a b': 1}\n", `12: conf."a b" is not a key of vernemq.conf. Write keys as in vernemq.conf, as listener.tcp.default.`},
	{"mqtt: {port: x}\n", "12: mqtt.port x is not a number from 1 to 65535. Write a whole number from 1 to 65535."},
	{"mqtt: {username: a, password: hunter2}\n", "12: mqtt.password is a secret and stands here in clear. Write ${env:NAME} or ${file:PATH}."},
	{"mqtt: {password: '${env:VERNEMQ_COOKIE}'}\n", "12: mqtt has a password and no username, which MQTT 3.1.1 cannot send. Add mqtt.username."},
	{"mqtt: {topic: 'a/#'}\n", "12: mqtt.topic a/# is not a topic prefix. Write levels without wildcards, as vmqbot/probe."},
	{"mqtt: {timeout: 5}\n", "12: mqtt.timeout 5 is not a length of time. Write a number with its unit, as 30s, 5m or 1h."},
	{"mqtt: {timeout: -5s}\n", "12: mqtt.timeout -5s is not between 100ms and 1m0s. Write a length of time between 100ms and 1m0s."},
	{"slack: {channel: '#ops'}\n", "12: slack.channel #ops is not a Slack channel id. Write the channel's id, as C0123ABCD, not its name."},
	{"slack: {alerts: {sn: C0123}}\n", "12: slack.alerts.sn is not a region. Write a region of this file, or all."},
	{"slack: {alerts: {cn: '#china'}}\n", "12: slack.alerts.cn #china is not a Slack channel id. Write the channel's id, as C0123ABCD, not its name."},
	{"slack: {team: acme}\n", "12: slack.team acme is not a Slack team id. Write the workspace's id, as T01ABCD."},
	{"roles: {owner: [U01]}\n", "12: roles.owner is not a role. Write viewer, operator or admin."},
	{"roles: {admin: [ana]}\n", "12: roles.admin ana is not a Slack id. Write a user id, as U012AB3CD, or a user-group id, as S0ONCALL."},
	{"roles: {admin: [U01, U01]}\n", "12: roles.admin names U01 twice. Write each id once."},
	{"roles: {admin: {a: b}}\n", "12: roles.admin is not a list. Write [one, two] or one value."},
	{"approval: {Deploy: {approvers: U01}}\n", "12: approval.Deploy is not a verb. Write the verb as it is typed, as reattach or conf push."},
	{"approval: {conf push cn: {approvers: U01}}\n", `12: approval."conf push cn" is not a verb. Write the verb as it is typed, as reattach or conf push.`},
	{"approval: {deploy: {count: 1}}\n", "12: approval.deploy.approvers is missing. Add it; the example shows how."},
	{"approval: {deploy: {approvers: U01, count: 0}}\n", "12: approval.deploy.count 0 is not a number from 1 to 20. Write a whole number from 1 to 20."},
	{"approval: {deploy: {approvers: [U01, U02], count: 3}}\n", "12: approval.deploy needs 3 voices and its approvers are 2. Lower count or add approvers."},
	{"approval: {deploy: {approvers: U01, in: {us: {count: 1}}}}\n", "12: approval.deploy.in.us is not a region. Write a region of this file, or all."},
	{"approval: {deploy: {approvers: U01, in: {cn: {count: 2}}}}\n", "12: approval.deploy.in.cn needs 2 voices and its approvers are 1. Lower count or add approvers."},
	{"rights: {leave: {us: U01}}\n", "12: rights.leave.us is not a region. Write a region of this file, or all."},
	{"rights: {leave: {cn: ana}}\n", "12: rights.leave.cn ana is not a Slack id. Write a user id, as U012AB3CD, or a user-group id, as S0ONCALL."},
	{"rights: {Leave: {cn: U01}}\n", "12: rights.Leave is not a verb. Write the verb as it is typed, as reattach or conf push."},
	{"approval: {deploy: {approvers: U01, expires: soon}}\n", "12: approval.deploy.expires soon is not a length of time. Write a number with its unit, as 30s, 5m or 1h."},
	{"rolling: {canary: us}\n", "12: rolling.canary us is not a region. Write a region of this file, or remove the line."},
	{"rolling: {canary: cn-1}\n", "12: rolling.canary cn-1 is not a region. Write a region of this file, or remove the line."},
	{"rolling: {canary: [cn]}\n", "12: rolling.canary is not one value. Write at most 63 lower-case letters, digits and dashes, as cn-1."},
	{"rolling: {first: cn}\n", "12: rolling.first is not a key of the fleet file. Write one of canary."},
	{"checks: {sweep: 0s}\n", "12: checks.sweep 0s is not between 1s and 24h0m0s. Write a length of time between 1s and 24h0m0s."},
	{"checks: {heal: {ip: always}}\n", "12: checks.heal.ip always is not known. Write off or suggest or auto."},
	{"checks: {heal: {IP: auto}}\n", "12: checks.heal.IP is not a check. Write the check's name, as ip."},
	{"checks: {neutral: ['one.one.one.one']}\n", "12: checks.neutral one.one.one.one is not a place with a port. Write a DNS name or an address and a port, as one.one.one.one:443."},
	{"checks: {neutral: ['one.one.one.one:70000']}\n", "12: checks.neutral one.one.one.one:70000 is not a place with a port. Write a DNS name or an address and a port, as one.one.one.one:443."},
	{"checks: {runbook: docs/runbooks/checks.md}\n", "12: checks.runbook is not the address of a web service. Write http:// or https://, a host and a path."},
	{"checks: {runbook: 'https://ana:hunter2@a/b'}\n", "12: checks.runbook holds a user name. Write username and password as keys of their own."},
	{"checks: {runbook: 'https://a/b#ip'}\n", "12: checks.runbook is not the address of a web service. Write http:// or https://, a host and a path."},
	{"checks: {runbook: 'https://a/b|c'}\n", "12: checks.runbook is not the address of a page. Write http:// or https://, a host and a path."},
	{"checks: {runbook: '${env:HOOK_URL}'}\n", "12: checks.runbook holds a reference, and everybody is to read it. Write the address itself."},
	{"checks: {budget: {hour: 0}}\n", "12: checks.budget.hour 0 is not a number from 1 to 1000. Write a whole number from 1 to 1000."},
	{"checks: {budget: {day: many}}\n", "12: checks.budget.day many is not a number from 1 to 10000. Write a whole number from 1 to 10000."},
	{"checks: {budget: {hour: 8}}\n", "12: checks.budget allows 8 in an hour and 7 in a day. Raise day or lower hour."},
	{"checks: {budget: {pause: 2h}}\n", "12: checks.budget.pause 2h is not between 0s and 1h0m0s. Write a length of time between 0s and 1h0m0s."},
	{"checks: {flapping: 3}\n", "12: checks.flapping 3 is not a number from 4 to 10000. Write a whole number from 4 to 10000."},
	{"oncall: {us: {people: U01}}\n", "12: oncall.us is not a region. Write a region of this file, or all."},
	{"oncall: {cn: {people: S0ONCALL}}\n", "12: oncall.cn.people S0ONCALL is not a Slack user id. Write a user's id, as U012AB3CD, not a name."},
	{"oncall: {cn: {group: U01}}\n", "12: oncall.cn.group U01 is not a Slack user-group id. Write a user group's id, as S0ONCALL; single people stand under people."},
	{"oncall: {cn: {people: [U01, U01]}}\n", "12: oncall.cn.people names U01 twice. Write each id once."},
	{"oncall: [U01]\n", "12: oncall is not a map. Write keys and values below it, indented or in braces."},
	{"receivers: {Pager: {kind: webhook}}\n", "12: receivers.Pager is not a name for a receiver. Write a name of its own, as pager."},
	{"receivers: {speech: {kind: webhook}}\n", "12: receivers.speech is not a name for a receiver. Write a name of its own, as pager."},
	{"receivers: {a: {kind: opsgenie}}\n", "12: receivers.a.kind opsgenie is not known. Write alertmanager or pagerduty or webhook."},
	{"receivers: {a: {url: http://a}}\n", "12: receivers.a.kind is missing. Add it; the example shows how."},
	{"receivers: {a: {kind: alertmanager}}\n", "12: receivers.a.url is missing. Add it; the example shows how."},
	{"receivers: {a: {kind: alertmanager, url: 127.0.0.1:9093}}\n", "12: receivers.a.url is not the address of a web service. Write http:// or https://, a host and a path."},
	{"receivers: {a: {kind: alertmanager, url: 'http://ana:hunter2@a'}}\n", "12: receivers.a.url holds a user name. Write username and password as keys of their own."},
	{"receivers: {a: {kind: pagerduty, routing_key: hunter2}}\n", "12: receivers.a.routing_key is a secret and stands here in clear. Write ${env:NAME} or ${file:PATH}."},
	{"receivers: {a: {kind: pagerduty, secret: '${env:TICKETS_SECRET}'}}\n", "12: receivers.a.secret is not a key of the fleet file. Write one of kind, routing_key, url."},
	{"receivers: {a: {kind: webhook, url: 'https://a', secret: '${env:EMPTY}'}}\n", "12: receivers.a.secret: ${env:EMPTY} is empty. Set the environment variable EMPTY."},
	{"deadman: {every: 1m}\n", "12: deadman.url is missing. Add it; the example shows how."},
	{"deadman: {url: 'https://a/b', every: 1s}\n", "12: deadman.every 1s is not between 10s and 1h0m0s. Write a length of time between 10s and 1h0m0s."},
	{"deadman: {url: 'https://a/b', method: PUT}\n", "12: deadman.method PUT is not known. Write GET or POST."},
	{"deadman: {url: 'ftp://a/b'}\n", "12: deadman.url is not the address of a web service. Write http:// or https://, a host and a path."},
	{"store: -x\n", "12: store -x is not a path. Write a path on this machine, as ~/.ssh/id_ed25519."},
	{"---\ncluster: b\n", "13: a second YAML document starts here. Write one file per cluster."},
}

func TestEachRefusalSaysWhatAndWhat(t *testing.T) {
	for _, row := range refusals {
		t.Run(row.change, func(t *testing.T) {
			_, err := regions.Load("fleet.yaml", []byte(broken(t, row.change)), resolve)
			if err == nil {
				t.Fatal("it was accepted")
			}
			if got, want := err.Error(), "fleet.yaml:"+row.want; got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), fakeSecret) {
				t.Errorf("the message holds a secret: %v", err)
			}
		})
	}
}

// broken applies one change to small.
func broken(t *testing.T, change string) string {
	t.Helper()
	from, to, replace := strings.Cut(change, " -> ")
	if !replace {
		return small + change
	}
	if !strings.Contains(small, from) {
		t.Fatalf("%q is not in the file", from)
	}
	return strings.Replace(small, from, to, 1)
}

func TestTheFirstProblemComesFirst(t *testing.T) {
	src := strings.ReplaceAll(small, "10.0.0.2/24", "10.9.0.2/24") + "color: red\nssh: {port: 0}\n"
	src = strings.Replace(src, "release\n", "Release\n", 1)
	_, err := regions.Load("f.yaml", []byte(src), resolve)
	ps := regions.Problems(err)
	var lines []int
	for _, p := range ps {
		lines = append(lines, p.Line)
	}
	if len(lines) != 4 || lines[0] != 1 || lines[1] != 11 || lines[2] != 12 || lines[3] != 13 {
		t.Errorf("problems in lines %v, want 1 11 12 13:\n%v", lines, err)
	}
	if first := (*regions.Problem)(nil); !errors.As(err, &first) || first.Line != 1 {
		t.Errorf("the first problem is %v", first)
	}
	if regions.Problems(errors.New("x")) != nil || regions.Problems(nil) != nil {
		t.Error("problems are found in another error")
	}
}

func TestWhatIsNoFleetFile(t *testing.T) {
	for src, want := range map[string]string{
		"":                                    "f:1: the fleet file is empty. Start from the example: cluster, image, network and regions are required.",
		"# nothing\n":                         "f:1: the fleet file is empty. Start from the example: cluster, image, network and regions are required.",
		"- a\n- b\n":                          "f:1: the fleet file is not a map of keys. Start from the example: cluster, image, network and regions are required.",
		"a\n":                                 "f:1: the fleet file is not a map of keys. Start from the example: cluster, image, network and regions are required.",
		"a: 1\nb: \xff\n":                     "f:2: the fleet file is not UTF-8 text. Save the file as UTF-8 text.",
		"a: 1\n\nb: \x00\n":                   "f:3: the fleet file is not UTF-8 text. Save the file as UTF-8 text.",
		"a: " + strings.Repeat("[", 101):      "f:1: the fleet file has more than 100 brackets inside each other. Write the file as the example does.",
		"a: " + strings.Repeat("x", 256*1024): "f:1: the fleet file is larger than 256 KiB. Write one file per cluster.",
	} {
		_, err := regions.Load("f", []byte(src), nil)
		if err == nil || err.Error() != want {
			t.Errorf("%.20q: got %v, want %s", src, err, want)
		}
	}
	for _, src := range []string{"\ufeff" + small, strings.ReplaceAll(small, "\n", "\r\n")} {
		if _, err := regions.Load("f", []byte(src), nil); err != nil {
			t.Errorf("an editor's habit is refused: %v", err)
		}
	}
	_, err := regions.Load("f", []byte(small+"conf: {a: '${env:X}'}\n"), nil)
	if err == nil || !strings.Contains(err.Error(), "cannot be resolved here") {
		t.Errorf("without a resolver: %v", err)
	}
}
