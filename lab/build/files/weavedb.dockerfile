FROM scratch
LABEL works.weave.role="system" org.opencontainers.image.title="weavedb"
ENTRYPOINT ["data-only"]
COPY Dockerfile /
