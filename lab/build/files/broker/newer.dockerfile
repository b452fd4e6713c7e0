# A later build that behaves as the one before: another image id, one small layer more.
FROM airdroid/vernemq:2.1.2
COPY newer.txt /usr/lib/vernemq/share/doc/CHANGES
LABEL org.opencontainers.image.version=2.1.3
