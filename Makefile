# Every target installs what it needs. `make help` lists them.
SHELL := /bin/bash
GOLANGCI := v2.15.0
BIN := .bin
LAB := $(BIN)/lab
BOT := $(BIN)/bot
# Three packages at a time: those that take longest, which begin first, wait for servers
# of their own more than they work. The tests make much garbage and live short.
TESTFLAGS ?= -count=1 -p 3 -timeout 25m
LONGEST := ./scripts ./bot ./demo ./cmd/bot ./executor/ship ./watch
test race: export GOGC ?= 400
# Everything is compiled once: the tests as what they start.
test: export CGO_ENABLED := 0
test: export GOFLAGS := $(strip $(shell go env GOFLAGS) -trimpath)
LABFLAGS ?=
# HTTP/2 is half a megabyte that no door of the bot needs and no test speaks.
BOTFLAGS := -trimpath -tags nethttpomithttp2

.PHONY: help demo screenshots local-slack build bot test darwin race lint lab-up lab-test lab-down bench bench-ship bench-rolling docs image image-test prerequisites run release release-test clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build: bot ## build bot and lab into .bin
	CGO_ENABLED=0 go build -trimpath -o $(LAB) ./lab/cmd/lab

bot: # without the lab, which the demo does not need
	@mkdir -p $(BIN)
	CGO_ENABLED=0 go build $(BOTFLAGS) -o $(BOT) ./cmd/bot

prerequisites: ## install what the tests start for real: sshd, dockerd, prometheus, postgres, docker-compose
	@scripts/prerequisites.sh sshd=openssh-server sftp=openssh-client dockerd=docker.io flock=util-linux busybox=busybox ps=procps bash=bash zsh=zsh fish=fish mandoc=mandoc ip=iproute2 nsenter=util-linux setpriv=util-linux dash=dash curl=curl wget=wget mount=mount chromium=chromium prometheus=prometheus promtool=prometheus prometheus-alertmanager=prometheus-alertmanager pg_ctlcluster=postgresql docker-compose=docker-compose

local-slack: ## the Slack of the tests, pinned, into a cache folder
	@scripts/prerequisites.sh npm=npm
	@scripts/local-slack.sh

test: prerequisites local-slack build ## test everything that needs no lab; lint vets it
	GOOS=darwin go build ./sim/... ./executor/wire
	scripts/in-memory.sh go test $(TESTFLAGS) -vet=off $(LONGEST) ./...

darwin: ## the whole bot for macOS; test builds what of it depends on the system
	@mkdir -p $(BIN)
	CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 go build $(BOTFLAGS) -o $(BIN)/bot-darwin ./cmd/bot

race: prerequisites local-slack ## the same tests under the race detector
	scripts/in-memory.sh go test $(TESTFLAGS) -race $(LONGEST) ./...

$(BIN)/golangci-lint-$(GOLANGCI):
	@mkdir -p $(BIN)
	GOBIN=$(CURDIR)/$(BIN) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)
	@mv $(BIN)/golangci-lint $@

lint: $(BIN)/golangci-lint-$(GOLANGCI) ## golangci-lint: go vet, and the walls between rooms
	$(BIN)/golangci-lint-$(GOLANGCI) run --build-tags lab,bench ./...

lab-up: build ## a real fleet on this machine: sshd, dockerd, Weave Net
	$(LAB) up

lab-test: lab-up local-slack ## every script of scripts/ against the lab; RECORD=1 notes which passed
	go test -tags lab -count=1 -v -timeout 110m -run TestLab $(LABFLAGS) ./scripts $(if $(RECORD),-record $(CURDIR)/commands/inlab.txt)

lab-down: build ## take the fleet away
	$(LAB) down

demo: local-slack bot ## the whole product on this machine, in a browser
	@$(BOT) demo

run: lab-up ## the main job: break cn as a docker restart does, and repair it
	$(LAB) exec cn docker restart vernemq-release-cn-1
	@until $(LAB) exec cn docker exec vernemq-release-cn-1 grep -q ':075B 00000000:0000 0A' /proc/net/tcp 2>/dev/null; do sleep 1; done # until the broker takes clients again
	-$(BOT) run --config lab/fleet.yaml -- diagnose cn
	$(BOT) run --config lab/fleet.yaml --yes -- reattach cn
	$(BOT) run --config lab/fleet.yaml -- status

bench: lab-up local-slack ## the figures of docs/benchmarks.md, beside their peers
	@scripts/prerequisites.sh sshd=openssh-server docker=docker.io parallel-ssh=pssh clush=clustershell ansible=ansible-core
	go test -tags bench -count=1 -v -timeout 30m -skip 'TestRollingDeploy|TestShip' ./bench
	go test -count=1 -v -run TestAcknowledgedAtOnce ./bot
	go test -count=1 -run '^$$' -bench Journal ./store

bench-ship: ## an image through a jump host at the end of a poor line, beside its peers; needs no lab
	@scripts/prerequisites.sh sshd=openssh-server docker=docker.io dockerd=docker.io skopeo=skopeo zstd=zstd
	go test -tags bench -count=1 -v -timeout 40m -run 'TestShip$$' ./bench

ROLLS ?= 1
bench-rolling: lab-up ## a rolling deploy under traffic, beside a plain script, in one run: ROLLS times each
	go test -tags bench -count=1 -v -timeout 120m -run TestRollingDeploy ./bench -rolls $(ROLLS)

docs: ## write the generated pages of docs again: commands.md, fleet.md, manual.md, runbooks
	go generate ./...

BASE ?= golang:1.26
screenshots: prerequisites local-slack ## the pictures of docs/screens, from a browser before the Slack of the tests
	@scripts/prerequisites.sh chromium=chromium
	go test ./bot -count=1 -run BeforeThePage -screenshots $(CURDIR)/docs/screens
	go test ./demo -count=1 -run 'TheDemo$$' -screenshots $(CURDIR)/docs/screens

image: ## the container image; BASE is the image that it is built in
	docker build --build-arg BASE=$(BASE) -t vmqbot .

image-test: prerequisites ## build the image in a Docker engine of its own, without a network, and run it
	go test -tags image -count=1 -v -timeout 30m -run TestTheImageIsBuilt ./cmd/bot

VERSION ?= 0.1.0
release: ## binaries, Debian packages, bill of materials and checksums into dist/
	@scripts/release.sh "$(VERSION)" dist

release-test: release build prerequisites local-slack ## lintian; the package installed, started and purged here; the guard under a real systemd
	@scripts/prerequisites.sh lintian=lintian systemd-analyze=systemd adduser=adduser
	go test -tags release -count=1 -v -run "TestThePackage|UnderSystemd" ./cmd/bot

clean: ## remove what was built
	rm -rf $(BIN)
