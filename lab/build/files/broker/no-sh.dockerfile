# The broker and nothing else, as a distroless image has it: no sh, no grep.
FROM airdroid/vernemq:2.1.2
RUN ["/usr/bin/busybox", "rm", "-rf", "/usr/bin"]
