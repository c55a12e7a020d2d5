FROM debian:12 AS Base
FROM base AS First
RUN a
FROM BASE
RUN b
FROM scratch
COPY --from=FIRST /a /a
COPY --from=2 /b /b
COPY --from=busybox:1.36 /bin/busybox /busybox
COPY --from=9front/tool /x /x
