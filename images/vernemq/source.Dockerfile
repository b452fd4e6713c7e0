# Makes a release archive of VerneMQ's sources, for the Dockerfile beside it. It
# needs a network: rebar3 fetches what VerneMQ is made of. Unproven: nobody has run it.
#
#   docker build -f source.Dockerfile --build-arg VERSION=2.1.2 -t vernemq-release .
#   docker create --name r vernemq-release x; docker cp r:/release.tar.gz .; docker rm r
ARG ERLANG=erlang:26-slim
FROM ${ERLANG} AS build
ARG VERSION
RUN apt-get update -q && apt-get install -q -y --no-install-recommends git make g++ libssl-dev libsnappy-dev ca-certificates
RUN git clone --depth 1 --branch "$VERSION" https://github.com/vernemq/vernemq.git /src
WORKDIR /src
RUN make rel && tar -C _build/default/rel/vernemq --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -czf /release.tar.gz .

FROM scratch
COPY --from=build /release.tar.gz /
