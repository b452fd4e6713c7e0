# The programs of another processor: executing one says "exec format error". The
# architecture of the image itself is written by hand, for docker build of 20.10 does not.
FROM airdroid/vernemq:2.1.2
COPY foreign /usr/bin/busybox
COPY foreign /usr/lib/vernemq/erts-10/bin/beam.smp
COPY foreign /usr/lib/vernemq/lib/standin
