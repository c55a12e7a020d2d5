FROM debian:12 AS base
FROM base AS left
RUN l
FROM base AS right
RUN r
FROM scratch
COPY --from=left /l /
COPY --from=right /r /
COPY --from=base /b /
