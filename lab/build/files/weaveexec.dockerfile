FROM weaveworks/weave:%s
LABEL org.opencontainers.image.title="weaveexec"
ENTRYPOINT ["/home/weave/sigproxy", "/home/weave/weave"]
COPY tree /
WORKDIR /home/weave
