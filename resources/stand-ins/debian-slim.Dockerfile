# debian:bookworm-slim: the same packages without documentation and locales.
FROM debian:bookworm AS full
RUN rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /usr/share/doc/* /usr/share/man/* /usr/share/info/* \
    /usr/share/locale/* /usr/share/lintian/*

FROM scratch
COPY --from=full / /
CMD ["bash"]
