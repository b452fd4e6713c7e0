# The same program as an older version: it speaks as that one.
FROM airdroid/vernemq:2.1.2
ENV VERNEMQ_VERSION=1.6.1
