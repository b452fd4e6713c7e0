# Everything answers but the virtual machine, which dies a second after its start.
FROM airdroid/vernemq:2.1.2
COPY broken.sh /usr/lib/vernemq/erts-10/bin/beam.smp
RUN for l in erts-10/bin/escript bin/nodetool bin/vernemq bin/vmq-admin; do ln -sf /usr/lib/vernemq/lib/standin /usr/lib/vernemq/$l; done; \
	for l in vernemq vmq-admin start_vernemq; do ln -sf /usr/lib/vernemq/lib/standin /usr/sbin/$l; done
