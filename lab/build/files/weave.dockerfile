FROM scratch
LABEL works.weave.role="system" org.opencontainers.image.title="Weave Net"
COPY tree /
ENTRYPOINT ["/home/weave/weaver"]
WORKDIR /home/weave
