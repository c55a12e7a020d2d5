# debian:*-slim: the packages of BASE without documentation and locales.
FROM ${BASE} AS full
RUN rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /usr/share/doc/* /usr/share/man/* /usr/share/info/* \
    /usr/share/locale/* /usr/share/lintian/*

FROM scratch
COPY --from=full / /
CMD ["bash"]
