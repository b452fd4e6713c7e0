# One static binary on nothing. BASE is any image with Go 1.26 or newer in it;
# the result holds neither a shell nor a package.
ARG BASE=golang:1.26
FROM ${BASE} AS build
WORKDIR /src
COPY . .
ENV CGO_ENABLED=0 PATH=/usr/local/go/bin:/usr/bin:/bin
RUN go build -tags nosim,nethttpomithttp2 -trimpath -ldflags="-s -w" -o /out/bot ./cmd/bot && mkdir -p /out/state

FROM scratch
COPY --from=build /out/bot /bot
COPY --from=build --chown=65532:65532 /out/state /state
USER 65532:65532
ENV HOME=/state XDG_STATE_HOME=/state
WORKDIR /config
HEALTHCHECK --interval=30s --timeout=5s CMD ["/bot", "healthcheck", "--config", "/config/fleet.yaml"]
ENTRYPOINT ["/bot"]
