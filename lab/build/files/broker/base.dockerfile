FROM scratch
COPY tree /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin VERNEMQ_VERSION=2.1.2
EXPOSE 1883 1889 1900
CMD ["start_vernemq"]
