# gcr.io/distroless/...-debian13: a few Debian packages unpacked, their status under /var/lib/dpkg/status.d. Which, the recipe says.
FROM debian:bookworm AS unpack
ARG PACKAGES
RUN sed -i 's/bookworm/trixie/g' /etc/apt/sources.list && apt-get update
WORKDIR /debs
RUN apt-get download $PACKAGES
RUN mkdir -p /root-fs/var/lib/dpkg/status.d /root-fs/etc/ssl/certs /root-fs/home/nonroot /root-fs/root /root-fs/tmp \
    && for deb in *.deb; do \
         dpkg-deb -x "$deb" /root-fs; \
         status="/root-fs/var/lib/dpkg/status.d/$(dpkg-deb -f "$deb" Package)"; \
         dpkg-deb -f "$deb" > "$status"; \
         dpkg-deb -I "$deb" md5sums > "$status.md5sums" || rm "$status.md5sums"; \
       done \
    && for link in bin sbin lib lib64; do [ -e "/root-fs/$link" ] || ln -s "usr/$link" "/root-fs/$link"; done \
    && find /root-fs/usr/share/ca-certificates -name '*.crt' | sort | xargs cat > /root-fs/etc/ssl/certs/ca-certificates.crt \
    && for java in /root-fs/usr/lib/jvm/*/bin/java; do \
         if [ -e "$java" ]; then ln -sf "${java#/root-fs}" /root-fs/usr/bin/java; fi; \
       done \
    && rm -rf /root-fs/usr/share/doc /root-fs/usr/share/man /root-fs/usr/share/lintian \
    && printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' > /root-fs/etc/passwd \
    && printf 'root:x:0:\nnonroot:x:65532:\n' > /root-fs/etc/group \
    && chmod 1777 /root-fs/tmp && chown 65532:65532 /root-fs/home/nonroot

FROM scratch
COPY --from=unpack /root-fs /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 65532
WORKDIR /home/nonroot
