# A build whose schema lacks a setting of the lab's vernemq.conf: chkconfig refuses the file.
FROM airdroid/vernemq:2.1.2
ENV VERNEMQ_SCHEMA_LACKS=metadata_plugin
